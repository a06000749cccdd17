import Policy

/// An HTTP answer of the proxy's own that says why a request goes no further.
///
/// Spec: RFC 9110 §15 (status), RFC 9209 (`Proxy-Status`).
struct ErrorAnswer {
    let refusal: Refusal
    /// What the policy said, if it was asked.
    let verdict: Policy.Verdict?
    let requestID: String
    /// Where the request wanted to go, in normal form; empty when that is unknown.
    var destination = ""
    /// The same as an address with its scheme.
    var address = ""
    /// Whether a tunnel was asked for: programs then mostly show fields, if anything.
    var isForTunnel = false
    /// The page for a browser; nil makes it plain text.
    var page: AnswerPage?
    /// Whether the client may send another request on its connection.
    var isPersistent = false
    /// Whether the client asked for the head alone.
    var isHeadOnly = false
    /// The value of the `Date` field; nil leaves it out.
    var date: [UInt8]?

    func append(to bytes: inout [UInt8]) {
        let body = page.map { Array($0.render(values).utf8) } ?? text
        BoundedText.append(to: &bytes, atMost: Self.fixedRoom + variableRoom) { putHead(bodyCount: body.count, &$0) }
        if !isHeadOnly { bytes.append(contentsOf: body) }
    }

    // MARK: - Private

    /// No script, no frame and nothing from elsewhere, whatever a template holds.
    private static let htmlFields: StaticString = """
        \r
        Content-Type: text/html; charset=utf-8\r
        Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r
        Referrer-Policy: no-referrer\r
        X-Content-Type-Options: nosniff
        """

    /// Enough for what all answers say in the same words, in the head as in the text.
    private static let fixedRoom = 1024

    /// Enough for what an answer says in words that others chose.
    private var variableRoom: Int {
        var room = refusal.explanation.utf8.count + destination.utf8.count + 2 * requestID.utf8.count
        room += date?.count ?? 0
        guard let verdict else { return room }
        return room + verdict.rule.utf8.count + (verdict.id?.utf8.count ?? 0) + (verdict.entry?.utf8.count ?? 0)
    }

    private var isDenial: Bool { verdict?.isAllowed == false }

    private func putHead(bodyCount: Int, _ out: inout BoundedText) {
        out.put("HTTP/1.1 ")
        out.put(decimal: Int(refusal.status))
        out.put(" ")
        out.put(text: StatusCode.phrase(refusal.status))
        if let date {
            out.put("\r\nDate: ")
            date.withUnsafeBufferPointer { out.put($0) }
        }
        if !isPersistent { out.put("\r\nConnection: close") }
        putFieldsOfStatus(&out)
        out.put(page == nil ? "\r\nContent-Type: text/plain; charset=utf-8" : Self.htmlFields)
        out.put("\r\nContent-Length: ")
        out.put(decimal: bodyCount)
        out.put("\r\nCache-Control: no-store")
        putProxyStatus(&out)
        if isForTunnel {
            out.put("\r\nX-Request-Id: ")
            out.put(text: requestID)
        }
        out.put("\r\n\r\n")
    }

    private func putFieldsOfStatus(_ out: inout BoundedText) {
        switch refusal.status {
        // Spec: RFC 9110 §11.7.1, RFC 7617 §2.1.
        case 407: out.put("\r\nProxy-Authenticate: Basic realm=\"Sallyport\", charset=\"UTF-8\"")
        // Spec: RFC 9110 §11.6.1.
        case 401: out.put("\r\nWWW-Authenticate: Basic realm=\"Sallyport\", charset=\"UTF-8\"")
        // Spec: RFC 6585 §4.
        case 429: out.put(refusal.login == nil ? "\r\nRetry-After: 1" : "\r\nRetry-After: 60")
        default: break
        }
    }

    private func putProxyStatus(_ out: inout BoundedText) {
        out.put("\r\nProxy-Status: sallyport; error=")
        out.put(text: refusal.outcome.rawValue)
        guard isDenial, let verdict else { return }
        out.put("; details=\"")
        Self.put(quotable: verdict.id ?? verdict.rule, &out)
        out.put("\"")
    }

    /// What a quoted string of a structured field can hold. Spec: RFC 9651 §3.3.3.
    private static func put(quotable text: String, _ out: inout BoundedText) {
        for byte in text.utf8
        where (0x20..<0x7f).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
            out.put(byte)
        }
    }

    /// What a person reads in a terminal.
    private var text: [UInt8] {
        var bytes: [UInt8] = []
        BoundedText.append(to: &bytes, atMost: Self.fixedRoom + variableRoom) { putText(&$0) }
        return bytes
    }

    private func putText(_ out: inout BoundedText) {
        out.put(text: refusal.explanation)
        if !destination.isEmpty {
            out.put("\nDestination: ")
            out.put(text: destination)
        }
        if isDenial, let verdict {
            out.put("\nRule: ")
            if let id = verdict.id {
                out.put(text: id)
                out.put(", ")
            }
            out.put(text: verdict.rule)
            if let entry = verdict.entry {
                out.put("\nList entry: ")
                out.put(text: entry)
            }
        }
        out.put("\nRequest: ")
        out.put(text: requestID)
        out.put("\nIn the log: sallyport log tail --id ")
        out.put(text: requestID)
        out.put("\n")
    }

    private var denial: Policy.Verdict? { isDenial ? verdict : nil }

    private var values: [String: String] {
        [
            "status": String(refusal.status), "title": title, "message": refusal.explanation, "host": destination,
            "rule": denial.map { $0.id ?? $0.rule } ?? "", "entry": denial?.entry ?? "", "reason": denial?.reason ?? "",
            "request": requestID, "url": Query.encoded(address),
        ]
    }

    private var title: String {
        if denial != nil { return "This address is blocked" }
        if refusal.login != nil, refusal.status < 429 { return "This proxy asks who you are" }
        return switch refusal.outcome {
        case .dnsError: "This site can't be found"
        case .dnsTimeout, .connectionTimeout, .httpResponseTimeout, .connectionReadTimeout: "This site does not answer"
        case .connectionRefused: "This site refuses the connection"
        case .destinationIPUnroutable: "There is no way to this site"
        case .destinationIPProhibited: "This address is blocked"
        case .connectionLimitReached: "This proxy is busy"
        case .httpRequestError: "The request can't be understood"
        default: StatusCode.phrase(refusal.status)
        }
    }
}

extension [UInt8] {
    /// Appends a text's bytes.
    mutating func append(_ text: String) {
        append(contentsOf: text.utf8)
    }
}
