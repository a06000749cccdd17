import Addressing
import EventLoop
import Testing

@testable import Proxy

@Suite("Which name server is asked")
struct NameServersTests {
    static func servers(_ count: Int, rotates: Bool = false) -> NameServers {
        NameServers(
            (0..<count).map { Endpoint(IPAddress(127, 0, 0, UInt8($0 + 1)), Port(53)) }, rotates: rotates)
    }

    @Test("As long as nothing is known, in the order in which they are named")
    func unknown() {
        var servers = Self.servers(3)
        let order = servers.order()
        #expect(order == [0, 1, 2])
        #expect(servers.patience(with: 0) == NameServers.unknownPatience)
        #expect(!servers.areSilent)
    }

    @Test("The fastest comes first, one that is not known before the slow, one that failed last")
    func fastest() {
        var servers = Self.servers(4)
        servers.answered(0, after: Duration.milliseconds(400).nanoseconds)
        servers.answered(1, after: Duration.milliseconds(40).nanoseconds)
        servers.answered(2, after: Duration.milliseconds(1).nanoseconds)
        servers.failed(2)
        var order = servers.order()
        #expect(order == [1, 3, 0, 2])
        servers.answered(2, after: Duration.milliseconds(2).nanoseconds)
        order = servers.order()
        #expect(order == [2, 1, 3, 0])
    }

    @Test("A server's patience follows the time it takes, within bounds")
    func patience() {
        var servers = Self.servers(1)
        servers.answered(0, after: Duration.milliseconds(1).nanoseconds)
        #expect(servers.patience(with: 0) == NameServers.leastPatience)
        for _ in 0..<50 { servers.answered(0, after: Duration.milliseconds(150).nanoseconds) }
        #expect(servers.patience(with: 0) >= .milliseconds(150) && servers.patience(with: 0) < .milliseconds(300))
        for _ in 0..<50 { servers.answered(0, after: Duration.seconds(3).nanoseconds) }
        #expect(servers.patience(with: 0) == NameServers.mostPatience)
        servers.failed(0)
        #expect(servers.patience(with: 0) == NameServers.unknownPatience)
    }

    @Test("They are silent when each has failed since its last answer")
    func silent() {
        var servers = Self.servers(2)
        servers.failed(0)
        #expect(!servers.areSilent)
        servers.failed(1)
        #expect(servers.areSilent)
        servers.answered(1, after: Duration.milliseconds(1).nanoseconds)
        #expect(!servers.areSilent)
    }

    @Test("A server that was not asked for a minute gets a question along with another")
    func probes() {
        var servers = Self.servers(3)
        var now = Instant(nanoseconds: 1_000_000_000)
        #expect(servers.probe(besides: 0, at: now) == 1)
        servers.asked(1, at: now)
        #expect(servers.probe(besides: 0, at: now) == 2)
        servers.asked(2, at: now)
        #expect(servers.probe(besides: 0, at: now) == nil)
        now = now.advanced(by: NameServers.probeInterval)
        #expect(servers.probe(besides: 0, at: now) == 1)
        #expect(Self.servers(1).probe(besides: 0, at: now) == nil)
    }

    @Test("With rotate each server is first in turn, but for those that fail")
    func rotates() {
        var servers = Self.servers(3, rotates: true)
        let first = (0..<4).map { _ in servers.order()[0] }
        #expect(first == [1, 2, 0, 1])
        servers.failed(2)
        let orders = (0..<3).map { _ in servers.order() }
        #expect(orders == [[0, 1, 2], [0, 1, 2], [1, 0, 2]])
    }

    @Test("Letters that come back otherwise are doubted once, if they were kept before")
    func letters() {
        var unknown = LetterCase()
        var isDoubted = unknown.wereFolded()
        #expect(!isDoubted && unknown.areFolded)

        var keeping = LetterCase()
        for _ in 0..<2 {
            keeping.wereKept()
            isDoubted = keeping.wereFolded()
            #expect(isDoubted && !keeping.areFolded)
        }
        isDoubted = keeping.wereFolded()
        #expect(!isDoubted && keeping.areFolded)
    }
}
