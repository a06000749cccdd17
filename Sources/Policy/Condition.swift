/// One thing that a rule asks of a request. What it compares with lies among the ruleset's operands, under a number.
struct Condition: Sendable {
    enum Test: Sendable {
        /// `domain:`, `host:`.
        case names(Int)
        /// `list:`, `category:`.
        case lists(Range<Int>)
        /// `glob:`.
        case globs(Int)
        /// `regex:`.
        case regex(Int)
        /// `ip:`, and the special ranges by name.
        case addresses(Int)
        case ipLiteral
        case ports(Int)
        /// `net:`, a network's name or the network itself.
        case clients(Int)
        /// `user:`, `group:`.
        case users(Int)
        case anonymous
        case via(ViaSet)
        case serverName(ServerNameSet)
        /// `time:`.
        case during(Int)
        /// Up to this time, in seconds since 1970, not included.
        case until(Int64)
    }

    let test: Test
    let isNegated: Bool

    /// Whether it looks at the destination's address.
    var concernsAddress: Bool {
        switch test {
        case .addresses, .ipLiteral: true
        case .names, .lists, .globs, .regex, .ports, .clients, .users, .anonymous, .via, .serverName, .during, .until:
            false
        }
    }
}
