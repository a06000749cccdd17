import Addressing
import Testing

@testable import Proxy

@Suite("Connections to origins")
struct DiallingTests {
    @Test("A dead IPv6 address costs a quarter of a second once, and is remembered", arguments: Way.allCases)
    func deadV6(way: Way) throws {
        let origin = try Origin()
        let dead = try SilentPort(.loopbackV6, port: origin.port)
        let proxy = try RunningProxy(names: ["dual.example": .addresses([.loopbackV6, .loopbackV4])])
        for _ in 0..<2 {
            let (client, peer) = try proxy.tunnel(way, to: origin, as: "dual.example")
            peer.close()
            client.close()
        }
        _ = dead
        let records = try proxy.finish()
        try #require(records.count == 2)
        #expect(records.map(\.dialled) == ["127.0.0.1", "127.0.0.1"])
        #expect(records[0].attempts?.map(\.address) == ["::1"])
        #expect(records[0].attempts?.map(\.outcome) == ["connection_timeout"])
        #expect(records[0].attempts?.allSatisfy { $0.ms >= 250 } == true)
        #expect(records[1].attempts == nil)
    }

    @Test("IPv6 goes first, and IPv4 is not tried while it answers", arguments: Way.allCases)
    func v6First(way: Way) throws {
        let origin = try Origin(.loopbackV6)
        let other = try Origin(.loopbackV4, port: origin.port)
        let proxy = try RunningProxy(names: ["dual.example": .addresses([.loopbackV4, .loopbackV6])])
        let (client, peer) = try proxy.tunnel(way, to: origin, as: "dual.example")
        peer.close()
        client.close()
        #expect(!other.isAsked)
        #expect(try proxy.finish().first?.dialled == "::1")
    }

    @Test("A slow address may still win while the next is tried, and the other connection is closed")
    func slowWins() throws {
        let slow = try SilentPort(IPAddress(127, 0, 0, 2))
        let silent = try SilentPort(IPAddress(127, 0, 0, 3), port: slow.port)
        let proxy = try RunningProxy(
            names: ["two.example": .addresses([slow.endpoint.address, silent.endpoint.address])])
        let client = try proxy.connect()
        try client.send(Way.connect.request("two.example", slow.port))
        // The kernel sends a SYN again after a second: by then both are being tried.
        let peer = try slow.speak()
        #expect(try client.readAnswer(.connect).code == 200)
        peer.close()
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.dialled == "127.0.0.2")
        #expect(record.attempts == nil)
    }

    @Test("Connections leave from the address that is set for their family", arguments: Way.allCases)
    func source(way: Way) throws {
        let proxy = try RunningProxy { configuration in
            configuration.source.add(IPAddress(127, 0, 0, 77))
            configuration.source.add(.loopbackV6)
        }
        for (address, expected) in [(IPAddress.loopbackV4, "127.0.0.77"), (.loopbackV6, "::1")] {
            let origin = try Origin(address)
            let (client, peer) = try proxy.tunnel(way, to: origin)
            #expect(peer.peer?.address.description == expected)
            peer.close()
            client.close()
        }
        let records = try proxy.finish()
        #expect(records.map { $0.local?.hasPrefix("127.0.0.77:") == true } == [true, false])
    }

    @Test("A source address that has gone is a limit of the proxy's", arguments: Way.allCases)
    func sourceGone(way: Way) throws {
        let origin = try Origin()
        let proxy = try RunningProxy { $0.source.add(IPAddress(192, 0, 2, 1)) }
        let client = try proxy.connect()
        #expect(try client.ask(way, for: "127.0.0.1", origin.port) == way.told(503, 1))
        _ = try client.end()
        client.close()
        #expect(try proxy.finish().first?.ending == "connection_limit_reached proxy dial EADDRNOTAVAIL")
    }

    @Test(
        "With Fast Open what the client has sent arrives once, in order, and is counted once", arguments: Way.allCases)
    func fastOpen(way: Way) throws {
        let proxy = try RunningProxy { $0.fastOpen = true }
        // The first connection has no cookie; later ones may have.
        for address in [IPAddress.loopbackV4, .loopbackV6, .loopbackV4] {
            let origin = try Origin(address)
            let client = try proxy.connect()
            let early = [UInt8]("early and ".utf8)
            #expect(try client.ask(way, for: address.description, origin.port, with: early) == way.success)
            let peer = try origin.accept()
            try client.send("late")
            client.halfClose()
            #expect(try String(decoding: peer.receiveToEnd().bytes, as: UTF8.self) == "early and late")
            peer.close()
            _ = try client.end()
            client.close()
        }
        let records = try proxy.finish()
        #expect(records.map(\.up) == [14, 14, 14])
    }
}
