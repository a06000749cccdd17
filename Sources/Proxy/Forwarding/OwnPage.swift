import Wire

/// An answer to a request for the proxy itself: in origin-form, `OPTIONS *`, or the last hop of a `Max-Forwards`.
///
/// Such a request is never forwarded, whatever its Host field says.
struct OwnPage {
    let status: UInt16
    private let fields: String
    private let body: [UInt8]

    /// A request in origin-form or asterisk-form.
    init(_ head: HTTP1.RequestHead, _ bytes: Span<UInt8>) {
        switch head.method {
        case .options: self.init(status: 200, fields: Self.allow)
        case .get, .head:
            let isFront = head.target.path.count == 1
            self.init(
                status: isFront ? 200 : 404, fields: "Content-Type: text/html; charset=utf-8\r\n",
                body: isFront ? Self.front : Self.notFound)
        default:
            self.init(status: 405, fields: Self.allow + "Content-Type: text/plain\r\n", body: "GET is served here.\n")
        }
    }

    /// TRACE or OPTIONS whose `Max-Forwards` has run out: the proxy answers in place of the origin.
    ///
    /// Spec: RFC 9110 §7.6.2 and §9.3.8: TRACE gets the request back, without what is secret.
    init(finalRecipientOf head: HTTP1.RequestHead, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard head.method == .trace else {
            self.init(status: 200, fields: Self.allow)
            return
        }
        var echo = Array(bytes[..<(head.fields.first?.name.lowerBound ?? head.length - 2)])
        for field in head.fields where Self.isHarmless(field.known, bytes[field.name]) {
            echo.append(contentsOf: bytes[field.name])
            echo.append(": ")
            echo.append(contentsOf: bytes[field.value])
            echo.append("\r\n")
        }
        echo.append("\r\n")
        self.init(status: 200, fields: "Content-Type: message/http\r\n", bytes: echo)
    }

    func append(isPersistent: Bool, isHeadOnly: Bool, date: [UInt8], to bytes: inout [UInt8]) {
        bytes.append("HTTP/1.1 \(status) \(StatusCode.phrase(status))\r\nDate: ")
        bytes.append(contentsOf: date)
        bytes.append("\r\nCache-Control: no-store\r\n\(fields)Content-Length: \(body.count)\r\n")
        bytes.append("Proxy-Status: sallyport; error=proxy_internal_response\r\n")
        bytes.append("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n")
        bytes.append(isPersistent ? "\r\n" : "Connection: close\r\n\r\n")
        if !isHeadOnly { bytes.append(contentsOf: body) }
    }

    // MARK: - Private

    private init(status: UInt16, fields: String, body: String = "") {
        self.init(status: status, fields: fields, bytes: Array(body.utf8))
    }

    private init(status: UInt16, fields: String, bytes: [UInt8]) {
        self.status = status
        self.fields = fields
        body = bytes
    }

    private static let allow = "Allow: GET, HEAD, OPTIONS, CONNECT\r\n"

    private static func isHarmless(_ field: HTTP1.KnownField, _ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        switch field {
        case .authorization, .proxyAuthorization: false
        default: !name.lazy.map { $0 | 0x20 }.elementsEqual("cookie".utf8)
        }
    }

    private static let front = page(
        "This is Sallyport, a proxy",
        """
        <p>It works: you have reached it. It is not a website but the way to others: set it as the HTTP or SOCKS5 proxy of
        your browser or system, with the address and port that you see in the address bar.</p>
        """)

    private static let notFound = page(
        "Nothing is here", "<p>This is a proxy's own address; it has but one page, at /.</p>")

    private static func page(_ title: String, _ body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)</title>
        <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 10vh auto; padding: 0 1.25rem }</style>
        </head>
        <body><main><h1>\(title)</h1>
        \(body)
        </main></body>
        </html>

        """
    }
}
