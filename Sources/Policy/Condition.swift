/// One thing that a rule asks of a request. What it compares with lies among the ruleset's operands, under a number.
struct Condition: Sendable {
    enum Test: Sendable {
        /// `domain:`, `host:`.
        case names(Int)
        /// `list:`.
        case lists(Int)
        /// `ip:`, and the special ranges by name.
        case addresses(Int)
        case ipLiteral
        case ports(Int)
        /// `net:`, a network's name or the network itself.
        case clients(Int)
        case users(Int)
        case anonymous
        case via(ViaSet)
    }

    let test: Test
    let isNegated: Bool

    /// Whether it looks at the destination's address.
    var concernsAddress: Bool {
        switch test {
        case .addresses, .ipLiteral: true
        case .names, .lists, .ports, .clients, .users, .anonymous, .via: false
        }
    }
}

/// Some ways for a request to come in.
struct ViaSet: OptionSet, Sendable {
    let rawValue: UInt8

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(_ via: Via) {
        rawValue =
            switch via {
            case .http: 1
            case .connect: 2
            case .socks4: 4
            case .socks4a: 8
            case .socks5: 16
            case .udp: 32
            }
    }
}
