import Testing

@testable import Proxy

@Suite("An answer before the answer")
struct InterimAnswerTests {
    @Test("A client that waits for 100 gets the origin's, and then its body goes on")
    func expectation() throws {
        let rig = try ForwardingRig()
        let (client, origin, head) = try rig.begin(
            "POST http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        #expect(
            head == rig.text("POST / HTTP/1.1\r\nHost: {origin}\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"))
        try origin.send("HTTP/1.1 100 Continue\r\n\r\n")
        try client.expect("HTTP/1.1 100 Continue\r\n\r\n")
        try client.send("body")
        try origin.expect("body")
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try rig.exchange(client, on: origin)
        let record = try #require(try rig.finish().first)
        #expect(record.status == 200)
        #expect(record.up == 4 && record.down == 2)
        #expect(record.downHead == 25 + ForwardingRig.ok.utf8.count - 2)
    }

    @Test("A client that waits for 100 and gets a final answer is told that the connection ends")
    func refusedExpectation() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(
            "POST http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        try origin.send("HTTP/1.1 417 No\r\nDate: now\r\nContent-Length: 2\r\n\r\nno")
        try client.expect(
            "HTTP/1.1 417 No\r\nDate: now\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", then: .fin)
        #expect(try origin.end() == .fin)
        try rig.finish()
    }

    @Test("Another expectation is refused with 417")
    func unknown() throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        try client.send(rig.text("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n"))
        #expect(try client.receiveMessage().head.status == 417)
        try rig.finish()
    }

    @Test("Every 1xx goes on with its fields, without what ends at this hop, cut at any byte")
    func several() throws {
        let answer = """
            HTTP/1.1 102 Working\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\nlink: </y>\r\n\r\n\
            HTTP/1.1 102 Working\r\nConnection: X\r\nX: 1\r\n\r\n
            """
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let bytes = Array((answer + ForwardingRig.ok).utf8)
        var origin: Connection?
        for index in bytes.indices.dropFirst() {
            try client.send(rig.text(ForwardingRig.get))
            let connection = try origin ?? rig.accept()
            _ = try connection.receiveHead()
            try connection.send(Array(bytes[..<index]))
            try connection.send(Array(bytes[index...]))
            try client.expect(answer.replacing("Connection: X\r\nX: 1\r\n", with: "") + ForwardingRig.ok)
            origin = connection
        }
        try rig.finish()
    }

    @Test("An HTTP/1.0 client gets no 1xx")
    func oldClient() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(
            "POST http://{origin}/ HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi")
        try origin.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n" + ForwardingRig.ok)
        try client.expect(
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", then: .fin)
        try rig.finish()
    }

    @Test("An origin that says 100 a thousand times keeps nobody else waiting, and its answer counts")
    func flood() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        let flood = String(repeating: interim, count: 10_000)
        let flooding = Background { try origin.send(flood + ForwardingRig.ok) }
        try client.expect(flood + ForwardingRig.ok)
        try flooding.wait()
        try rig.finish()
    }

    @Test(
        "An interim answer that announces a body is no answer",
        arguments: ["Content-Length: 1", "Transfer-Encoding: chunked"])
    func body(field: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        try origin.send("HTTP/1.1 100 Continue\r\n\(field)\r\n\r\n")
        #expect(try client.receiveMessage().head.status == 502)
        #expect(try origin.end() == .reset)
        try rig.finish()
    }
}
