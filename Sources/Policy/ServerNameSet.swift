import Addressing

/// What `sni` asks of a tunnel's first bytes: any of some things.
struct ServerNameSet: OptionSet, Sendable {
    let rawValue: UInt8

    /// The server's name is another than the name that the tunnel was asked for. Not when it was asked for an address: there
    /// is nothing to compare.
    static let mismatch = ServerNameSet(rawValue: 1)
    /// TLS that names no server.
    static let missing = ServerNameSet(rawValue: 2)
    /// An encrypted ClientHello.
    static let ech = ServerNameSet(rawValue: 4)
    static let notTLS = ServerNameSet(rawValue: 8)

    /// As they are written.
    static let words: KeyValuePairs<String, ServerNameSet> = [
        "mismatch": .mismatch, "missing": .missing, "ech": .ech, "not-tls": .notTLS,
    ]

    /// Whether one of them is so.
    func holds(_ host: Host, _ tls: TLSFacts) -> Bool {
        !isDisjoint(with: Self.found(host, tls))
    }

    private static func found(_ host: Host, _ tls: TLSFacts) -> ServerNameSet {
        guard tls.isTLS else { return .notTLS }
        let hello: ServerNameSet = tls.hasEncryptedHello ? .ech : []
        return switch (tls.serverName, host) {
        case (.missing, _): hello.union(.missing)
        case (.invalid, .name): hello.union(.mismatch)
        case (.name(let name), .name(let asked)): name == asked ? hello : hello.union(.mismatch)
        case (_, .address): hello
        }
    }
}
