import Testing

@testable import Proxy

@Suite("A change of protocol")
struct UpgradeTests {
    private static let request =
        "GET http://{origin}/chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    private static let forwarded =
        "GET /chat HTTP/1.1\r\nHost: {origin}\r\nSec-WebSocket-Version: 13\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    private static let switching =
        "HTTP/1.1 101 Switching\r\nDate: now\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"

    @Test("101 makes a tunnel of the connections; bytes that came early arrive first, both ways")
    func tunnel() throws {
        let rig = try ForwardingRig()
        let (client, origin, head) = try rig.begin(Self.request + "\u{81}early")
        #expect(head == rig.text(Self.forwarded))
        try origin.send(Self.switching + "\u{82}first")
        try client.expect(Self.switching + "\u{82}first")
        try origin.expect("\u{81}early")
        try client.send("ping")
        try origin.expect("ping")
        try origin.send("pong")
        try client.expect("pong")
        client.halfClose()
        #expect(try origin.end() == .fin)
        try origin.send("last words")
        origin.close()
        try client.expect("last words", then: .fin)
        let record = try #require(try rig.finish().first)
        #expect(record.proto == "http" && record.status == 101 && record.originStatus == 101)
        #expect(record.path == "/chat")
        #expect(record.up == 11 && record.down == 21)
        #expect(record.upHead == rig.text(Self.forwarded).utf8.count && record.downHead == Self.switching.utf8.count)
        #expect(record.ending == "ok client relay")
    }

    @Test("A tunnel can be had on a connection that was kept, and takes no connection that was idle")
    func kept() throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let idle = try rig.exchange(client)
        try client.send(rig.text(Self.request))
        let origin = try rig.accept()
        #expect(try origin.receiveHead() == rig.text(Self.forwarded))
        #expect(!idle.hasNews)
        try origin.send(Self.switching)
        try client.expect(Self.switching)
        client.close()
        #expect(try origin.end() == .fin)
        try rig.finish()
    }

    @Test("An origin that doesn't change the protocol answers as always")
    func declined() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(Self.request)
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try rig.exchange(client, on: origin)
        try rig.finish()
    }

    @Test(
        "101 that nobody asked for is refused",
        arguments: [
            ForwardingRig.get, "GET http://{origin}/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
            "GET http://{origin}/ HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            "GET http://{origin}/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
            "POST http://{origin}/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 9\r\n\r\n",
        ])
    func unasked(request: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(request)
        try origin.send(Self.switching)
        let head = try client.receiveMessage().head
        #expect(head.status == 502)
        #expect(head.contains("Proxy-Status: sallyport; error=http_protocol_error\r\n"))
        #expect(try origin.end() == .reset)
        #expect(try rig.finish().first?.ending == "http_protocol_error origin relay")
    }

    @Test(
        "A client that asked for another protocol and is refused gets the end of its connection: what follows is no request"
    )
    func refused() throws {
        let rig = try ForwardingRig(policy: "default deny\n")
        let client = try rig.connect()
        try client.send(rig.text(Self.request + ForwardingRig.get))
        #expect(try client.receiveMessage().head.status == 403)
        #expect(try client.end() == .fin)
        #expect(try rig.finish().count == 1)
    }
}
