import Addressing

extension Ruleset {
    /// Judges a request and says what each rule has to do with it.
    ///
    /// - Parameters:
    ///   - addresses: what the host's name resolved to; nil if it wasn't looked up, or if the host is an address.
    ///   - tls: the tunnel's first bytes, once they are there.
    public func explain(
        _ request: Request, resolvedTo addresses: [IPAddress]? = nil, tls: TLSFacts? = nil
    ) -> Explanation {
        var outcome: Explanation.Outcome
        var refused: [Judgement.Refusal] = []
        var facts = Facts(address: nil, tls: tls)
        switch decide(request) {
        case .denied(let verdict):
            outcome = .denied(verdict)
            if case .address(let address) = request.host { facts.address = address }
        case .permitted(let permit):
            outcome = .permitted(permit)
            facts.address = permit.addresses.first
        case .resolve(let pending):
            let judgement = pending.judge(addresses ?? [])
            refused = judgement.refused
            facts.address = judgement.permit?.addresses.first ?? refused.first?.address
            if let permit = judgement.permit {
                outcome = .permitted(permit)
            } else {
                outcome =
                    refused.first.map { .denied($0.verdict) } ?? .dependsOnAddress(verdictIfNoAddressMatters(request))
            }
        }
        if let tls, let address = facts.address, case .permitted = outcome {
            let verdict = judge(request, dialled: address, tls: tls)
            if !verdict.isAllowed { outcome = .denied(verdict) }
        }
        let explanation = Explanation(outcome: outcome, refused: refused, findings: [])
        let findings = findings(request, facts, explanation.verdict)
        return Explanation(outcome: outcome, refused: refused, findings: findings)
    }

    // MARK: - Private

    private func verdictIfNoAddressMatters(_ request: Request) -> Verdict {
        NameDigest.of(request.host) { verdict(on: request, $0, Facts()) }
    }

    private func findings(_ request: Request, _ facts: Facts, _ verdict: Verdict) -> [Explanation.Finding] {
        NameDigest.of(request.host) { findings(request, $0, facts, verdict) }
    }

    private func findings(
        _ request: Request, _ name: Span<UInt64>, _ facts: Facts, _ verdict: Verdict
    ) -> [Explanation.Finding] {
        var findings: [Explanation.Finding] = []
        for index in rules.indices {
            var entry: EntryReference?
            let truth = truth(of: rules[index], for: request, name, facts, entry: &entry)
            let role: Explanation.Role
            if index == verdict.match.rule {
                role = .decided
            } else if verdict.reported.contains(where: { $0.rule == index }) {
                role = .reported
            } else if truth == .yes {
                role = .wouldMatch
            } else if let found = self.role(of: rules[index], request, name, facts, truth) {
                role = found
            } else {
                continue
            }
            let match = Match(rule: UInt32(index), entry: truth == .yes ? entry : nil)
            let text = descriptions[index].text
            let ground = Verdict.Ground(citations: citations, match: match)
            findings.append(Explanation.Finding(ground: ground, text: text, role: role))
        }
        return findings
    }

    /// What a rule that doesn't match has to do with the request; nil if nothing.
    ///
    /// Near is a rule of whose several conditions only one fails, or one whose words about the destination hold.
    private func role(
        of rule: Rule, _ request: Request, _ name: Span<UInt64>, _ facts: Facts, _ truth: Truth
    ) -> Explanation.Role? {
        var misses: [Explanation.Miss] = []
        var isAboutDestination = false
        var isExcepted = false
        var isCertain = true
        for index in rule.conditions {
            let condition = conditions[index]
            var entry: EntryReference?
            let isWaiting = condition.isAboutServerName && facts.tls == nil
            let holds = isWaiting ? .maybe : operands.test(condition, request, name, facts, &entry)
            if holds == .yes, condition.isAboutName, !condition.isNegated { isAboutDestination = true }
            if holds == .maybe { isCertain = false }
            guard holds == .no else { continue }
            let exception = operands.exception(condition, request, name, citations)
            isExcepted = isExcepted || exception != nil
            let text = descriptions[Int(rule.number)].conditions[index - rule.conditions.lowerBound]
            misses.append(
                Explanation.Miss(condition: text, why: exception ?? condition.test.presence(in: request, facts)))
        }
        if misses.isEmpty { return .depends }
        let isNear = isAboutDestination || isExcepted || isCertain && misses.count == 1 && rule.conditions.count > 1
        return isNear ? .nearMiss(misses) : nil
    }
}

extension Operands {
    /// Why a list that names the host doesn't hold all the same: `excepted by ads.txt:7`.
    fileprivate func exception(
        _ condition: Condition, _ request: Request, _ name: Span<UInt64>, _ citations: Citations
    ) -> String? {
        guard case .lists(let index) = condition.test, !condition.isNegated else { return nil }
        for source in lists[index] {
            if let hit = sources[source].find(request.host, name), hit.kind.contains(.exception) {
                return "excepted by \(citations.sources[source]):\(hit.line)"
            }
        }
        return nil
    }
}
