import Addressing

extension Ruleset {
    /// Judges a request. Pure: the same request gets the same decision from the same ruleset.
    ///
    /// A name is judged as far as rules that need no address decide it: it is denied without a look-up when the first
    /// rule that surely matches denies, and no rule above it that depends on an address would allow.
    public func decide(_ request: Request) -> Decision {
        guard case .address(let address) = request.host else {
            let denial = NameHash.withSuffixes(of: request.host) { name in denialByName(request, name) }
            if let denial { return .denied(denial) }
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
        NameHash.withSuffixes(of: request.host) { name in
            verdict(on: request, name, Facts(address: address, tls: tls))
        }
    }

    /// See `PendingJudgement.judge`.
    func judge(_ request: Request, addresses: [IPAddress]) -> Judgement {
        var permitted = addresses
        var first: Verdict?
        var refused: [Judgement.Refusal] = []
        NameHash.withSuffixes(of: request.host) { name in
            permitted.removeAll { address in
                let verdict = verdict(on: request, name, Facts(address: address))
                if verdict.isAllowed {
                    if first == nil { first = verdict }
                } else {
                    refused.append(Judgement.Refusal(address: address, verdict: verdict))
                }
                return !verdict.isAllowed
            }
        }
        let permit = first.map { Permit(request: request, addresses: permitted, verdict: $0) }
        return Judgement(permit: permit, refused: refused)
    }

    /// Whether a rule matches, and by which list entry.
    ///
    /// An address that carries others meets a rule that denies (or reports) when any of them does; a rule that allows
    /// must fit the address itself. The unspecified address stands for the loopback, where Linux takes a connection to
    /// it.
    ///
    /// - Parameter name: the hashes of the suffixes of the host's name.
    func truth(
        of rule: Rule, for request: Request, _ name: Span<UInt64>, _ facts: Facts, entry: inout EntryReference?
    ) -> Truth {
        if rule.asksForServerName, facts.tls == nil { return .no }
        let truth = operands.test(conditions, rule.conditions, request, name, facts, &entry)
        guard truth == .no, rule.action != .allow, let address = facts.address else { return truth }
        if address.isUnspecified {
            let loopback = Facts(address: address.isV4 ? .loopbackV4 : .loopbackV6, tls: facts.tls)
            return operands.test(conditions, rule.conditions, request, name, loopback, &entry)
        }
        guard !address.isV4 else { return .no }
        for carried in address.judged where carried != address {
            let facts = Facts(address: carried, tls: facts.tls)
            let truth = operands.test(conditions, rule.conditions, request, name, facts, &entry)
            if truth != .no { return truth }
        }
        return .no
    }

    // MARK: - Private

    /// The verdict once the address is known: nothing depends on anything then.
    func verdict(on request: Request, _ name: Span<UInt64>, _ facts: Facts) -> Verdict {
        var reported: [Match] = []
        var entry: EntryReference?
        for index in rules.indices where truth(of: rules[index], for: request, name, facts, entry: &entry) == .yes {
            let match = Match(rule: UInt32(index), entry: entry)
            if rules[index].action == .report {
                reported.append(match)
            } else {
                return Verdict(citations: citations, match: match, reported: reported)
            }
        }
        preconditionFailure("the last rule is the default, which has no conditions")
    }

    /// The denial that holds for a name whatever its addresses are; nil when the addresses matter.
    private func denialByName(_ request: Request, _ name: Span<UInt64>) -> Verdict? {
        var reported: [Match] = []
        var entry: EntryReference?
        for index in rules.indices {
            switch (truth(of: rules[index], for: request, name, Facts(), entry: &entry), rules[index].action) {
            case (.no, _), (.maybe, .report), (.maybe, .deny): continue
            case (.maybe, .allow), (.yes, .allow): return nil
            case (.yes, .report): reported.append(Match(rule: UInt32(index), entry: entry))
            case (.yes, .deny):
                let match = Match(rule: UInt32(index), entry: entry)
                return Verdict(citations: citations, match: match, reported: reported)
            }
        }
        preconditionFailure("the last rule is the default, which has no conditions")
    }
}
