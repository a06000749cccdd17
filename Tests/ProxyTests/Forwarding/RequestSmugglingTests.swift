import Testing

@testable import Proxy

@Suite("A request that two readers could understand differently")
struct RequestSmugglingTests {
    /// What an attacker puts behind a request of doubtful length, to be taken for another one.
    private static let smuggled = "GET http://{origin}/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

    /// A head, and the status that it gets.
    typealias Fault = (head: String, status: Int)

    private static func framed(_ fields: String, _ status: Int = 400) -> Fault {
        ("POST http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\n\(fields)\r\n\r\n", status)
    }

    static let lengths: [Fault] = [
        framed("Content-Length: 6\r\nTransfer-Encoding: chunked"),
        framed("Transfer-Encoding: chunked\r\nContent-Length: 6"),
        framed("Content-Length: 6\r\nContent-Length: 6"), framed("Content-Length: 6\r\ncontent-length: 0"),
        framed("Content-Length: 6, 6"), framed("Content-Length: 0,6"), framed("Content-Length: +6"),
        framed("Content-Length: -6"), framed("Content-Length: 0x6"), framed("Content-Length: 6 6"),
        framed("Content-Length: 6;"), framed("Content-Length: \"6\""), framed("Content-Length: 6.0"),
        framed("Content-Length:"), framed("Content-Length: 18446744073709551622"),
        framed("Content-Length: 9223372036854775808"), framed("Content-Length : 6"), framed("Content-Length\t: 6"),
        framed("X: y\r\n Content-Length: 6"), framed(" Content-Length: 6"), framed("Content-Length:\r\n 6"),
        framed("Content-Length: 6\u{0}"), framed("Content-Length: 6\u{b}"), framed("Content-Length: 6\r"),
        framed("Content-Length: 6\rX: y"), framed("X: y\nContent-Length: 6"), framed("Connection: content-length"),
    ]

