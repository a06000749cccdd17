import AccessLog
import Addressing
import Testing

@testable import Proxy

@Suite("Negotiation over HTTP")
struct HTTPNegotiationTests {
    @Test("CONNECT names the authority, and what follows the head is the tunnel's")
    func connect() {
        let table: [(target: String, authority: String, host: String, raw: String)] = [
            ("a.example:443", "a.example:443", "a.example", ""), ("192.0.2.1:1", "192.0.2.1:1", "192.0.2.1", ""),
            ("[2001:db8::1]:443", "[2001:db8::1]:443", "2001:db8::1", ""),
            ("A.EXAMPLE.:443", "a.example:443", "a.example", "A.EXAMPLE."),
            ("[2001:DB8::1]:443", "[2001:db8::1]:443", "2001:db8::1", "2001:DB8::1"),
            ("[::ffff:192.0.2.1]:80", "192.0.2.1:80", "192.0.2.1", "::ffff:192.0.2.1"),
        ]
        for (target, authority, host, raw) in table {
            for version in ["1.0", "1.1"] {
                let head = "CONNECT \(target) HTTP/\(version)\r\nHost: \(target)\r\n\r\n"
                Conversation.expect(
                    Array(head.utf8), .request(authority, rest: []), answer: [], host: host, rawHost: Array(raw.utf8))
            }
        }
    }

    @Test("Any other method is handed on with nothing consumed, and nothing is said")
    func forward() {
        for head in [
            "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n",
            "POST http://a.example:8080/x HTTP/1.1\r\nHost: a.example:8080\r\nContent-Length: 3\r\n\r\n",
        ] {
            let host = Conversation([Array(head.utf8)[...]]).host
            #expect(host == "a.example")
            Conversation.expect(Array(head.utf8), .forward, answer: [], host: host)
        }
        Conversation.expect(Array("OPTIONS * HTTP/1.1\r\nHost: p\r\n\r\n".utf8), .forward, answer: [], host: "p")
    }

    @Test("A head that is malformed gets the status of its fault")
    func malformed() {
        let table: [(head: String, status: UInt16, raw: String)] = [
            ("CONNECT a.example HTTP/1.1\r\nHost: a\r\n\r\n", 400, "a.example"),
            ("CONNECT a.example:0 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "a.example:0"),
            ("CONNECT 127.1:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "127.1:80"),
            ("CONNECT 0.0.0.0:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "0.0.0.0:80"),
            ("CONNECT u@a.example:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "u@a.example:80"),
            ("CONNECT a:80 HTTP/1.1\r\n\r\n", 400, "a:80"),
            ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "a:80"),
            ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "a:80"),
            ("GET\r\n", 400, ""), ("GET /\n", 400, "/"), ("G@T ", 400, ""),
            ("GET http://a b/\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http://a b/\u{e9}"),
            ("GET http://a/ FTP/1.1\r\nHost: a\r\n\r\n", 400, "http://a/ FTP/1.1"),
            ("CONNECT a:80 HTTP/3.0\r\nHost: a\r\n\r\n", 505, "a:80"),
            ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417, "a:80"),
        ]
        for (head, status, raw) in table {
            let conversation = Conversation([Array(head.utf8)[...]])
            #expect(conversation.result == .refused(.httpRequestError, told: status), "\(head)")
            Conversation.expect(
                Array(head.utf8), .refused(.httpRequestError, told: status), rawHost: Array(raw.utf8))
            #expect(conversation.answer.starts(with: "HTTP/1.1 \(status) ".utf8))
        }
    }

    @Test("Of a target that is too long the record has as much as a target may have")
    func longTarget() {
        let head = Array("CONNECT \(String(repeating: "a", count: 17_000))".utf8)
        for cut in [head.count, 1, 16_384, 16_385] {
            let conversation = Conversation([head[..<cut], head[cut...]])
            #expect(conversation.result == .refused(.httpRequestError, told: 414), "\(cut)")
            #expect(conversation.rawHost == [UInt8](repeating: UInt8(ascii: "a"), count: 16_376), "\(cut)")
        }
    }

    @Test("A head's answer says in words what is wrong, and under which request")
    func answer() {
        let conversation = Conversation([Array("CONNECT a.example HTTP/1.1\r\nHost: a\r\n\r\n".utf8)[...]])
        let body =
            "The request is malformed: in the request target the port is missing.\nRequest: id\n"
            + "In the log: sallyport log tail --id id\n"
        #expect(
            String(decoding: conversation.answer, as: UTF8.self) == """
                HTTP/1.1 400 Bad Request\r
                Connection: close\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: \(body.utf8.count)\r
                Cache-Control: no-store\r
                Proxy-Status: sallyport; error=http_request_error\r
                \r
                \(body)
                """)
    }
}
