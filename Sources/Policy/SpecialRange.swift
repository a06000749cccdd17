import Addressing

/// The special-purpose addresses that a policy calls by name.
///
/// Spec: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890).
enum SpecialRange: UInt8, CaseIterable, Sendable {
    case `private`, loopback, linkLocal, metadata, shared, multicast, reserved, documentation, special

    struct Entry {
        let prefix: IPPrefix
    }

    var name: String { self == .linkLocal ? "link-local" : "\(self)" }

    init?(name: some StringProtocol) {
        guard let range = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = range
    }

    var entries: [Entry] {
        texts.map { text in
            guard let prefix = IPPrefix(text) else { preconditionFailure("the table is part of this file: \(text)") }
            return Entry(prefix: prefix)
        }
    }

    private var texts: [String] {
        switch self {
        case .private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
        case .loopback: ["127.0.0.0/8", "::1"]
        case .linkLocal: ["169.254.0.0/16", "fe80::/10"]
        case .metadata: ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"]
        case .shared: ["100.64.0.0/10"]
        case .multicast: ["224.0.0.0/4", "ff00::/8"]
        case .reserved: ["0.0.0.0/8", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "::/96", "100::/64"]
        case .documentation:
            ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"]
        case .special: Self.allCases.dropLast().flatMap(\.texts)
        }
    }
}
