/// What a rule does with a request that it matches.
enum Action: String, CaseIterable, Sendable {
    case allow
    case deny
    /// Notes that it would have denied, and lets the following rules decide.
    case report
}

/// One line of the policy, compiled: it matches when all its conditions hold. The last rule is the default, which has
/// none.
struct Rule: Sendable {
    /// Its place among the rules, from 0.
    let number: UInt32
    let action: Action
    /// Its conditions among those of the ruleset.
    let conditions: Range<Int>
    /// Whether it has to wait for a tunnel's first bytes.
    let asksForServerName: Bool
}

/// Whether something holds, as far as is known.
enum Truth: Sendable {
    case no
    /// It depends on the name's address.
    case maybe
    case yes

    static prefix func ! (truth: Truth) -> Truth {
        switch truth {
        case .no: .yes
        case .maybe: .maybe
        case .yes: .no
        }
    }

    init(_ holds: Bool) {
        self = holds ? .yes : .no
    }
}
