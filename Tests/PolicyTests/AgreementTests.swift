import Addressing
import Testing

@testable import Policy

@Suite("The compiled policy and a plain reading of it")
struct AgreementTests {
    @Test(
        "They agree on verdict, rule, list entry and reports, for random policies and requests, and explain names that rule",
        arguments: 0..<8)
    func agreement(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<25 {
            let policy = LinearPolicy.random(using: &random)
            let folder = PolicyFolder(policy.files)
            let ruleset = try folder.load()
            for _ in 0..<40 {
                let request = try Request.random(using: &random)
                let addresses = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    LinearPolicy.address(using: &random)
                }
                let answer = ruleset.answer(request, resolvingTo: addresses, in: folder)
                let expected = policy.answer(request, resolvingTo: addresses.map { IPAddress($0)! })
                #expect(answer == expected, "\(request)\n\(policy.text)\(policy.lists)")
                Self.expectExplained(ruleset, request, addresses.map { IPAddress($0)! })
                let (dialled, tls) = (
                    IPAddress(LinearPolicy.address(using: &random))!, try TLSFacts.random(using: &random)
                )
                #expect(
                    ruleset.answer(request, dialled: dialled, tls, in: folder)
                        == policy.answer(request, dialled: dialled, tls),
                    "\(request) \(dialled) \(tls)\n\(policy.text)\(policy.lists)")
            }
        }
    }

    /// The explanation's verdict is the decision's, and exactly its rule is the one that decided.
    private static func expectExplained(_ ruleset: Ruleset, _ request: Request, _ addresses: [IPAddress]) {
        let verdict: Verdict
        switch ruleset.decide(request) {
        case .denied(let denial): verdict = denial
        case .permitted(let permit): verdict = permit.verdict
        case .resolve(let pending):
            let judgement = pending.judge(addresses)
            guard let found = judgement.permit?.verdict ?? judgement.refused.first?.verdict else { return }
            verdict = found
        }
        let explanation = ruleset.explain(request, resolvedTo: addresses)
        #expect(explanation.verdict.rule == verdict.rule && explanation.verdict.entry == verdict.entry)
        let deciding = explanation.findings.filter { $0.role == .decided }
        #expect(deciding.map(\.ground.rule) == [verdict.rule])
        #expect(deciding.first?.ground.entry == verdict.entry)
        let reported = explanation.findings.filter { $0.role == .reported }
        #expect(reported.map(\.ground.rule) == verdict.wouldDeny.map(\.rule))
        for finding in explanation.findings {
            if case .nearMiss(let misses) = finding.role { #expect(!misses.isEmpty) }
        }
    }
}
