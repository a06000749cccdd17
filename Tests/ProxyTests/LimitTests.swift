import Addressing
import EventLoop
import Testing

@testable import Proxy

@Suite("Limits")
struct LimitTests {
    private static func connect(_ proxy: RunningProxy, to origin: Origin, _ fields: String = "") throws -> Connection {
        let client = try proxy.connect()
        try client.send("CONNECT \(origin.endpoint) HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\(fields)\r\n")
        return client
    }

    private static func limited(_ set: (inout Limits) -> Void) throws -> RunningProxy {
        var limits = Limits()
        set(&limits)
        return try RunningProxy { $0.limits = limits }
    }

    @Test(
        "Beyond so many connections, in all or from one address, clients are refused in their own words until one ends",
        arguments: [true, false])
    func connections(isTotal: Bool) throws {
        let proxy = try Self.limited { limits in
            if isTotal { limits.connections = 2 } else { limits.connectionsPerClient = 2 }
        }
        let origin = try Origin()
        let first = try Self.connect(proxy, to: origin)
        #expect(try first.receiveHead().hasPrefix("HTTP/1.1 200"))
        let resting = try proxy.connect()
        try proxy.wait("the second connection") { proxy.server.counts.accepted == 2 }
        let refused = try Self.connect(proxy, to: origin)
        let head = try refused.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 503") && head.contains("error=connection_limit_reached"))
        let socks = try proxy.connect()
        try socks.send([5, 1, 0] + Way.socksRequest("127.0.0.1", origin.port))
        #expect(try socks.receive(4) == [5, 0, 5, 1])
        let plain = try proxy.connect()
        try plain.send("GET http://\(origin.endpoint)/ HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\r\n")
        #expect(try plain.receiveHead().hasPrefix("HTTP/1.1 503"))
        resting.close()
        try proxy.wait("its end") { proxy.server.counts.recorded == 4 }
        let again = try Self.connect(proxy, to: origin)
        #expect(try again.receiveHead().hasPrefix("HTTP/1.1 200"))
        for client in [first, again, refused, socks, plain] { client.close() }
        for _ in 0..<2 { try origin.accept().close() }
        let outcomes = try proxy.finish().map(\.outcome)
        #expect(outcomes.filter { $0 == "connection_limit_reached" }.count == 3)
    }

    @Test("New requests beyond a client's rate are refused, also those on one connection")
    func rate() throws {
        let proxy = try Self.limited { $0.requestRatePerClient = 1 }
        let origin = try Origin()
        let client = try proxy.connect()
        let request = "GET http://\(origin.endpoint)/ HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\r\n"
        try client.send(request + request)
        let accepted = try origin.accept()
        _ = try accepted.receiveHead()
        try accepted.send("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(try client.receiveHead().hasPrefix("HTTP/1.1 204"))
        let head = try client.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 429") && head.contains("Retry-After: 1\r\n"))
        client.close()
        accepted.close()
        #expect(try proxy.finish().map(\.outcome) == ["ok", "connection_limit_reached"])
    }

    @Test("A user has so many tunnels at a time, from wherever; others are not concerned")
    func perUser() throws {
        var limits = Limits()
        limits.requestsPerUser = 1
        let proxy = try LoginTests.proxy { $0.limits = limits }
        let origin = try Origin()
        let ann = "Proxy-Authorization: Basic \(LoginTests.ann)\r\n"
        let first = try Self.connect(proxy, to: origin, ann)
        #expect(try first.receiveHead().hasPrefix("HTTP/1.1 200"))
        let second = try Self.connect(proxy, to: origin, ann)
        #expect(try second.receiveHead().hasPrefix("HTTP/1.1 503"))
        let other = try Self.connect(proxy, to: origin, "Proxy-Authorization: Basic \(LoginTests.bob)\r\n")
        #expect(try other.receiveHead().hasPrefix("HTTP/1.1 200"))
        first.close()
        try origin.accept().close()
        try proxy.wait("the first tunnel's end") { proxy.server.counts.recorded == 2 }
        let again = try Self.connect(proxy, to: origin, ann)
        #expect(try again.receiveHead().hasPrefix("HTTP/1.1 200"))
        for client in [second, other, again] { client.close() }
        for _ in 0..<2 { try origin.accept().close() }
        #expect(try proxy.finish().filter { $0.outcome == "connection_limit_reached" }.count == 1)
    }

    @Test("What has passed is owed, and paid off at the agreed rate")
    func meter() {
        let start = Instant.now()
        let meter = Meter(perSecond: 1000, at: start)
        #expect(meter.charge(50, at: start) == nil, "a twentieth of a second may pass at once")
        #expect(meter.charge(150, at: start) == start.advanced(by: .milliseconds(200)))
        #expect(meter.charge(100, at: start) == start.advanced(by: .milliseconds(300)))
        let later = start.advanced(by: .seconds(10))
        #expect(meter.charge(50, at: later) == nil, "nothing is saved up")
        #expect(meter.charge(1, at: later) != nil)
    }

    @Test("A rate's bucket holds a second's worth and fills evenly")
    func bucket() {
        var rates = RequestRates(perSecond: 2)
        let start = Instant.now()
        let client = IPAddress.loopbackV4
        let asked: [(IPAddress, milliseconds: Int)] = [
            (client, 0), (client, 0), (client, 0), (.loopbackV6, 0), (client, 400), (client, 500), (client, 501),
        ]
        var taken: [Bool] = []
        for (who, time) in asked { taken.append(rates.take(who, at: start.advanced(by: .milliseconds(time)))) }
        #expect(taken == [true, true, false, true, false, true, false])
    }

    @Test("Bulk of a metered user arrives whole, in both directions", arguments: [true, false])
    func metered(isUp: Bool) throws {
        var limits = Limits()
        limits.bandwidthPerUser = 20_000_000
        let proxy = try LoginTests.proxy { $0.limits = limits }
        let origin = try Origin()
        let client = try Self.connect(proxy, to: origin, "Proxy-Authorization: Basic \(LoginTests.ann)\r\n")
        #expect(try client.receiveHead().hasPrefix("HTTP/1.1 200"))
        let accepted = try origin.accept()
        let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (sender, receiver) = isUp ? (client, accepted) : (accepted, client)
        let start = Instant.now()
        let sending = Background { try sender.send(bytes) }
        #expect(try receiver.receive(bytes.count) == bytes)
        try sending.wait()
        // Two megabytes at twenty a second, less what passes at once.
        #expect(Instant.now().microseconds(since: start) >= 40_000)
        client.close()
        accepted.close()
        _ = try proxy.finish()
    }
}
