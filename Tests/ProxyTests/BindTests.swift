import Addressing
import EventLoop
import Testing

@testable import Proxy

@Suite("BIND")
struct BindTests {
    private static func endpoint(_ bytes: ArraySlice<UInt8>) -> Endpoint {
        let bytes = Array(bytes)
        return Endpoint(
            IPAddress(bytes[0], bytes[1], bytes[2], bytes[3]), Port(UInt16(bytes[4]) << 8 | UInt16(bytes[5])))
    }

    @Test("The announced peer connects, both replies say where, and bytes pass both ways (SOCKS5)")
    func socks5() throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send([5, 1, 0] + Way.socksRequest("127.0.0.1", Port(21), command: 2))
        let first = try client.receive(12)
        #expect(Array(first.prefix(6)) == [5, 0, 5, 0, 0, 1])
        let peer = try Connection(to: Self.endpoint(first[6...]))
        let second = try client.receive(10)
        #expect(Array(second.prefix(4)) == [5, 0, 0, 1] && Self.endpoint(second[4...]) == peer.local)
        try client.send("to the peer")
        #expect(try peer.receive(11) == Array("to the peer".utf8))
        try peer.send("back")
        #expect(try client.receive(4) == Array("back".utf8))
        client.close()
        peer.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.method == "BIND" && record.outcome == "ok" && record.dialled == "127.0.0.1" && record.up == 11)
    }

    @Test("SOCKS4 likewise, in its own words")
    func socks4() throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send([4, 2, 0, 21, 127, 0, 0, 1, 0])
        let first = try client.receive(8)
        #expect(Array(first.prefix(2)) == [0, 90])
        let peer = try Connection(
            to: Endpoint(.loopbackV4, Port(UInt16(first[2]) << 8 | UInt16(first[3]))))
        #expect(try client.receive(8).prefix(2) == [0, 90])
        try peer.send("x")
        #expect(try client.receive(1) == Array("x".utf8))
        client.close()
        peer.close()
        #expect(try proxy.finish().map(\.outcome) == ["ok"])
    }

    @Test("Another address than the announced one is closed on, and the wait goes on")
    func stranger() throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send([5, 1, 0] + Way.socksRequest("127.9.9.9", Port(21), command: 2))
        let place = Self.endpoint(try client.receive(12)[6...])
        let stranger = try Connection(to: place)
        #expect((try? stranger.receiveToEnd().bytes) ?? [] == [])
        #expect(!client.hasNews)
        client.reset()
        #expect(try proxy.finish().map(\.ending).first?.hasPrefix("connection_terminated client dial") == true)
    }

    @Test("A client that closes while it waits ends the wait")
    func clientLeaves() throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send([5, 1, 0] + Way.socksRequest("127.0.0.1", Port(21), command: 2))
        let place = Self.endpoint(try client.receive(12)[6...])
        client.close()
        #expect(try proxy.finish().map(\.ending) == ["connection_terminated client dial"])
        #expect(throws: (any Error).self) { try Connection(to: place).receive(1) }
    }

    @Test("What the policy denies is not waited for")
    func denied() throws {
        let proxy = try RunningProxy(policy: "deny to loopback by socks5\ndefault allow\n")
        let client = try proxy.connect()
        try client.send([5, 1, 0] + Way.socksRequest("127.0.0.1", Port(21), command: 2))
        #expect(try client.receiveToEnd().bytes == [5, 0, 5, 2, 0, 1, 0, 0, 0, 0, 0, 0])
        client.close()
        #expect(try proxy.finish().map(\.outcome) == ["destination_ip_prohibited"])
    }
}
