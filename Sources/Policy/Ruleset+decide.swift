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
        let verdict = verdict(on: request, Span(), at: address)
        guard verdict.isAllowed else { return .denied(verdict) }
        return .permitted(Permit(request: request, addresses: [address], verdict: verdict))
    }

    /// See `PendingJudgement.judge`.
    func judge(_ request: Request, addresses: [IPAddress]) -> Judgement {
        var permitted = addresses
        var first: Verdict?
        var refused: [Judgement.Refusal] = []
        NameHash.withSuffixes(of: request.host) { name in
            permitted.removeAll { address in
                let verdict = verdict(on: request, name, at: address)
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
    /// - Parameters:
    ///   - name: the hashes of the suffixes of the host's name.
    ///   - address: the host itself, or one that its name resolved to; nil until it is known.
    func truth(
        of rule: Rule, for request: Request, _ name: Span<UInt64>, at address: IPAddress?,
        entry: inout EntryReference?
    ) -> Truth {
        let truth = operands.test(conditions, rule.conditions, request, name, address, &entry)
        guard truth == .no, rule.action != .allow, let address else { return truth }
        if address.isUnspecified {
            let loopback: IPAddress = address.isV4 ? .loopbackV4 : .loopbackV6
            return operands.test(conditions, rule.conditions, request, name, loopback, &entry)
        }
        guard !address.isV4 else { return .no }
        for carried in address.judged where carried != address {
            let truth = operands.test(conditions, rule.conditions, request, name, carried, &entry)
            if truth != .no { return truth }
        }
        return .no
    }

    // MARK: - Private

    /// The verdict once the address is known: nothing depends on anything then.
    private func verdict(on request: Request, _ name: Span<UInt64>, at address: IPAddress) -> Verdict {
        var reported: [Match] = []
        var entry: EntryReference?
        for index in rules.indices where truth(of: rules[index], for: request, name, at: address, entry: &entry) == .yes
        {
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
            switch (truth(of: rules[index], for: request, name, at: nil, entry: &entry), rules[index].action) {
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
