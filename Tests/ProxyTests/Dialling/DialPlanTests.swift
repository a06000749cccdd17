import Addressing
import EventLoop
import Glibc
import Testing

@testable import Proxy

/// A plan and the time that passes for it.
private final class Dialling {
    var plan: DialPlan
    var now = Instant(nanoseconds: 1_000_000_000)
    private let start = Instant(nanoseconds: 1_000_000_000)

    init(_ count: Int, timeout: Duration = .seconds(10)) {
        plan = DialPlan(
            (0..<count).map { IPAddress(192, 0, 2, UInt8($0)) }, timeout: timeout.nanoseconds,
            at: Instant(nanoseconds: 1_000_000_000))
    }

    /// What is done now: c and a number to connect, a and a number to abandon, then the wait in milliseconds, or "fail".
    func steps() -> [String] {
        var steps: [String] = []
        while true {
            switch plan.next(at: now) {
            case .connect(let attempt, let address):
                #expect(address == IPAddress(192, 0, 2, UInt8(attempt)))
                steps.append("c\(attempt)")
            case .abandon(let attempt): steps.append("a\(attempt)")
            case .wait(let instant): return steps + ["\(instant.microseconds(since: start) / 1000)"]
            case .fail: return steps + ["fail"]
            }
        }
    }

    func at(_ milliseconds: Int64) -> [String] {
        now = start.advanced(by: .milliseconds(milliseconds))
        return steps()
    }

    func fail(_ attempt: Int, _ error: CInt, at milliseconds: Int64) -> [String] {
        now = start.advanced(by: .milliseconds(milliseconds))
        plan.failed(attempt, Errno(rawValue: error), at: now)
        return steps()
    }

    /// The failures as address's last octet, error and milliseconds.
    var failures: [String] {
        plan.failures.map { "\(($0.address.v4Bits ?? 0) & 0xff) \($0.error.rawValue) \($0.microseconds / 1000)" }
    }
}

@Suite("Which address is tried when")
struct DialPlanTests {
    @Test("A single address gets all the time there is")
    func single() {
        let dialling = Dialling(1)
        #expect(dialling.steps() == ["c0", "10000"])
        #expect(dialling.at(9_999) == ["10000"])
        #expect(dialling.at(10_000) == ["a0", "fail"])
        #expect(dialling.failures == ["0 \(ETIMEDOUT) 10000"])
    }

    @Test("The next address is tried after 250 ms while the first goes on, and the first to connect wins")
    func staggered() {
        let dialling = Dialling(3)
        #expect(dialling.steps() == ["c0", "250"])
        #expect(dialling.at(249) == ["250"])
        #expect(dialling.at(250) == ["c1", "500"])
        #expect(dialling.at(500) == ["c2", "5000"])
        dialling.plan.connected(1, at: dialling.now)
        // What began before the winner was too slow; what began after it is of no account.
        #expect(dialling.failures == ["0 \(ETIMEDOUT) 500"])
    }

    @Test("A failure brings the next address at once, and the one after that 250 ms later")
    func failing() {
        let dialling = Dialling(3)
        #expect(dialling.steps() == ["c0", "250"])
        #expect(dialling.fail(0, ECONNREFUSED, at: 10) == ["c1", "260"])
        #expect(dialling.at(260) == ["c2", "5010"])
        #expect(dialling.fail(1, ENETUNREACH, at: 300) == ["5260"])
        #expect(dialling.fail(2, ECONNRESET, at: 400) == ["fail"])
        #expect(dialling.failures == ["0 \(ECONNREFUSED) 10", "1 \(ENETUNREACH) 290", "2 \(ECONNRESET) 140"])
    }

    @Test("One of several addresses gets half of the time at most")
    func attemptTimeout() {
        let dialling = Dialling(2)
        #expect(dialling.steps() == ["c0", "250"])
        #expect(dialling.at(250) == ["c1", "5000"])
        #expect(dialling.at(5_000) == ["a0", "5250"])
        #expect(dialling.at(5_250) == ["a1", "fail"])
    }

    @Test("However short the time, every address gets its turn")
    func shortTime() {
        let dialling = Dialling(4, timeout: .milliseconds(100))
        #expect(dialling.steps() == ["c0", "25"])
        #expect(dialling.at(25) == ["c1", "50"])
        #expect(dialling.at(50) == ["a0", "c2", "75"])
        #expect(dialling.at(75) == ["a1", "c3", "100"])
        #expect(dialling.at(100) == ["a2", "a3", "fail"])
    }

