import AccessLog
import Policy

/// What the policy said of the last request, as the record has it: of the next it most often says the same.
struct DecisionMemory {
    private var identity: Policy.Verdict.Identity?
    private var text: DecisionText?
    /// Kept, so that no other comes to have its identity.
    private var verdict: Policy.Verdict?

    /// Fills in what the policy says, and why the proxy refused what the policy did not deny.
    ///
    /// - Parameter ruleset: the one in force, of which the record names the policy where nothing was judged.
    mutating func fill(
        _ record: inout Record, _ verdict: Policy.Verdict?, by ruleset: Ruleset, explanation: String?
    ) {
        guard let verdict else {
            if let explanation { record.set(.reason, explanation) }
            return record.set(.policy, ruleset.fingerprint)
        }
        if let explanation, verdict.isAllowed {
            Self.fill(&record, verdict)
            return record.set(.reason, explanation)
        }
        let identity = verdict.identity
        if identity != nil, identity == self.identity {
            record.decision = text
        } else {
            Self.fill(&record, verdict)
            self.identity = identity
            text = DecisionText(of: record)
            self.verdict = verdict
        }
    }

    private static func fill(_ record: inout Record, _ verdict: Policy.Verdict) {
        record.verdict = verdict.isAllowed ? .allow : .deny
        record.set(.rule, verdict.rule)
        if let entry = verdict.entry { record.set(.entry, entry) }
        if let reason = verdict.reason { record.set(.reason, reason) }
        if let would = verdict.wouldDeny.first { record.set(.would, would.rule) }
        record.set(.policy, verdict.fingerprint)
    }
}
