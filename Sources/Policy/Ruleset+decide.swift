import Addressing

extension Ruleset {
    /// Judges a request. Pure: the same request gets the same decision from the same ruleset.
    ///
    /// A name is judged as far as rules that need no address decide it: it is denied without a look-up when the first
    /// rule that surely matches denies, and no rule above it that depends on an address would allow.
    public func decide(_ request: Request) -> Decision {
        guard case .address(let address) = request.host else {
            if let denial = NameDigest.of(request.host, { denialByName(request, $0) }) { return .denied(denial) }
            return .resolve(PendingJudgement(request: request, ruleset: self))
        }
        let verdict = verdict(on: request, Span(), Facts(address: address))
        guard verdict.isAllowed else { return .denied(verdict) }
        return .permitted(Permit(request: request, addresses: [address], verdict: verdict))
    }

    /// Judges a tunnel again, now that its first bytes are there: all rules from the top, those with `sni` among them.
    ///
    /// - Parameters:
    ///   - request: as it was decided.
    ///   - address: the one that was dialled.
    /// - Returns: when it denies, the tunnel is to be ended with its reason. Rules without `sni` say what they said, so
    ///   only a rule with `sni` denies here what was permitted before.
    public func judge(_ request: Request, dialled address: IPAddress, tls: TLSFacts) -> Verdict {
        NameDigest.of(request.host) { verdict(on: request, $0, Facts(address: address, tls: tls)) }
    }

    /// See `PendingJudgement.judge`.
    func judge(_ request: Request, addresses: [IPAddress]) -> Judgement {
        var refused: [Judgement.Refusal] = []
        var first: Verdict?
        NameDigest.of(request.host) { name in
            for address in addresses {
                let verdict = verdict(on: request, name, Facts(address: address))
                if !verdict.isAllowed {
                    refused.append(Judgement.Refusal(address: address, verdict: verdict))
                } else if first == nil {
                    first = verdict
                }
            }
        }
        // Mostly all are, and no other list of them has to be made.
        let permitted =
            refused.isEmpty ? addresses : addresses.filter { one in !refused.contains { $0.address == one } }
        let permit = first.map { Permit(request: request, addresses: permitted, verdict: $0) }
        return Judgement(permit: permit, refused: refused)
    }

    /// Whether a rule matches, and by which list entry.
    ///
    /// A rule that denies (or reports) is met by any of the addresses that one stands for; a rule that allows must fit the
    /// address itself.
    ///
    /// - Parameter name: the hashes of the suffixes of the host's name.
    func truth(
        of rule: Rule, for request: Request, _ name: Span<UInt64>, _ facts: Facts, entry: inout EntryReference?
    ) -> Truth {
        if rule.asksForServerName, facts.tls == nil { return .no }
        var truth = operands.test(conditions, rule.conditions, request, name, facts, &entry)
        guard truth == .no, rule.action != .allow, let address = facts.address, address.standsForOthers else {
            return truth
        }
        address.forEachMeant { meant in
            guard truth == .no else { return }
            truth = operands.test(
                conditions, rule.conditions, request, name, Facts(address: meant, tls: facts.tls), &entry)
        }
        return truth
    }

    /// The verdict of rules that surely match: once the address is known, that is the verdict.
    func verdict(on request: Request, _ name: Span<UInt64>, _ facts: Facts) -> Verdict {
        let candidates = index.candidates(name, facts.address)
        var reported: [Match] = []
        var entry: EntryReference?
        var next = 0
        while let number = candidates.first(from: next) {
            next = number + 1
            guard truth(of: rules[number], for: request, name, facts, entry: &entry) == .yes else { continue }
            let match = Match(rule: UInt32(number), entry: entry)
            guard rules[number].action == .report else {
                return Verdict(citations: citations, match: match, reported: reported)
            }
            reported.append(match)
        }
        preconditionFailure("the last rule is the default, which has no conditions")
    }

    // MARK: - Private

    /// The denial that holds for a name whatever its addresses are; nil when the addresses matter.
    private func denialByName(_ request: Request, _ name: Span<UInt64>) -> Verdict? {
        let candidates = index.candidates(name, nil)
        var reported: [Match] = []
        var entry: EntryReference?
        var next = 0
        while let number = candidates.first(from: next) {
            next = number + 1
            switch (truth(of: rules[number], for: request, name, Facts(), entry: &entry), rules[number].action) {
            case (.no, _), (.maybe, .report), (.maybe, .deny): continue
            case (.maybe, .allow), (.yes, .allow): return nil
            case (.yes, .report): reported.append(Match(rule: UInt32(number), entry: entry))
            case (.yes, .deny):
                let match = Match(rule: UInt32(number), entry: entry)
                return Verdict(citations: citations, match: match, reported: reported)
            }
        }
        preconditionFailure("the last rule is the default, which has no conditions")
    }
}
