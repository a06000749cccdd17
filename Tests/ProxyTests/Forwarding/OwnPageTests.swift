import Testing
import Wire

@testable import Proxy

@Suite("A request for the proxy itself")
struct OwnPageTests {
    private func answer(_ request: String, isFinalRecipient: Bool = false) throws -> (head: String, body: String) {
        var head = HTTP1.RequestHead()
        let bytes = Array(request.utf8)
        try head.parse(bytes.span)
        let page =
            isFinalRecipient
            ? bytes.withUnsafeBufferPointer { OwnPage(finalRecipientOf: head, $0) } : OwnPage(head, bytes.span)
        var out: [UInt8] = []
        page.append(isPersistent: true, isHeadOnly: head.method == .head, date: Array("now".utf8), to: &out)
        let parts = String(decoding: out, as: UTF8.self).split(separator: "\r\n\r\n", maxSplits: 1)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }

    @Test("The front page says what this is")
    func front() throws {
        let (head, body) = try answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(
            head == """
                HTTP/1.1 200 OK\r
                Date: now\r
                Cache-Control: no-store\r
                Content-Type: text/html; charset=utf-8\r
                Content-Length: \(body.utf8.count)\r
                Proxy-Status: sallyport; error=proxy_internal_response\r
                Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'
                """)
        #expect(body.contains("<title>This is Sallyport, a proxy</title>"))
        let (headOnly, none) = try answer("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(headOnly == head && none == "")
    }

    @Test(
        "Whatever else is asked for is not here",
        arguments: [
            ("GET /x HTTP/1.1", "404 Not Found"), ("GET /?q HTTP/1.1", "404 Not Found"),
            ("HEAD //a/ HTTP/1.0", "404 Not Found"),
            ("POST / HTTP/1.1", "405 Method Not Allowed"), ("TRACE / HTTP/1.1", "405 Method Not Allowed"),
            ("BREW / HTTP/1.1", "405 Method Not Allowed"), ("OPTIONS * HTTP/1.1", "200 OK"),
            ("OPTIONS / HTTP/1.1", "200 OK"),
        ])
    func other(line: String, status: String) throws {
        let (head, body) = try answer("\(line)\r\nHost: x\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 \(status)\r\n"))
        if status.hasPrefix("405") || line.hasPrefix("OPTIONS") {
            #expect(head.contains("\r\nAllow: GET, HEAD, OPTIONS, CONNECT\r\n"))
        }
        if line.hasPrefix("OPTIONS") { #expect(body == "" && head.contains("\r\nContent-Length: 0\r\n")) }
    }

    @Test("TRACE at its last hop gets the request back as it came, without what is secret")
    func trace() throws {
        let (head, body) = try answer(
            """
            TRACE http://a/b?c HTTP/1.1\r
            Host: a\r
            Max-Forwards: 0\r
            COOKIE: s=1\r
            Authorization: Basic eDp5\r
            Proxy-Authorization: Basic eDp5\r
            x-Odd:   kept\r
            \r

            """, isFinalRecipient: true)
        #expect(head.contains("\r\nContent-Type: message/http\r\n"))
        #expect(body == "TRACE http://a/b?c HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\nx-Odd: kept\r\n\r\n")
    }

    @Test("OPTIONS at its last hop is told what the proxy does")
    func options() throws {
        let (head, body) = try answer(
            "OPTIONS http://a HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n", isFinalRecipient: true)
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(head.contains("\r\nAllow: GET, HEAD, OPTIONS, CONNECT\r\n"))
        #expect(body == "")
    }
}
