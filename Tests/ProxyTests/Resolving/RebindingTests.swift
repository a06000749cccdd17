import Addressing
import Testing

@testable import Proxy

@Suite("A name that changes its mind")
struct RebindingTests {
    private static let policy = "deny to loopback reason \"inside\"\ndefault allow\n"
    /// Of a network for documents: nobody is there.
    private static let outside = IPAddress(192, 0, 2, 1)

    /// Asks for a tunnel that doesn't open.
    private static func ask(_ proxy: RunningProxy, _ way: Way, _ host: String, _ port: Port) throws -> Int {
        let client = try proxy.connect()
        let told = try client.ask(way, for: host, port)
        _ = try client.end()
        client.close()
        return told
    }

    @Test("A name is asked for once a request: judged and dialled are the same addresses", arguments: Way.allCases)
    func rebinds(way: Way) throws {
        let origin = try Origin()
        let server = try ScriptedNameServer(of: [Self.outside], ttl: 0)
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        let proxy = try RunningProxy(policy: Self.policy, resolver: resolver) { $0.connectTimeout = .milliseconds(50) }
        // By the time of the dial the name leads inside.
        server.follow { question in
            let isFirst = server.asked.filter { $0.type == question.type }.count == 1
            return [.answer(.addresses([isFirst ? Self.outside : .loopbackV4, .loopbackV6], to: question, ttl: 0))]
        }
        _ = try Self.ask(proxy, way, "rebinding.example", origin.port)
        #expect(server.asked.count == 2)
        resolver.known.cache.removeAll()
        #expect(try Self.ask(proxy, way, "rebinding.example", origin.port) == way.told(403, 2))
        #expect(server.asked.count == 4)
        #expect(!origin.isAsked)

        let records = try proxy.finish()
        try #require(records.count == 2)
        #expect(records[0].resolved == ["::1", "192.0.2.1"])
        #expect(records[0].refused == ["::1"])
        #expect(records[0].attempts?.map(\.address) == ["192.0.2.1"])
        #expect(records[1].ending == "destination_ip_prohibited policy decide")
        #expect(records[1].refused == ["::1", "127.0.0.1"])
        #expect(records[1].reason == "inside")
        #expect(records[1].attempts == nil)
    }

    @Test("Of a name that leads outside and inside at once only the outside is dialled", arguments: Way.allCases)
    func both(way: Way) throws {
        let origin = try Origin()
        let server = try ScriptedNameServer(of: [.loopbackV4, Self.outside, IPAddress(127, 1, 2, 3), .loopbackV6])
        defer { server.stop() }
        let proxy = try RunningProxy(policy: Self.policy, resolver: try DNSResolver([server])) {
            $0.connectTimeout = .milliseconds(50)
        }
        for source in ["query", "cache"] {
            _ = try Self.ask(proxy, way, "both.example", origin.port)
            let record = try #require(try proxy.records(source == "query" ? 1 : 2).last)
            #expect(record.resolver == source)
            #expect(record.refused == ["::1", "127.0.0.1", "127.1.2.3"])
            #expect(record.attempts?.map(\.address) == ["192.0.2.1"])
        }
        #expect(!origin.isAsked)
        try proxy.finish()
    }

    @Test("A short name is forbidden where its full name is, and where an address is under it", arguments: Way.allCases)
    func fullName(way: Way) throws {
        let origin = try Origin()
        let server = try ScriptedNameServer(of: [.loopbackV4])
        defer { server.stop() }
        let folder = try TestFolder(["resolv.conf": "search corp.example\n"])
        let policy = """
            deny to host:secret.corp.example
            deny to domain:corp.example
            default allow

            """
        for (rules, rule) in [(policy, 1), ("allow to host:secret\n" + policy, 2)] {
            let resolver = try DNSResolver([server], settings: folder["resolv.conf"])
            let proxy = try RunningProxy(policy: rules, resolver: resolver)
            #expect(try Self.ask(proxy, way, "secret", origin.port) == way.told(403, 2))
            let record = try #require(try proxy.finish().first)
            #expect(record.ending == "http_request_denied policy decide")
            #expect(record.rule == proxy.folder["policy.conf:\(rule)"])
            #expect(record.host == "secret")
        }
        #expect(!origin.isAsked)
    }
}
