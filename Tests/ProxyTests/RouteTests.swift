import Addressing
import Testing

@testable import Proxy

@Suite("The way to the origin")
struct RouteTests {
    /// Asks for a tunnel that comes to nothing, and gives what became of it.
    private static func refused(
        _ proxy: RunningProxy, _ way: Way, _ host: String, _ port: Port
    ) throws -> (told: Int, record: RecordLine) {
        let client = try proxy.connect()
        let told = try client.ask(way, for: host, port)
        #expect(try client.end() == .fin)
        client.close()
        return (told, try #require(try proxy.finish().first))
    }

    @Test("An origin that refuses: 502, or reply 5", arguments: Way.allCases, ["127.0.0.1", "::1"])
    func refuses(way: Way, host: String) throws {
        let port = try RefusingPort(try #require(IPAddress(host)))
        let (told, record) = try Self.refused(try RunningProxy(), way, host, port.port)
        #expect(told == way.told(502, 5))
        #expect(record.ending == "connection_refused origin dial ECONNREFUSED")
        #expect(record.told == told)
        #expect(record.dialled == nil)
        #expect(record.attempts?.map(\.address) == [host])
        #expect(record.attempts?.map(\.outcome) == ["connection_refused"])
        #expect(record.up == nil)
    }

    @Test("An origin to which there is no route: 502, or reply 3", arguments: Way.allCases, ["224.0.0.1", "fe80::1"])
    func unroutable(way: Way, host: String) throws {
        let (told, record) = try Self.refused(try RunningProxy(), way, host, Port(80))
        #expect(told == way.told(502, 3))
        #expect(record.outcome == "destination_ip_unroutable")
        #expect(record.stage == "dial")
        #expect(record.errno != nil)
    }

    @Test("An origin that is silent: 504, or reply 6", arguments: Way.allCases)
    func silent(way: Way) throws {
        let silent = try SilentPort()
        let proxy = try RunningProxy { $0.connectTimeout = .milliseconds(40) }
        let (told, record) = try Self.refused(proxy, way, "127.0.0.1", silent.port)
        #expect(told == way.told(504, 6))
        #expect(record.ending == "connection_timeout proxy dial ETIMEDOUT")
    }

    @Test("Every address of a name is tried in turn, in the resolver's order", arguments: Way.allCases)
    func triesAll(way: Way) throws {
        let listening = try Origin(.ownLoopback())
        let refusing = try RefusingPort(.ownLoopback(), port: listening.port)
        let silent = try SilentPort(.ownLoopback(), port: listening.port)
        let addresses = [refusing.endpoint, silent.endpoint, listening.endpoint].map(\.address)
        let proxy = try RunningProxy(names: ["many.example": .addresses(addresses)]) {
            $0.connectTimeout = .milliseconds(300)
        }
        let (client, origin) = try proxy.tunnel(way, to: listening, as: "many.example")
        origin.close()
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "ok origin relay")
        #expect(record.resolved == addresses.map { "\($0)" })
        #expect(record.dialled == "\(listening.endpoint.address)")
        #expect(record.attempts?.map(\.address) == addresses.prefix(2).map { "\($0)" })
        #expect(record.attempts?.map(\.outcome) == ["connection_refused", "connection_timeout"])
    }

    @Test("When all addresses fail the last failure is told", arguments: Way.allCases)
    func allFail(way: Way) throws {
        let silent = try SilentPort(.ownLoopback())
        let refusing = try RefusingPort(.ownLoopback(), port: silent.port)
        let proxy = try RunningProxy(
            names: ["none.example": .addresses([silent.endpoint.address, refusing.endpoint.address])]
        ) { $0.connectTimeout = .seconds(1) }
        let (told, record) = try Self.refused(proxy, way, "none.example", silent.port)
        #expect(told == way.told(502, 5))
        #expect(record.outcome == "connection_refused")
        #expect(record.attempts?.map(\.outcome) == ["connection_timeout", "connection_refused"])
    }

    @Test("A request for the proxy itself: 502, or reply 2", arguments: Way.allCases)
    func loop(way: Way) throws {
        let proxy = try RunningProxy()
        let (told, record) = try Self.refused(proxy, way, "127.0.0.1", proxy.endpoint.port)
        #expect(told == way.told(502, 2))
        #expect(record.ending == "proxy_loop_detected proxy decide")
    }
}
