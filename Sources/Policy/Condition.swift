/// One thing that a rule asks of a request. What it compares with lies among the ruleset's operands, under a number.
struct Condition: Sendable {
    enum Test: Sendable {
        /// `domain:`, `host:`.
        case names(Int)
        /// `list:`, `category:`.
        case lists(Int)
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
        case serverName([ServerNameTest])
        /// `time:`.
        case during(Int)
        /// Up to this time, in seconds since 1970, not included.
        case until(Int64)
    }

    /// What `sni` asks of a tunnel's first bytes.
    enum ServerNameTest: String, CaseIterable, Sendable {
        /// The server's name is another than the name that the tunnel was asked for. Not when it was asked for an address:
        /// there is nothing to compare.
        case mismatch
        /// TLS that names no server.
        case missing
        /// An encrypted ClientHello.
        case ech
        case notTLS = "not-tls"
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
