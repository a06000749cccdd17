import Testing

@testable import Proxy

@Suite("An origin that answers badly")
struct HostileOriginTests {
    /// What the origin says, and the token that the client and the log get.
    typealias Fault = (answer: String, token: String)

    private static let protocolError = "http_protocol_error"
    private static let coding = "http_response_transfer_coding"

    static let framing: [Fault] = [
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", protocolError),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5", protocolError),
        ("Content-Length: 5\r\nContent-Length: 5", protocolError),
        ("Content-Length: 5\r\nContent-Length: 6", protocolError), ("Content-Length: 5, 5", protocolError),
        ("Content-Length: +5", protocolError), ("Content-Length: 0x5", protocolError),
        ("Content-Length: 5 5", protocolError), ("Content-Length: -5", protocolError),
        ("Content-Length:", protocolError), ("Content-Length: 18446744073709551621", protocolError),
        ("Content-Length : 5", protocolError), ("Content-Length:\r\n 5", protocolError),
        ("Transfer-Encoding: xchunked", coding), ("Transfer-Encoding: gzip, chunked", coding),
        ("Transfer-Encoding: chunked, chunked", coding), ("Transfer-Encoding: chunked, identity", coding),
        ("Transfer-Encoding: identity", coding), ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", coding),
        ("X: \u{0}", protocolError), ("X: a\rb", protocolError), ("X: a\nb", protocolError),
        ("X y", protocolError), (": y", protocolError), ("Connection: content-length", protocolError),
        (Array(repeating: "X: y", count: 101).joined(separator: "\r\n"), "http_response_header_section_size"),
        ("X: " + String(repeating: "a", count: 33 * 1024), "http_response_header_size"),
        (
            Array(repeating: "X: " + String(repeating: "a", count: 8000), count: 9).joined(separator: "\r\n"),
            "http_response_header_section_size"
        ),
    ].map { ("HTTP/1.1 200 OK\r\n\($0.0)\r\n\r\nhello", $0.1) }

    static let lines: [Fault] = [
        "HTTP/1.1 200 OK\n\n", "\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\rX: y\r\n\r\n", "ICY 200 OK\r\n\r\n",
        "200 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 600 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 O\u{0}K\r\n\r\n", "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
        "220 mail ESMTP\r\n", "<html>\n", "HTTP/1.1 " + String(repeating: "2", count: 17 * 1024),
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\nContent-Length: 1\r\n\r\n",
    ].map { ($0, protocolError) }

    @Test(
        "A head that two readers could understand differently becomes 502, and nothing of it reaches the client",
        arguments: framing + lines)
    func head(fault: Fault) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        // The proxy may have closed before all of it is sent.
        let sending = Background { try? origin.send(fault.answer) }
        if fault.answer.hasPrefix("HTTP/1.1 100 ") { try client.expect("HTTP/1.1 100 Continue\r\n\r\n") }
        let (head, body) = try client.receiveMessage()
        #expect(
            head == """
                HTTP/1.1 502 Bad Gateway\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: \(body.utf8.count)\r
                Cache-Control: no-store\r
                Proxy-Status: sallyport; error=\(fault.token)\r
                \r

                """)
        #expect(body.hasPrefix("The destination's answer is no proper HTTP: "))
        try sending.wait()
        #expect(try origin.end() == .reset)
        // The client's connection is as good as before, the origin's is not used again.
        try rig.exchange(client)
        let records = try rig.finish()
        #expect(records.map(\.ending) == ["\(fault.token) origin relay", "ok origin relay"])
        #expect(records.first?.status == 502 && records.first?.originStatus == nil)
    }

    @Test("A chunked answer of an HTTP/1.0 origin is none")
    func oldChunks() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        try origin.send("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        #expect(try client.receiveMessage().head.contains("; error=http_response_transfer_coding\r\n"))
        try rig.finish()
    }

    @Test(
        "An end before the head is whole becomes 502, and the request is not sent again",
        arguments: ["", "H", "HTTP/1.1 200 OK\r\nX: y\r\n"], [Connection.End.fin, .reset])
    func cutHead(answer: String, end: Connection.End) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        try origin.send(answer)
        if end == .reset {
            // So that the bytes are not destroyed by the reset before they are read.
            _ = try rig.proxy.server.registrations()
            origin.reset()
        } else {
            origin.close()
        }
        let token = answer.isEmpty ? "connection_terminated" : "http_response_incomplete"
        let head = try client.receiveMessage().head
        #expect(head.status == 502 && head.contains("Proxy-Status: sallyport; error=\(token)\r\n"))
        let errno = end == .reset ? " ECONNRESET" : ""
        #expect(try rig.finish().map(\.ending) == ["\(token) origin relay\(errno)"])
        #expect(!rig.origin.isAsked)
    }

    // MARK: - Bodies

    /// An answer that is not whole, in two parts: the second comes when the client has got the first.
    struct Cut: Sendable, CustomTestStringConvertible {
        let head: String
        let first: String
        var second = ""
        var outcome = "http_response_incomplete"

        var testDescription: String { "\(head) \(first) \(second)".debugDescription }
    }

    private static let length = "Content-Length: 10\r\n"
    private static let chunked = "Transfer-Encoding: chunked\r\n"

    static let cuts: [Cut] = [
        Cut(head: length, first: ""), Cut(head: length, first: "123456789"), Cut(head: chunked, first: ""),
        Cut(head: chunked, first: "5"), Cut(head: chunked, first: "5\r\n"), Cut(head: chunked, first: "5\r\nhel"),
        Cut(head: chunked, first: "5\r\nhello"), Cut(head: chunked, first: "5\r\nhello\r"),
        Cut(head: chunked, first: "5\r\nhello\r\n"), Cut(head: chunked, first: "5\r\nhello\r\n0"),
        Cut(head: chunked, first: "5\r\nhello\r\n0\r\n"), Cut(head: chunked, first: "5\r\nhello\r\n0\r\nX: y\r\n"),
        Cut(head: chunked, first: "5\r\nhello\r\n0\r\n\r"),
    ]

    private static func broken(_ second: String, _ outcome: String = coding) -> Cut {
        Cut(head: chunked, first: "5\r\nhello\r\n", second: second, outcome: outcome)
    }

    static let brokenChunks: [Cut] = [
        broken("FFFFFFFFFFFFFFFF\r\n"), broken("8000000000000000\r\n"), broken("00000000000000001\r\na\r\n"),
        broken("zz\r\n"), broken("-1\r\n"), broken("0x1\r\na\r\n"), broken("1 1\r\n"), broken("\r\n"),
        broken("1\r\nab\r\n"), broken("1;\u{0}\r\n"), broken("1;" + String(repeating: "a", count: 300)),
        broken("1\na\n0\n\n", protocolError), broken("0\r\nContent-Length: 5\r\n\r\n", protocolError),
        broken("0\r\nX : y\r\n\r\n", protocolError), broken("0\r\n\n", protocolError),
        broken("0\r\nX: " + String(repeating: "a", count: 9000), "http_response_trailer_section_size"),
    ]

    @Test(
        "An answer that is not whole makes the client see a broken one, never a clean end",
        arguments: cuts + brokenChunks, [Connection.End.fin, .reset])
    func cutBody(cut: Cut, end: Connection.End) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get + ForwardingRig.get)
        try origin.send("HTTP/1.1 200 OK\r\nDate: now\r\n\(cut.head)\r\n\(cut.first)")
        try client.expect("HTTP/1.1 200 OK\r\nDate: now\r\n\(cut.head)\r\n\(cut.first)")
        if !cut.second.isEmpty {
            try origin.send(cut.second)
            #expect(try origin.end() == .reset)
        } else if end == .fin {
            origin.close()
        } else {
            origin.reset()
        }
        try client.expect("", then: .reset)
        // What was pipelined behind it is not answered as if nothing had happened.
        let records = try rig.finish()
        let errno = cut.second.isEmpty && end == .reset ? " ECONNRESET" : ""
        #expect(records.map(\.ending) == ["\(cut.outcome) origin relay\(errno)"])
        #expect(records.first?.status == 200 && records.first?.down == cut.first.utf8.count)
        #expect(!rig.origin.isAsked)
    }

    @Test(
        "A client that can't see chunks end, or a length, sees a reset instead of a short answer",
        arguments: [
            ("1.0", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n", "hello", Connection.End.fin),
            ("1.0", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n", "hello", .fin),
            ("1.0", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n", "hello", .reset),
            ("1.1", "", "hello", "hello", .reset), ("1.0", "", "hello", "hello", .reset),
        ])
    func endsByClosing(
        version: String, framing: String, body: String, arrives: String, end: Connection.End
    ) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin("GET http://{origin}/ HTTP/\(version)\r\nHost: x\r\n\r\n")
        try origin.send("HTTP/1.1 200 OK\r\nDate: now\r\n\(framing)\r\n\(body)")
        try client.expect("HTTP/1.1 200 OK\r\nDate: now\r\nConnection: close\r\n\r\n\(arrives)")
        if end == .fin { origin.close() } else { origin.reset() }
        try client.expect("", then: .reset)
        #expect(try rig.finish().first?.outcome == "http_response_incomplete")
    }

    @Test("A large answer that ends early is broken off too", arguments: [true, false])
    func cutBulk(isChunked: Bool) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        let framing = isChunked ? "Transfer-Encoding: chunked\r\n\r\nF4240\r\n" : "Content-Length: 1000000\r\n\r\n"
        let body = String(repeating: "0123456789", count: 60_000)
        let sending = Background {
            try origin.send("HTTP/1.1 200 OK\r\nDate: now\r\n\(framing)\(body)")
            origin.close()
        }
        // A reset doesn't wait for what the client's kernel has not taken yet.
        let (bytes, end) = try client.receiveToEnd()
        #expect(end == .reset)
        #expect("HTTP/1.1 200 OK\r\nDate: now\r\n\(framing)\(body)".utf8.starts(with: bytes))
        try sending.wait()
        #expect(try rig.finish().map(\.ending) == ["http_response_incomplete origin relay"])
    }
}
