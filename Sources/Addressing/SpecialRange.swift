/// The special-purpose addresses that a policy calls by name. An address may be in several: 169.254.169.254 is
/// `link-local` and `metadata`.
///
/// Spec: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), and the multicast address space; see
/// `entries` for each network's own document.
public enum SpecialRange: UInt8, Sendable, CaseIterable {
    /// Networks that anyone may use inside: RFC 1918, RFC 4193.
    case `private`
    /// This machine.
    case loopback
    /// This link; includes most clouds' metadata services.
    case linkLocal
    /// Where clouds hand credentials to their machines.
    case metadata
    /// Behind a carrier's address translation: RFC 6598.
    case shared
    case multicast
    /// Every other network that the registries list as not globally reachable, and those withdrawn from use. Not the
    /// NAT64 prefix 64:ff9b::/96 nor 6to4 (2002::/16): those lead to IPv4 addresses, which are judged themselves.
    case reserved
    /// For examples in documents.
    case documentation
    /// All of the above.
    case special

    /// As it is written in a policy.
    public var name: String {
        switch self {
        case .private: "private"
        case .loopback: "loopback"
        case .linkLocal: "link-local"
        case .metadata: "metadata"
        case .shared: "shared"
        case .multicast: "multicast"
        case .reserved: "reserved"
        case .documentation: "documentation"
        case .special: "special"
        }
    }

    public init?(name: some StringProtocol) {
        guard let range = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = range
    }

    /// Whether `address` itself is in the range. An IPv4 address inside an IPv6 one is another address: ask for each of
    /// `IPAddress.judged`.
    public func contains(_ address: IPAddress) -> Bool {
        index(of: address) != nil
    }

    /// The entry that makes `address` one of the range, the first in the order of `entries`.
    public func entry(for address: IPAddress) -> Entry? {
        index(of: address).map { Self.table(address)[$0] }
    }

    /// One network of a range.
    public struct Entry: Sendable, Hashable {
        public let range: SpecialRange
        public let prefix: IPPrefix
        /// The document that sets it apart.
        public let source: String
    }

    /// The networks of this range.
    public var entries: [Entry] {
        (Self.tableV4 + Self.tableV6).filter { self == .special || $0.range == self }
    }

    // MARK: - Private

    private static func table(_ address: IPAddress) -> [Entry] {
        address.isV4 ? tableV4 : tableV6
    }

    /// Most addresses are in no special range, and their first octet tells.
    private func index(of address: IPAddress) -> Int? {
        let octet = address.octet(address.isV4 ? 12 : 0)
        let octets = address.isV4 ? Self.octetsV4 : Self.octetsV6
        guard octets[Int(octet >> 6)] >> UInt64(octet & 63) & 1 == 1 else { return nil }
        // `::1` lies in the deprecated `::/96` without being withdrawn itself.
        guard self != .reserved || address != .loopbackV6 else { return nil }
        let table = Self.table(address)
        return table.indices.first { index in
            (self == .special || table[index].range == self) && table[index].prefix.contains(address)
        }
    }
}
