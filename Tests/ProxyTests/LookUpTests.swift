import Addressing
import Testing

@testable import Proxy

@Suite("Look-ups")
struct LookUpTests {
    @Test(
        "A name without addresses is told apart from name servers that are silent", arguments: Way.allCases,
        [
            ("missing.example", 502, "dns_error proxy resolve"), ("failing.example", 502, "dns_error proxy resolve"),
            ("timeout.example", 504, "dns_timeout proxy resolve"),
        ])
    func fails(way: Way, expected: (name: String, status: Int, ending: String)) throws {
        let proxy = try RunningProxy(names: [
            "missing.example": .notFound, "failing.example": .failed, "timeout.example": .timedOut,
        ])
        let client = try proxy.connect()
        #expect(try client.ask(way, for: expected.name, Port(443)) == way.told(expected.status, 4))
        #expect(try client.end() == .fin)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == expected.ending)
        #expect(record.told == way.told(expected.status, 4))
        #expect(record.host == expected.name)
        #expect(record.resolver == "query")
        #expect(record.ms.resolve != nil)
        #expect(record.dialled == nil)
    }

    @Test(
        "A look-up that takes too long ends at the deadline, and its late answer changes nothing",
        arguments: Way.allCases)
    func tooLong(way: Way) throws {
        let listening = try Origin()
        let proxy = try RunningProxy { $0.connectTimeout = .milliseconds(40) }
        let client = try proxy.connect()
        try client.send(way.request("slow.example", listening.port))
        let answer = try proxy.resolver.nextWaiting()
        #expect(try client.readAnswer(way).code == way.told(504, 4))
        #expect(try client.end() == .fin)
        client.close()
        answer(.addresses([.loopbackV4]))
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "dns_timeout proxy resolve")
        #expect(!listening.isAsked)
    }

    @Test("A name is looked up once, whatever becomes of its addresses")
    func once() throws {
        let refusing = try RefusingPort(.ownLoopback())
        let proxy = try RunningProxy(names: ["once.example": .addresses([refusing.endpoint.address])])
        let client = try proxy.connect()
        #expect(try client.ask(.connect, for: "once.example", refusing.port) == 502)
        client.close()
        try proxy.finish()
        #expect(proxy.resolver.asked == ["once.example"])
    }

    @Test("The unspecified addresses are never dialled, whatever the policy allows", arguments: Way.allCases)
    func unspecified(way: Way) throws {
        let listening = try Origin()
        let proxy = try RunningProxy(names: [
            "zero.example": .addresses([.anyV4, .anyV6]),
            "partly.example": .addresses([.anyV6, .loopbackV4, .anyV4]),
        ])
        let client = try proxy.connect()
        #expect(try client.ask(way, for: "zero.example", listening.port) == way.told(403, 2))
        #expect(try client.end() == .fin)
        client.close()
        #expect(!listening.isAsked)
        let (other, origin) = try proxy.tunnel(way, to: listening, as: "partly.example")
        origin.close()
        other.close()

        let records = try proxy.finish()
        try #require(records.count == 2)
        #expect(records[0].ending == "destination_ip_prohibited policy decide")
        #expect(records[0].refused == ["0.0.0.0", "::"])
        #expect(records[0].attempts == nil)
        #expect(records[1].dialled == "127.0.0.1")
        #expect(records[1].refused == ["::", "0.0.0.0"])
    }

    @Test(
        "The unspecified addresses are no destination when they are asked for", arguments: Way.allCases,
        ["0.0.0.0", "::"])
    func unspecifiedLiteral(way: Way, host: String) throws {
        let listening = try Origin()
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        #expect(try client.ask(way, for: host, listening.port) == way.told(400, 1))
        #expect(try client.end() == .fin)
        client.close()
        #expect(!listening.isAsked)
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "http_request_error proxy negotiate")
        #expect(record.host == nil)
    }

    @Test("The system's resolver knows this machine, each address once, whether or not a file says so")
    func systemResolver() throws {
        let heard = ScriptedResolver()
        SystemResolver().resolve(try HostName("localhost")) { resolution in
            heard.resolve(try! HostName("heard")) { _ in }
            guard case .addresses(let addresses) = resolution.answer else {
                Issue.record("localhost came to \(resolution)")
                return
            }
            #expect(addresses.contains(.loopbackV4) || addresses.contains(.loopbackV6))
            #expect(Set(addresses).count == addresses.count)
            #expect(resolution.source == .system)
        }
        _ = try heard.nextWaiting()
    }
}
