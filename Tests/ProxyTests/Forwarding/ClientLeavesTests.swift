import Testing

@testable import Proxy

@Suite("A client that leaves in the middle of a request")
struct ClientLeavesTests {
    @Test("While the origin thinks: the origin's side ends, and the record says who left", arguments: [false, true])
    func waiting(isReset: Bool) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        if isReset { client.reset() } else { client.close() }
        // A FIN may be that of a client that still reads: it gets a moment.
        #expect(try origin.end() == .reset)
        let record = try #require(try rig.finish().first)
        #expect(record.ending == "connection_terminated client relay\(isReset ? " ECONNRESET" : "")")
        #expect(record.status == nil && record.verdict == "allow")
    }

    @Test("A client that sends FIN behind its request and reads on gets its answer, and the end")
    func halfClosed() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        client.halfClose()
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok, then: .fin)
        #expect(try rig.finish().map(\.ending) == ["ok origin relay"])
    }

    @Test("In the middle of the answer, whatever its framing", arguments: ["Content-Length: 9\r\n", "", "chunked"])
    func answer(framing: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        let field = framing == "chunked" ? "Transfer-Encoding: chunked\r\n" : framing
        try origin.send("HTTP/1.1 200 OK\r\nDate: now\r\n\(field)\r\n")
        _ = try client.receiveHead()
        client.reset()
        #expect(try origin.end() == .reset)
        let record = try #require(try rig.finish().first)
        #expect(record.ending == "connection_terminated client relay ECONNRESET")
        #expect(record.status == 200 && record.originStatus == 200 && record.down == 0)
    }

    @Test(
        "In the middle of the request's body: the origin never takes it for whole",
        arguments: ["Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n"], [false, true])
    func body(framing: String, isReset: Bool) throws {
        let rig = try ForwardingRig()
        let sent = framing.hasPrefix("Content") ? "12345678" : "5\r\nhello\r\n0\r\n"
        let (client, origin, _) = try rig.begin("POST http://{origin}/ HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\(sent)")
        try origin.expect(sent)
        if isReset { client.reset() } else { client.halfClose() }
        try origin.expect("", then: .reset)
        let record = try #require(try rig.finish().first)
        #expect(record.ending == "connection_terminated client relay\(isReset ? " ECONNRESET" : "")")
        #expect(record.up == sent.utf8.count)
    }

    @Test("During look-up or dial: nothing is left over, and nothing of the request is sent", arguments: [true, false])
    func approaching(isResolving: Bool) throws {
        let rig = try ForwardingRig()
        let silent = try SilentPort()
        let client = try rig.connect()
        try rig.exchange(client)
        let host = isResolving ? "slow.example" : "127.0.0.1"
        try client.send("GET http://\(host):\(silent.port)/ HTTP/1.1\r\nHost: x\r\n\r\n")
        if isResolving {
            let answer = try rig.proxy.resolver.nextWaiting()
            client.reset()
            _ = try rig.proxy.records(2)
            answer(.addresses([.loopbackV4]))
        } else {
            // Mailbox and listener, the client, the idle origin, and the one that is being dialled.
            try rig.proxy.wait("the dial") { try rig.proxy.server.registrations() == 5 }
            client.reset()
        }
        let stage = isResolving ? "resolve" : "dial"
        #expect(
            try rig.finish().map(\.ending) == ["ok origin relay", "connection_terminated client \(stage) ECONNRESET"])
    }

    @Test("With answers unread behind it: what it had pipelined is not begun")
    func pipelined() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get + ForwardingRig.get)
        client.reset()
        #expect(try origin.end() == .reset)
        #expect(try rig.finish().count == 1)
        #expect(!rig.origin.isAsked)
    }
}
