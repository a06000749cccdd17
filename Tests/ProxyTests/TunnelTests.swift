import Addressing
import Testing

@testable import Proxy

@Suite("A tunnel that opens")
struct TunnelTests {
    /// A kind of destination: how the client writes it, where it leads, and how it was resolved.
    struct Destination: Sendable, CustomTestStringConvertible {
        let host: String
        let address: IPAddress
        let resolver: String

        var testDescription: String { host }

        static let all = [
            Destination(host: "127.0.0.1", address: .loopbackV4, resolver: "literal"),
            Destination(host: "::1", address: .loopbackV6, resolver: "literal"),
            Destination(host: "v4.example", address: .loopbackV4, resolver: "query"),
            Destination(host: "v6.example", address: .loopbackV6, resolver: "query"),
        ]
    }

    static let names: [String: Resolution.Answer] = [
        "v4.example": .addresses([.loopbackV4]), "v6.example": .addresses([.loopbackV6]),
    ]

    @Test("Bytes pass both ways, and the record says all that is known", arguments: Way.allCases, Destination.all)
    func opens(way: Way, to destination: Destination) throws {
        let proxy = try RunningProxy(names: Self.names)
        let listening = try Origin(destination.address)
        let (client, origin) = try proxy.tunnel(way, to: listening, as: destination.host)
        try client.send("from the client")
        #expect(try origin.receive(15) == Array("from the client".utf8))
        try origin.send("and back")
        #expect(try client.receive(8) == Array("and back".utf8))
        let (local, peer) = (client.local, try #require(origin.peer))
        client.halfClose()
        #expect(try origin.end() == .fin)
        origin.close()
        #expect(try client.end() == .fin)
        client.close()

        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "ok client relay")
        #expect(record.type == "request")
        #expect(record.proto == way.rawValue)
        #expect(record.method == "CONNECT")
        #expect(record.host == destination.host)
        #expect(record.hostRaw == nil)
        #expect(record.port == Int(listening.port.rawValue))
        #expect("\(record.client):\(record.clientPort)" == "\(local)")
        #expect(record.listener == "\(proxy.endpoint)")
        #expect(record.ua == (way == .connect ? "test" : nil))
        #expect(record.verdict == "allow")
        #expect(record.rule == proxy.folder["policy.conf:1"])
        #expect(record.resolver == destination.resolver)
        #expect(record.resolved == (destination.resolver == "query" ? ["\(destination.address)"] : nil))
        #expect(record.dialled == "\(destination.address)")
        #expect(record.local == "\(peer)")
        #expect(record.attempts == nil)
        #expect(record.up == 15)
        #expect(record.down == 8)
        #expect(record.status == (way == .connect ? 200 : nil))
        #expect(record.reply == (way == .socks5 ? 0 : nil))
        #expect(record.ms.negotiate != nil && record.ms.connect != nil && record.ms.firstByte != nil)
        #expect((record.ms.resolve != nil) == (destination.resolver == "query"))
    }

    @Test("CONNECT is answered with 200 and nothing that could be taken for content")
    func connectAnswer() throws {
        let proxy = try RunningProxy()
        let origin = try Origin()
        let client = try proxy.connect()
        try client.send(Way.connect.request("127.0.0.1", origin.port))
        #expect(try client.receiveHead() == "HTTP/1.1 200 Connection established\r\n\r\n")
        try origin.accept().close()
        #expect(try client.receiveToEnd().bytes == [])
        client.close()
        try proxy.finish()
    }

    @Test("The SOCKS5 reply holds our end of the connection, as the origin sees it", arguments: ["127.0.0.1", "::1"])
    func boundAddress(host: String) throws {
        let proxy = try RunningProxy()
        let listening = try Origin(try #require(IPAddress(host)))
        let client = try proxy.connect()
        try client.send(Way.socks5.request(host, listening.port))
        let bound = try client.readAnswer(.socks5).bound
        let origin = try listening.accept()
        let peer = try #require(origin.peer)
        origin.close()
        #expect(bound == Array(Way.socksRequest("\(peer.address)", peer.port).dropFirst(4)))
        client.close()
        try proxy.finish()
    }

    @Test("A SOCKS5 client that waits for each answer is served like one that doesn't")
    func politeSOCKS() throws {
        let proxy = try RunningProxy()
        let listening = try Origin()
        let client = try proxy.connect()
        try client.send([5, 2, 2, 0])
        #expect(try client.receive(2) == [5, 0])
        try client.send(Way.socksRequest("127.0.0.1", listening.port))
        #expect(try client.receive(10).prefix(2) == [5, 0])
        try listening.accept().close()
        client.close()
        try proxy.finish()
    }

    @Test(
        "However a host is written, policy, look-up, dialling and log see one form of it",
        arguments: [
            ("V4.Example", "v4.example", "127.0.0.1"), ("v4.example.", "v4.example", "127.0.0.1"),
            ("::ffff:127.0.0.1", "127.0.0.1", "127.0.0.1"), ("0:0:0:0:0:0:0:1", "::1", "::1"),
        ])
    func oneForm(written: (host: String, normal: String, dialled: String)) throws {
        for way in Way.allCases {
            let policy = "allow to \(written.normal.contains("example") ? "host" : "ip"):\(written.normal)\n"
            let proxy = try RunningProxy(policy: policy + "default deny\n", names: Self.names)
            let listening = try Origin(try #require(IPAddress(written.dialled)))
            let (client, origin) = try proxy.tunnel(way, to: listening, as: written.host)
            origin.close()
            client.close()
            let record = try #require(try proxy.finish().first)
            #expect(record.host == written.normal)
            #expect(record.dialled == written.dialled)
            #expect(proxy.resolver.asked == (written.normal.contains("example") ? [written.normal] : []))
            // SOCKS carries an address as bits, which have no spelling.
            let hasSpelling = way == .connect || written.normal.contains("example")
            #expect(record.hostRaw == (hasSpelling ? written.host : nil))
        }
    }

    @Test("An address in the place of a SOCKS5 name is the address, and nothing is looked up")
    func addressAsName() throws {
        let proxy = try RunningProxy()
        let origin = try Origin()
        let client = try proxy.connect()
        let port = origin.port.rawValue
        try client.send(
            [5, 1, 0, 5, 1, 0, 3, 9] + "127.0.0.1".utf8 + [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)])
        #expect(try client.readAnswer(.socks5).code == 0)
        try origin.accept().close()
        client.close()
        #expect(try #require(try proxy.finish().first).resolver == "literal")
        #expect(proxy.resolver.asked == [])
    }
}
