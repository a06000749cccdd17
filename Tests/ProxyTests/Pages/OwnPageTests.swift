import Testing
import Wire

@testable import Proxy

@Suite("A question about the way that ends at the proxy")
struct OwnPageTests {
    private func answer(_ request: String) throws -> (head: String, body: String) {
        var head = HTTP1.RequestHead()
        let bytes = Array(request.utf8)
        try head.parse(bytes.span)
        let page = bytes.withUnsafeBufferPointer { OwnPage(finalRecipientOf: head, $0) }
        var out: [UInt8] = []
        page.append(isPersistent: true, isHeadOnly: head.method == .head, date: Array("now".utf8), to: &out)
        let parts = String(decoding: out, as: UTF8.self).split(separator: "\r\n\r\n", maxSplits: 1)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
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

            """)
        #expect(head.contains("\r\nContent-Type: message/http\r\n"))
        #expect(body == "TRACE http://a/b?c HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\nx-Odd: kept\r\n\r\n")
    }

    @Test("OPTIONS at its last hop is told what the proxy does")
    func options() throws {
        let (head, body) = try answer("OPTIONS http://a HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(head.contains("\r\nAllow: GET, HEAD, OPTIONS, CONNECT\r\n"))
        #expect(body == "")
    }
}
