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
        let body = page.map { $0.render(values) } ?? text
        bytes.append("HTTP/1.1 \(refusal.status) \(StatusCode.phrase(refusal.status))\r\n")
        if let date {
            bytes.append("Date: ")
            bytes.append(contentsOf: date)
            bytes.append("\r\n")
        }
        if !isPersistent { bytes.append("Connection: close\r\n") }
        // Spec: RFC 9110 §11.7.1, RFC 7617 §2.1.
        if refusal.status == 407 {
            bytes.append("Proxy-Authenticate: Basic realm=\"Sallyport\", charset=\"UTF-8\"\r\n")
        }
        // Spec: RFC 9110 §11.6.1.
        if refusal.status == 401 { bytes.append("WWW-Authenticate: Basic realm=\"Sallyport\", charset=\"UTF-8\"\r\n") }
        // Spec: RFC 6585 §4.
        if refusal.status == 429 { bytes.append("Retry-After: \(refusal.login == nil ? 1 : 60)\r\n") }
        bytes.append(page == nil ? "Content-Type: text/plain; charset=utf-8\r\n" : Self.htmlFields)
        bytes.append(
            "Content-Length: \(body.utf8.count)\r\nCache-Control: no-store\r\nProxy-Status: \(proxyStatus)\r\n")
        bytes.append(isForTunnel ? "X-Request-Id: \(requestID)\r\n\r\n" : "\r\n")
        if !isHeadOnly { bytes.append(body) }
    }

    // MARK: - Private

    /// No script, no frame and nothing from elsewhere, whatever a template holds.
    private static let htmlFields = """
        Content-Type: text/html; charset=utf-8\r
        Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r
        Referrer-Policy: no-referrer\r
        X-Content-Type-Options: nosniff\r

        """

    private var denial: Policy.Verdict? {
        verdict.flatMap { $0.isAllowed ? nil : $0 }
    }

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

    /// What a person reads in a terminal.
    private var text: String {
        var lines = "\(refusal.explanation)\n"
        if !destination.isEmpty { lines += "Destination: \(destination)\n" }
        if let denial {
            lines += "Rule: \(denial.id.map { "\($0), " } ?? "")\(denial.rule)\n"
            if let entry = denial.entry { lines += "List entry: \(entry)\n" }
        }
        return lines + "Request: \(requestID)\nIn the log: sallyport log tail --id \(requestID)\n"
    }

    private var proxyStatus: String {
        let field = "sallyport; error=\(refusal.outcome.rawValue)"
        guard let denial else { return field }
        return field + "; details=\"\(Self.quotable(denial.id ?? denial.rule))\""
    }

    /// What a quoted string of a structured field can hold. Spec: RFC 9651 §3.3.3.
    private static func quotable(_ text: String) -> String {
        String(
            text.filter { character in
                guard let ascii = character.asciiValue else { return false }
                return ascii >= 0x20 && ascii != 0x7f && character != "\"" && character != "\\"
            })
    }
}

extension [UInt8] {
    /// Appends a text's bytes.
    mutating func append(_ text: String) {
        append(contentsOf: text.utf8)
    }
}