    @Test("A wake that comes late ends all that is due")
    func late() {
        let dialling = Dialling(3)
        #expect(dialling.steps() == ["c0", "250"])
        #expect(dialling.at(60_000) == ["a0", "fail"])
    }
}

@Suite("Destinations that lately failed")
struct OriginHealthTests {
    private static let now = Instant(nanoseconds: 1_000_000_000)
    private static let fours = (1...3).map { IPAddress(192, 0, 2, UInt8($0)) }
    private static let sixes = (1...3).map { IPAddress(high: 0x2001_0db8_0000_0000, low: UInt64($0)) }
    private static let port = Port(443)

    @Test("Families take turns, IPv6 first, each in its own order")
    func interleaves() {
        let health = OriginHealth()
        func order(_ addresses: [IPAddress]) -> [IPAddress] { health.order(addresses, Self.port, at: Self.now) }
        let (f, s) = (Self.fours, Self.sixes)
        #expect(order([f[0], f[1], s[0], s[1]]) == [s[0], f[0], s[1], f[1]])
        #expect(order([s[0], f[0], f[1], f[2]]) == [s[0], f[0], f[1], f[2]])
        #expect(order([s[0], s[1], s[2], f[0]]) == [s[0], f[0], s[1], s[2]])
        #expect(order(f) == f)
        #expect(order(s) == s)
        #expect(order([f[0]]) == [f[0]])
    }

    @Test("What lately failed is tried last, at that port, for five minutes or until it answers")
    func failing() {
        let health = OriginHealth()
        let (f, s) = (Self.fours, Self.sixes)
        let all = [s[0], f[0], f[1]]
        health.failed(Endpoint(s[0], Self.port), at: Self.now)
        #expect(health.order(all, Self.port, at: Self.now) == [f[0], f[1], s[0]])
        #expect(health.order(all, Port(80), at: Self.now) == [s[0], f[0], f[1]])
        let later = Self.now.advanced(by: OriginHealth.memoryTime)
        #expect(health.order(all, Self.port, at: later) == [s[0], f[0], f[1]])
        health.connected(to: Endpoint(s[0], Self.port), overtookV6: false, at: Self.now)
        #expect(health.order(all, Self.port, at: Self.now) == [s[0], f[0], f[1]])
    }

    @Test("When all have failed their order is as before")
    func allFailing() {
        let health = OriginHealth()
        for address in Self.fours { health.failed(Endpoint(address, Self.port), at: Self.now) }
        #expect(health.order(Self.fours, Self.port, at: Self.now) == Self.fours)
    }

    @Test("Where IPv4 overtakes IPv6 time and again it goes first, until IPv6 connects")
    func family() {
        let health = OriginHealth()
        let (f, s) = (Self.fours, Self.sixes)
        for _ in 0..<OriginHealth.overtakenLimit {
            #expect(health.order([s[0], f[0]], Self.port, at: Self.now) == [s[0], f[0]])
            health.connected(to: Endpoint(f[1], Self.port), overtookV6: true, at: Self.now)
        }
        #expect(health.order([s[0], f[0]], Self.port, at: Self.now) == [f[0], s[0]])
        let later = Self.now.advanced(by: OriginHealth.memoryTime)
        #expect(health.order([s[0], f[0]], Self.port, at: later) == [s[0], f[0]])
        health.connected(to: Endpoint(s[1], Self.port), overtookV6: false, at: Self.now)
        #expect(health.order([s[0], f[0]], Self.port, at: Self.now) == [s[0], f[0]])
    }

    @Test("However many fail, a bounded number is remembered, the latest among them")
    func bounded() {
        let health = OriginHealth()
        for number in 0..<3000 {
            let address = IPAddress(v4: 0xc000_0000 + UInt32(number))
            health.failed(Endpoint(address, Self.port), at: Self.now.advanced(by: .milliseconds(Int64(number))))
        }
        let good = Self.fours[0]
        let last = IPAddress(v4: 0xc000_0000 + 2999)
        let first = IPAddress(v4: 0xc000_0000)
        #expect(health.order([last, good], Self.port, at: Self.now) == [good, last])
        #expect(health.order([first, good], Self.port, at: Self.now) == [first, good])
    }
}
