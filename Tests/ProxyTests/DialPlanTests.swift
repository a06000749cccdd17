import Addressing
import EventLoop
import Policy
import Testing

@testable import Proxy

@Suite("The order of dialling")
struct DialPlanTests {
    /// Leave to dial `addresses`, as only the policy gives it.
    private static func permit(_ addresses: [IPAddress]) throws -> Permit {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let request = Request(
            client: .loopbackV4, host: try Host("a.example"), port: Port(443), via: .connect, time: 0)
        guard case .resolve(let pending) = try Ruleset.load(path: folder["policy.conf"]).decide(request) else {
            throw Connection.Failure(description: "a name is not looked up")
        }
        return try #require(pending.judge(addresses).permit)
    }

    private static let addresses = [IPAddress(192, 0, 2, 1), IPAddress(192, 0, 2, 2), .loopbackV6]

    @Test("Each address is tried once, in the permit's order, at the permit's port")
    func order() throws {
        var plan = DialPlan(try Self.permit(Self.addresses), timeout: .seconds(3))
        let start = Instant(nanoseconds: 0)
        for address in Self.addresses {
            #expect(plan.next(at: start) == Endpoint(address, Port(443)))
            plan.failed(.timedOut, at: start)
        }
        #expect(plan.next(at: start) == nil)
        #expect(plan.next(at: start) == nil)
    }

    @Test("All attempts together take no longer than the timeout")
    func shares() throws {
        for count in 1...3 {
            let plan = DialPlan(try Self.permit(Array(Self.addresses[..<count])), timeout: .seconds(9))
            #expect(plan.attemptTimeout * count == .seconds(9))
        }
    }

    @Test("A failure has its address, its error and how long it took")
    func failures() throws {
        var plan = DialPlan(try Self.permit(Self.addresses), timeout: .seconds(3))
        let start = Instant(nanoseconds: 1_000_000)
        _ = plan.next(at: start)
        plan.failed(Errno(rawValue: 111), at: start.advanced(by: .microseconds(7)))
        _ = plan.next(at: start.advanced(by: .microseconds(7)))
        plan.failed(.timedOut, at: start.advanced(by: .seconds(1)))
        #expect(plan.failures.map(\.address) == Array(Self.addresses[..<2]))
        #expect(plan.failures.map(\.error) == [Errno(rawValue: 111), .timedOut])
        #expect(plan.failures.map(\.microseconds) == [7, 999_993])
    }
}
