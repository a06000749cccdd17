/// One thing that a rule asks of a request. What it compares with lies in the ruleset's operands, under a number.
struct Condition: Sendable {
    enum Test: Sendable {
        /// `domain:`, `host:`.
        case names(Int)
        /// `list:`.
        case lists(Int)
        /// `ip:`.
        case addresses(Int)
        /// `private`, `loopback`, …
        case special([SpecialRange])
        case ipLiteral
        case ports(Int)
        /// `net:`, a network's name or the network itself.
        case clients(Int)
        case users(Int)
        case anonymous
        case via(Set<Via>)
    }

    let test: Test
    let isNegated: Bool

    /// Whether it looks at the destination's address.
    var concernsAddress: Bool {
        switch test {
        case .addresses, .special, .ipLiteral: true
        case .names, .lists, .ports, .clients, .users, .anonymous, .via: false
        }
    }
}

/// What the conditions of a ruleset compare with.
struct Operands: Sendable {
    var names: [DomainTable] = []
    /// Each the sources that a `list:` condition names, as numbers among `sources`.
    var lists: [[Int]] = []
    var sources: [ListSource] = []
    var ranges: [RangeTable] = []
    var ports: [[ClosedRange<UInt16>]] = []
    var users: [Set<String>] = []
}
