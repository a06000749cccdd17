import Addressing
import Testing

@testable import Proxy

@Suite("Bytes that come with the request, or before the tunnel is open")
struct EarlyBytesTests {
    /// Bytes of which each two consecutive ones differ from their neighbours.
    private static func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 251) }
    }

    @Test(
        "They reach the origin first and in order, whatever their number", arguments: Way.allCases, [1, 1000, 200_000])
    func together(way: Way, count: Int) throws {
        let proxy = try RunningProxy()
        let listening = try Origin()
        let early = Self.bytes(count)
        let client = try proxy.connect()
        #expect(try client.ask(way, for: "127.0.0.1", listening.port, with: early) == way.success)
        let origin = try listening.accept()
        try client.send("later")
        #expect(try origin.receive(count) == early)
        #expect(try origin.receive(5) == Array("later".utf8))
        client.close()
        #expect(try origin.end() == .fin)
        origin.close()
        #expect(try #require(try proxy.finish().first).up == count + 5)
    }

    @Test("A request that comes byte by byte is one request", arguments: Way.allCases)
    func byteByByte(way: Way) throws {
        let proxy = try RunningProxy()
        let listening = try Origin()
        let client = try proxy.connect()
        for byte in way.request("127.0.0.1", listening.port) + Array("early".utf8) { try client.send([byte]) }
        #expect(try client.readAnswer(way).code == way.success)
        let origin = try listening.accept()
        #expect(try origin.receive(5) == Array("early".utf8))
        client.close()
        origin.close()
        #expect(try #require(try proxy.finish().first).up == 5)
    }

    @Test("What is sent while the name is looked up follows what came with the request", arguments: Way.allCases)
    func duringLookUp(way: Way) throws {
        let proxy = try RunningProxy()
        let listening = try Origin()
        let client = try proxy.connect()
        try client.send(way.request("slow.example", listening.port) + Array("one ".utf8))
        let answer = try proxy.resolver.nextWaiting()
        try client.send("two ")
        try client.send("three")
        answer(.addresses([.loopbackV4]))
        #expect(try client.readAnswer(way).code == way.success)
        let origin = try listening.accept()
        #expect(try origin.receive(13) == Array("one two three".utf8))
        client.close()
        origin.close()
        try proxy.finish()
    }

    @Test("What is sent while the origin is dialled follows as well")
    func duringDial() throws {
        let proxy = try RunningProxy()
        let silent = try SilentPort()
        let client = try proxy.connect()
        try client.send(Way.connect.request("127.0.0.1", silent.port) + Array("one ".utf8))
        // Answered in this order on one loop: so the dial is under way, and what follows comes during it.
        _ = try proxy.server.registrations()
        try client.send("two")
        let origin = try silent.speak()
        #expect(try client.readAnswer(.connect).code == 200)
        #expect(try origin.receive(7) == Array("one two".utf8))
        client.close()
        origin.close()
        try proxy.finish()
    }
}
