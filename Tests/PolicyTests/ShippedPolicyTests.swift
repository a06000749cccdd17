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
        #expect(ruleset.entryCount == 4)
    }
}
