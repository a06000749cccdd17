import Addressing

/// A policy, compiled: immutable, and shared by all who judge by it.
///
/// Rules are read from top to bottom and the first that matches decides; the last matches everything.
public final class Ruleset: Sendable {
    let rules: [Rule]
    let conditions: [Condition]
    let operands: Operands
    let index: RuleIndex
    /// One for each rule.
    let descriptions: [RuleDescription]
    let citations: Citations

    /// What is odd about the policy or its lists, but keeps nobody from using it.
    public let warnings: [Diagnostic]
    /// One for each list file, in the order in which they were read.
    public let lists: [ListReport]
    /// Everything that was read, as it was reached: the policy, what it includes, lists and folders of lists.
    public let files: [String]

    init(
        rules: [Rule], conditions: [Condition], operands: consuming Operands, descriptions: [RuleDescription],
        citations: Citations, lists: [ListReport], warnings: [Diagnostic],
        files: [String]
    ) {
        self.rules = rules
        self.conditions = conditions
        index = RuleIndex(rules, conditions, operands)
        self.operands = operands
        self.descriptions = descriptions
        self.citations = citations
        self.warnings = warnings
        self.lists = lists
        self.files = files
        asksForServerName = rules.contains { $0.asksForServerName }
    }

    /// Whether a tunnel's first bytes are to be judged before they go on: a rule with `sni` is there.
    public let asksForServerName: Bool

    /// 16 hexadecimal digits that stand for the bytes of the policy and of all files that it reads.
    public var fingerprint: String { citations.fingerprint }
    /// The rules that stand above the default.
    public var ruleCount: Int { rules.count - 1 }
    /// Of all lists together.
    public var entryCount: Int { lists.reduce(0) { $0 + $1.entries } }
    /// Memory of all tables of lists.
    public var bytesHeld: Int { lists.reduce(0) { $0 + $1.bytesHeld } }
}