    static let codings: [Fault] = [
        framed("Transfer-Encoding: xchunked"), framed("Transfer-Encoding: identity"),
        framed("Transfer-Encoding: chunked, identity"), framed("Transfer-Encoding: chunked;q=1"),
        framed("Transfer-Encoding: \"chunked\""), framed("Transfer-Encoding: 'chunked'"),
        framed("Transfer-Encoding: chunked x"), framed("Transfer-Encoding: chunked,"), framed("Transfer-Encoding:"),
        framed("Transfer-Encoding: chunked, chunked", 501), framed("Transfer-Encoding: identity, chunked", 501),
        framed("Transfer-Encoding: ,chunked", 501), framed("Transfer-Encoding: gzip, chunked", 501),
        framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        framed("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"),
        framed("Transfer-Encoding : chunked"), framed("Transfer-Encoding:\u{b}chunked"),
        framed("Transfer-Encoding:\r\n chunked"), framed("Transfer-Encoding: chunked\r\n\t"),
        framed("Transfer-\u{0}Encoding: chunked"), framed("Transfer-Encoding: chunked\u{0}"),
        framed("X: y\rTransfer-Encoding: chunked"), framed("X: y\nTransfer-Encoding: chunked"),
        framed("Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked"),
        ("POST http://{origin}/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ]

    static let lines: [Fault] = [
        ("GET http://{origin}/ HTTP/1.1\n\n", 400), ("GET http://{origin}/ HTTP/1.1\r\nHost: x\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\n\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\n\r\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\rHost: x\r\n\r\n", 400),
        ("GET\thttp://{origin}/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET  http://{origin}/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1 \r\nHost: x\r\n\r\n", 400),
        ("GET http://{origin}/a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET http://{origin}/\u{0} HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET http://{origin}/#f HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\nX: \u{0}\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\n\r\n", 400), ("GET http://{origin}/ HTTP/1.1\r\nHost:\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nHost: {origin}\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nhost: b\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: a@b\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\nConnection: host\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/2.0\r\nHost: x\r\n\r\n", 505), ("GET http://{origin}/\r\n\r\n", 400),
        ("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue, x\r\n\r\n", 417),
    ]

    @Test(
        "It is refused, nothing reaches the origin, and what follows is never looked at",
        arguments: lengths + codings + lines)
    func head(fault: Fault) throws {
        let rig = try ForwardingRig()
        // As the first request of a connection, and as a later one; whole, and cut behind the head.
        for isLater in [false, true] {
            for isCut in [false, true] {
                let client = try rig.connect()
                let origin = isLater ? try kept(rig, client) : nil
                try client.send(rig.text(fault.head))
                if !isCut { try client.send(rig.text("6\r\n0\r\n\r\n" + Self.smuggled)) }
                try expectRefusal(client, fault.status)
                try client.send(rig.text(Self.smuggled))
                try client.expect("", then: .fin)
                client.close()
                if let origin { #expect(!origin.hasNews) }
            }
        }
        let records = try rig.finish()
        #expect(!rig.origin.isAsked)
        #expect(
            records.map(\.ending).filter { $0 != "ok origin relay" }
                == Array(repeating: "http_request_error proxy negotiate", count: 4))
        #expect(records.count == 6)
    }

    @Test(
        "A chunked body is refused at its first fault, and what follows is never looked at",
        arguments: [
            "FFFFFFFFFFFFFFFF\r\nhello", "8000000000000000\r\nhello", "10000000000000005\r\nhello\r\n0\r\n\r\n",
            "00000000000000005\r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n",
            "0x5\r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n", "5 5\r\nhello\r\n0\r\n\r\n",
            "5 \r\nhello\r\n0\r\n\r\n", "g\r\n", "\r\n", ";x\r\n", "5,0\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n",
            "5\rhello\r0\r\r", "5\r\nhello\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "5\r\nhelloo\r\n0\r\n\r\n",
            "5\r\nhello\r0\r\n\r\n", "5;a\nb\r\nhello\r\n0\r\n\r\n", "5;a\rb\r\nhello\r\n0\r\n\r\n",
            "5;\u{0}\r\nhello\r\n0\r\n\r\n", "5;" + String(repeating: "a", count: 256) + "\r\nhello\r\n0\r\n\r\n",
            "0\n\r\n", "0\r\n\n", "0\r\n\r0", "0\r\nContent-Length: 5\r\n\r\n",
            "0\r\nTRANSFER-ENCODING: chunked\r\n\r\n",
            "0\r\nHost: x\r\n\r\n", "0\r\nConnection: x\r\n\r\n", "0\r\nX : y\r\n\r\n", "0\r\nX\r\n\r\n",
            "0\r\nX: y\n\r\n", "0\r\nX: y\rz\r\n\r\n", "0\r\nX: y\r\n z\r\n\r\n", "0\r\nX: \u{0}\r\n\r\n",
            "0\r\nX: " + String(repeating: "a", count: 8 * 1024) + "\r\n\r\n",
        ])
    func chunks(body: String) throws {
        let rig = try ForwardingRig()
        let fields = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        let whole = rig.text("POST / HTTP/1.1\r\nHost: {origin}\r\n\(fields)\(body)")
        for isLater in [false, true] {
            let client = try rig.connect()
            if isLater { try kept(rig, client).close() }
            try client.send(rig.text("POST http://{origin}/ HTTP/1.1\r\nHost: x\r\n\(fields)\(body)" + Self.smuggled))
            let origin = try rig.accept()
            try expectRefusal(client, 400)
            try client.expect("", then: .fin)
            // Broken off, and the fault itself is not passed on.
            let (seen, end) = try origin.receiveToEnd()
            #expect(end == .reset)
            #expect(whole.utf8.starts(with: seen) && seen.count < whole.utf8.count)
            client.close()
        }
        let records = try rig.finish()
        #expect(!rig.origin.isAsked)
        #expect(
            records.map(\.ending).filter { $0 != "ok origin relay" }
                == ["http_request_error proxy relay", "http_request_error proxy relay"])
    }

    @Test("Broken framing behind the beginning of an answer breaks off both connections")
    func behindAnswer() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(
            "POST http://{origin}/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try origin.send("HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 5\r\n\r\nab")
        try client.expect("HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 5\r\nConnection: close\r\n\r\nab")
        try client.send("zz\r\n" + rig.text(Self.smuggled))
        #expect(try client.end() == .reset)
        try origin.expect("", then: .reset)
        #expect(try rig.finish().map(\.ending) == ["http_request_error client relay"])
        #expect(!rig.origin.isAsked)
    }

    @Test(
        "A body that is refused with its request is not taken for another request",
        arguments: [
            "POST http://no.example/ HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n",
            "POST http://no.example/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n",
        ])
    func refusedBody(head: String) throws {
        let rig = try ForwardingRig(policy: "deny to host:no.example\ndefault allow\n")
        let client = try rig.connect()
        let body = rig.text(Self.smuggled)
        try client.send(head.replacing("{length}", with: "\(body.utf8.count)") + body)
        let answer = try client.receiveMessage().head
        #expect(answer.status == 403 || answer.status == 405)
        #expect(answer.contains("\r\nConnection: close\r\n"))
        try client.expect("", then: .fin)
        #expect(try rig.finish().count == 1)
        #expect(!rig.origin.isAsked)
    }

    @Test("The target wins over a Host field that says otherwise, for policy, origin and log alike")
    func host() throws {
        let rig = try ForwardingRig(policy: "deny to host:no.example\ndefault allow\n")
        let (client, origin, head) = try rig.begin("GET http://{origin}/ HTTP/1.1\r\nHost: no.example\r\n\r\n")
        #expect(head == rig.text("GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n"))
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try client.send(rig.text("GET http://no.example/ HTTP/1.1\r\nHost: {origin}\r\n\r\n"))
        #expect(try client.receiveMessage().head.status == 403)
        #expect(try rig.finish().map(\.host) == ["127.0.0.1", "no.example"])
    }

    // MARK: - Private

    /// The origin's connection of a request that went well.
    private func kept(_ rig: ForwardingRig, _ client: Connection) throws -> Connection {
        try client.send(rig.text("POST http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"))
        let origin = try rig.accept()
        _ = try origin.receiveHead()
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        return origin
    }

    /// The exact answer to a request that is refused for its framing.
    private func expectRefusal(
        _ client: Connection, _ status: Int, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let (head, body) = try client.receiveMessage()
        #expect(
            head == """
                HTTP/1.1 \(status) \(StatusCode.phrase(UInt16(status)))\r
                Connection: close\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: \(body.utf8.count)\r
                Cache-Control: no-store\r
                Proxy-Status: sallyport; error=http_request_error\r
                \r

                """, sourceLocation: location)
        #expect(body.hasPrefix("The request is malformed: "), sourceLocation: location)
    }
}
