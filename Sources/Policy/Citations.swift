/// The texts that verdicts point into. Kept apart from the tables, so that a verdict that lives as long as an idle
/// tunnel doesn't keep a replaced block list in memory.
final class Citations: Sendable {
    struct RuleText: Sendable {
        let isAllowed: Bool
        /// `acl/policy.conf:12`.
        let position: String
        let reason: String?
        let id: String?
        /// Whether it looks at the destination's address.
        let concernsAddress: Bool
    }

    let rules: [RuleText]
    /// The paths of the list files, by source number.
    let sources: [String]
    let fingerprint: String

    init(rules: [RuleText], sources: [String], fingerprint: String) {
        self.rules = rules
        self.sources = sources
        self.fingerprint = fingerprint
    }
}

/// A line of a list file that made a `list:` condition true.
struct EntryReference: Hashable, Sendable {
    /// Number of the file among the ruleset's sources.
    let source: UInt32
    /// Counted from 1.
    let line: UInt32
    /// How many of the host's labels, from the right, the entry covers; 0 for an entry that is an address.
    let labels: UInt8
}

/// A rule that matched, and the list entry that made it match.
struct Match: Hashable, Sendable {
    let rule: UInt32
    let entry: EntryReference?
}
