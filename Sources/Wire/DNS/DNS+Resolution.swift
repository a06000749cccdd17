import Addressing

extension DNS {
    /// What a response says about the question that was asked.
    public enum Resolution: Hashable, Sendable {
        /// At least one address, in the server's order; to be kept for `ttl` seconds.
        case addresses([IPAddress], ttl: UInt32)
        /// The name exists without such a record, or is an alias whose end the server didn't add. `alias` is that end.
        case noData(alias: Name?, ttl: UInt32?)
        /// The name does not exist; to be remembered for `ttl` seconds, if at all.
        case noName(ttl: UInt32?)
        /// The server can't or won't say.
        case failed(ResponseCode)
    }
}

extension DNS.Response {
    /// The most aliases that are followed within one response.
    public static let maxAliases = 16

    /// Follows the aliases from the question's name to its addresses. Records of other names are not looked at: a
    /// server can only answer what it was asked.
    ///
    /// - Parameter type: `a` or `aaaa`, as asked; addresses of the other family are left out. An IPv4 address in an
    ///   `AAAA` record is one of the other family, whatever its spelling.
    ///
    /// Spec: RFC 1034 §4.3.2 and §5.2.2, RFC 2308 §2.
    public func resolution(of name: DNS.Name, _ type: DNS.RecordType) -> DNS.Resolution {
        if code == .nameError { return .noName(ttl: negativeTTL) }
        guard code == .noError else { return .failed(code) }
        var current = name
        var ttl = UInt32.max
        for _ in 0...Self.maxAliases {
            var addresses: [IPAddress] = []
            var alias: (name: DNS.Name, ttl: UInt32)?
            for record in answers where record.name == current {
                switch record.data {
                case .address(let address) where address.isV4 == (type == .a):
                    addresses.append(address)
                    ttl = min(ttl, record.ttl)
                case .alias(let target):
                    alias = alias ?? (target, record.ttl)
                case .address: continue
                }
            }
            if !addresses.isEmpty { return .addresses(addresses, ttl: ttl) }
            guard let alias else { return .noData(alias: current == name ? nil : current, ttl: negativeTTL) }
            current = alias.name
            ttl = min(ttl, alias.ttl)
        }
        return .failed(.serverFailure)
    }
}
