import Wire

/// An answer to a request for the proxy itself: one of its pages, `OPTIONS *`, or the last hop of a `Max-Forwards`.
///
/// Such a request is never forwarded.
struct OwnPage {
    let status: UInt16
    private let fields: String
    private let body: [UInt8]

    /// What is asked for, for `visit`.
    ///
    /// Nothing is changed by whatever is asked for here: other methods than GET have nothing to do.
    init(_ request: OwnRequest, _ visit: Visit) {
        switch request.method {
        case .options: self.init(status: 200, fields: Self.allow)
        case .get, .head: self.init(request.page, request.query, visit)
        default: self.init(status: 405, fields: Self.allow + Self.plain, body: "GET is served here.\n")
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
        self.init(status: 200, fields: "Content-Type: message/http\r\nCache-Control: no-store\r\n", bytes: echo)
    }

    func append(isPersistent: Bool, isHeadOnly: Bool, date: [UInt8], to bytes: inout [UInt8]) {
        bytes.append("HTTP/1.1 \(status) \(StatusCode.phrase(status))\r\nDate: ")
        bytes.append(contentsOf: date)
        bytes.append("\r\n\(fields)Content-Length: \(body.count)\r\n")
        bytes.append("Proxy-Status: sallyport; error=proxy_internal_response\r\n")
        bytes.append(Self.guards)
        bytes.append(isPersistent ? "\r\n" : "Connection: close\r\n\r\n")
        if !isHeadOnly { bytes.append(contentsOf: body) }
    }

    // MARK: - Private

    private init(_ page: OwnRequest.Page, _ query: [UInt8], _ visit: Visit) {
        switch page {
        case .front: self.init(PageFrame.page("This works", at: "/", FrontPage.body(visit), visit))
        case .blocked: self.init(PageFrame.page("Blocked for you", at: "/blocked", BlockedPage.body(visit), visit))
        case .why:
            let why = WhyPage(visit, query)
            self.init(PageFrame.page("Why?", at: "/why", why.body, visit), status: why.status)
        case .setup: self.init(PageFrame.page("Set up", at: "/setup", SetupPage.body(visit), visit))
        case .automaticConfiguration:
            self.init(
                status: 200,
                fields: "Content-Type: \(AutomaticConfiguration.mediaType)\r\nCache-Control: max-age=300\r\n",
                body: visit.settings.automatic.script(for: visit.proxy))
        case .style:
            self.init(
                status: 200, fields: "Content-Type: text/css; charset=utf-8\r\nCache-Control: max-age=3600\r\n",
                body: PageFrame.style)
        case .none:
            let body: HTML = "<p>This is a proxy's own address. It has the pages named above, and no others.</p>"
            self.init(PageFrame.page("Nothing is here", body, visit), status: 404)
        }
    }

    private init(_ page: HTML, status: UInt16 = 200) {
        self.init(
            status: status, fields: "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n",
            body: page.text)
    }

    private init(status: UInt16, fields: String, body: String = "") {
        self.init(status: status, fields: fields, bytes: Array(body.utf8))
    }

    private init(status: UInt16, fields: String, bytes: [UInt8]) {
        self.status = status
        self.fields = fields
        body = bytes
    }

    private static let allow = "Allow: GET, HEAD, OPTIONS, CONNECT\r\nCache-Control: no-store\r\n"
    private static let plain = "Content-Type: text/plain; charset=utf-8\r\n"

    /// No script, nothing from elsewhere, no frame around it, and nothing that another site could make use of.
    private static let guards = """
        Content-Security-Policy: default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; \
        frame-ancestors 'none'\r
        X-Content-Type-Options: nosniff\r
        X-Frame-Options: DENY\r
        Referrer-Policy: no-referrer\r
        Cross-Origin-Resource-Policy: same-origin\r
        Cross-Origin-Opener-Policy: same-origin\r

        """

    private static func isHarmless(_ field: HTTP1.KnownField, _ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        switch field {
        case .authorization, .proxyAuthorization: false
        default: !name.lazy.map { $0 | 0x20 }.elementsEqual("cookie".utf8)
        }
    }
}
