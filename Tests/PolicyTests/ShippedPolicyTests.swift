import Addressing
import Testing

@testable import Policy

@Suite("The policy as shipped")
struct ShippedPolicyTests {
    private static let path = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/acl/policy.conf"

    @Test("It loads without a warning")
    func loads() throws {
        let ruleset = try Ruleset.load(path: Self.path)
        #expect(ruleset.warnings.isEmpty)
        #expect(ruleset.lint(now: 0).isEmpty)
        #expect(ruleset.entryCount == 4)
    }

    @Test(
        "It closes the examples and what leads back inside, each with its reason, and lets the rest out",
        arguments: [
            ("ads.example.com", 443, [], "on the block list"), ("x.tracker.example.net", 80, [], "on the block list"),
            ("blocked.example", 443, [], "an example of a blocked name"),
            ("www.blocked.example", 443, [], "an example of a blocked name"),
            ("127.0.0.1", 80, [], "this machine itself"), ("::1", 80, [], "this machine itself"),
            ("localhost", 80, ["127.0.0.1"], "this machine itself"),
            ("zero.test", 80, ["0.0.0.0"], "this machine itself"),
            ("169.254.169.254", 80, [], "credentials of cloud machines"),
            ("rebinding.test", 80, ["169.254.169.254"], "credentials of cloud machines"),
            ("10.1.2.3", 80, [], "the private network"), ("64:ff9b::c0a8:101", 80, [], "the private network"),
            ("169.254.1.1", 80, [], "the local link"), ("fe80::1", 80, [], "the local link"),
            ("100.64.0.1", 80, [], "the provider's own network (carrier-grade NAT)"),
            ("224.0.0.1", 80, [], "no address of one host"),
            ("255.255.255.255", 80, [], "addresses that are not for use"),
            ("198.51.100.1", 80, [], "addresses for examples, which lead nowhere"),
            ("mail.test", 25, ["1.1.1.1"], "mail to other servers"),
            ("www.test", 443, ["1.1.1.1"], nil), ("1.1.1.1", 443, [], nil), ("2606:4700::1111", 443, [], nil),
        ] as [(String, UInt16, [String], String?)])
    func judges(host: String, port: UInt16, addresses: [String], reason: String?) throws {
        let ruleset = try Ruleset.load(path: Self.path)
        let request = try Request(host, port: port)
        let verdict: Verdict
        switch ruleset.decide(request) {
        case .denied(let denial): verdict = denial
        case .permitted(let permit): verdict = permit.verdict
        case .resolve(let pending):
            let judgement = pending.judge(addresses.map { IPAddress($0)! })
            verdict = try #require(judgement.permit?.verdict ?? judgement.refused.first?.verdict)
        }
        #expect(verdict.isAllowed == (reason == nil))
        #expect(verdict.reason == reason)
    }
}
