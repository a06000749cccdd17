import Policy

/// An HTTP answer of the proxy's own that says why a request goes no further. The connection closes after it.
///
/// Spec: RFC 9110 §15 (status), RFC 9209 (`Proxy-Status`).
struct ErrorAnswer {
    private let refusal: Refusal
    private let verdict: Policy.Verdict?
    private let requestID: String

    /// - Parameter verdict: what the policy said, if it was asked; shown when it denies.
    init(_ refusal: Refusal, verdict: Policy.Verdict?, requestID: String) {
        self.refusal = refusal
        self.verdict = verdict.flatMap { $0.isAllowed ? nil : $0 }
        self.requestID = requestID
    }

    func append(to bytes: inout [UInt8]) {
        let body = self.body
        bytes.append(
            contentsOf: """
                HTTP/1.1 \(refusal.status) \(Self.reasonPhrase(refusal.status))\r
                Connection: close\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: \(body.utf8.count)\r
                Cache-Control: no-store\r
                Proxy-Status: \(proxyStatus)\r
                \r

                """.utf8)
        bytes.append(contentsOf: body.utf8)
    }

    // MARK: - Private

    /// What a person reads. Nothing of it is copied from the request.
    private var body: String {
        var lines = "\(refusal.explanation)\n"
        if let verdict {
            lines += "Rule: \(verdict.rule)\n"
            if let entry = verdict.entry { lines += "List entry: \(entry)\n" }
        }
        return lines + "Request: \(requestID)\n"
    }

    private var proxyStatus: String {
        let field = "sallyport; error=\(refusal.outcome.rawValue)"
        guard let verdict else { return field }
        return field + "; details=\"\(Self.quotable(verdict.id ?? verdict.rule))\""
    }

    /// What a quoted string of a structured field can hold. Spec: RFC 9651 §3.3.3.
    private static func quotable(_ text: String) -> String {
        String(text.filter { $0.isASCII && !$0.isNewline && $0 >= " " && $0 != "\u{7f}" && $0 != "\"" && $0 != "\\" })
    }

    private static func reasonPhrase(_ status: UInt16) -> String {
        switch status {
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 408: "Request Timeout"
        case 414: "URI Too Long"
        case 417: "Expectation Failed"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Error"
        }
    }
}
