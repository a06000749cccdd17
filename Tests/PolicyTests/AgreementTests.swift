import Addressing
import Testing

@testable import Policy

@Suite("The compiled policy and a plain reading of it")
struct AgreementTests {
    @Test("They agree on verdict, rule, list entry and reports, for random policies and requests", arguments: 0..<8)
    func agreement(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<25 {
            let policy = LinearPolicy.random(using: &random)
            var files = ["policy.conf": policy.text]
            for (number, list) in policy.lists.enumerated() {
                files["l\(number).txt"] = list.map { $0 + "\n" }.joined()
            }
            let folder = PolicyFolder(files)
            let ruleset = try folder.load()
            for _ in 0..<40 {
                let request = try Request.random(using: &random)
                let addresses = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    LinearPolicy.address(using: &random)
                }
                let answer = ruleset.answer(request, resolvingTo: addresses, in: folder)
                let expected = policy.answer(request, resolvingTo: addresses.map { IPAddress($0)! })
                #expect(answer == expected, "\(request)\n\(policy.text)\(policy.lists)")
            }
        }
    }
}
