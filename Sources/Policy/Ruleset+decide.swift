import Addressing

extension Ruleset {
    /// Judges a request. Pure: the same request gets the same decision from the same ruleset.
    ///
    /// A name is judged as far as rules that need no address decide it: it is denied without a look-up when the first
    /// rule that surely matches denies, and no rule above it that depends on an address would allow.
    public func decide(_ request: Request) -> Decision {
        let subject = Subject(request)
        if let address = subject.address {
            let verdict = verdict(on: subject)
            guard verdict.isAllowed else { return .denied(verdict) }
            return .permitted(Permit(request: request, addresses: [address], verdict: verdict))
        }
        if let verdict = denialByName(subject) { return .denied(verdict) }
        return .resolve(PendingJudgement(request: request, ruleset: self))
    }

    /// See `PendingJudgement.judge`.
    func judge(_ request: Request, addresses: [IPAddress]) -> Judgement {
        var subject = Subject(request)
        var permitted: [IPAddress] = []
        var refused: [Judgement.Refusal] = []
        var first: Verdict?
        for address in addresses {
            subject.address = address
            let verdict = verdict(on: subject)
            if verdict.isAllowed {
                permitted.append(address)
                if first == nil { first = verdict }
            } else {
                refused.append(Judgement.Refusal(address: address, verdict: verdict))
            }
        }
        let permit = first.map { Permit(request: request, addresses: permitted, verdict: $0) }
        return Judgement(permit: permit, refused: refused)
    }

    /// Whether a rule matches, and by which list entry.
    ///
    /// An address that carries others, or leads to another, meets a rule that denies (or reports) when any of them does;
    /// a rule that allows must fit the address itself.
    func truth(of rule: Rule, for subject: borrowing Subject, entry: inout EntryReference?) -> Truth {
        let truth = truth(of: rule, for: subject, at: subject.address, entry: &entry)
        guard truth == .no, rule.action != .allow, let address = subject.address else { return truth }
        for alternate in address.alternates {
            let truth = self.truth(of: rule, for: subject, at: alternate, entry: &entry)
            if truth != .no { return truth }
        }
        return .no
    }

    // MARK: - Private

    private func truth(
        of rule: Rule, for subject: borrowing Subject, at address: IPAddress?, entry: inout EntryReference?
    ) -> Truth {
        var truth = Truth.yes
        entry = nil
        for index in rule.conditions {
            switch operands.test(conditions[index], subject, address, &entry) {
            case .no: return .no
            case .maybe: truth = .maybe
            case .yes: continue
            }
        }
        return truth
    }

    /// The verdict on a subject whose address is known: nothing depends on anything then.
    private func verdict(on subject: borrowing Subject) -> Verdict {
        var reported: [Match] = []
        var entry: EntryReference?
        for index in rules.indices where truth(of: rules[index], for: subject, entry: &entry) == .yes {
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
    private func denialByName(_ subject: borrowing Subject) -> Verdict? {
        var reported: [Match] = []
        var entry: EntryReference?
        for index in rules.indices {
            let rule = rules[index]
            switch (truth(of: rule, for: subject, entry: &entry), rule.action) {
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
