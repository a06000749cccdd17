import Addressing

/// Allowed or denied, and by what: every verdict names the line that made it.
///
/// Small, and cheap to keep for the life of an idle tunnel: it refers to the texts of its ruleset, not to the tables.
public struct Verdict: Sendable {
    /// A rule that decided, or would have.
    public struct Ground: Sendable {
        let citations: Citations
        let match: Match

        /// `acl/policy.conf:12`: the file as it was named when it was loaded, and the line.
        public var rule: String { text.position }
        /// `acl/lists/ads.txt:4711`: the list entry that made the rule match; nil when the rule needed no list.
        public var entry: String? {
            match.entry.map { "\(citations.sources[Int($0.source)]):\($0.line)" }
        }
        /// The rule's own words.
        public var reason: String? { text.reason }
        public var id: String? { text.id }
        /// Whether it is about the destination's address: the rule looks at it, or the list entry is one.
        public var concernsAddress: Bool { text.concernsAddress || match.entry?.labels == 0 }

        /// The part of `host` that the list entry names; nil when the rule needed no list.
        ///
        /// - Parameter host: the one that was judged; for an entry that is an address it is the address itself.
        public func entryText(for host: Host) -> String? {
            guard let entry = match.entry else { return nil }
            guard case .name(let name) = host, entry.labels > 0 else { return host.description }
            return name.text.split(separator: ".").suffix(Int(entry.labels)).joined(separator: ".")
        }

        private var text: Citations.RuleText { citations.rules[Int(match.rule)] }
    }

    let citations: Citations
    let match: Match
    let reported: [Match]

    public var isAllowed: Bool { citations.rules[Int(match.rule)].isAllowed }
    /// The rule that decided.
    public var ground: Ground { Ground(citations: citations, match: match) }
    public var rule: String { ground.rule }
    public var entry: String? { ground.entry }
    public var reason: String? { ground.reason }
    public var id: String? { ground.id }
    /// What verdicts have in common that say the same, as long as one of them is kept: rule and list entry. Nil where `report`
    /// rules matched.
    public struct Identity: Hashable, Sendable {
        let citations: ObjectIdentifier
        let match: Match
    }

    public var identity: Identity? {
        reported.isEmpty ? Identity(citations: ObjectIdentifier(citations), match: match) : nil
    }

    /// The `report` rules that matched before the one that decided, in their order: what they would have denied.
    public var wouldDeny: [Ground] { reported.map { Ground(citations: citations, match: $0) } }
    /// The fingerprint of the ruleset that judged.
    public var fingerprint: String { citations.fingerprint }
}
