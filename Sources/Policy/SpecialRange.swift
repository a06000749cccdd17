import Addressing

/// The address ranges that have a name.
///
/// Spec: the IANA special-purpose address registries (RFC 6890).
enum SpecialRange: String, CaseIterable, Sendable {
    case `private`
    case loopback
    case linkLocal = "link-local"
    case metadata
    case shared
    case multicast
    case reserved
    case documentation
    case special

    func contains(_ address: IPAddress) -> Bool {
        if self == .special { return Self.allCases.contains { $0 != .special && $0.contains(address) } }
        return Self.prefixes[self, default: []].contains { $0.contains(address) }
    }

    private static let prefixes: [SpecialRange: [IPPrefix]] = [
        .private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
        .loopback: ["127.0.0.0/8", "::1"],
        .linkLocal: ["169.254.0.0/16", "fe80::/10"],
        .metadata: ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"],
        .shared: ["100.64.0.0/10"],
        .multicast: ["224.0.0.0/4", "ff00::/8"],
        .reserved: ["0.0.0.0/8", "192.0.0.0/24", "240.0.0.0/4", "::/128", "100::/64"],
        .documentation: [
            "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20",
        ],
    ].mapValues { texts in texts.compactMap { IPPrefix($0) } }
}
