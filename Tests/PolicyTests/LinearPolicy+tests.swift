import Addressing
import Glibc

@testable import Policy

// What single conditions ask, said once more and otherwise than the policy's own sources say it.

extension LinearPolicy {
    /// Expressions, and what they mean in words.
    enum Regex: String, CaseIterable {
        case begins = "^a\\."
        case ends = "\\.(b|c)$"
        case withoutC = "^[AB.]+$"
        case inside = "[.]b[.]"
        case twice = "(a.*){2}"

        func matches(_ name: String) -> Bool {
            switch self {
            case .begins: name.hasPrefix("a.")
            case .ends: name.hasSuffix(".b") || name.hasSuffix(".c")
            case .withoutC: !name.contains("c")
            case .inside: name.contains(".b.")
            case .twice: name.count { $0 == "a" } >= 2
            }
        }
    }

    /// Ranges by name, as far as the random addresses know them.
    enum Special: String, CaseIterable {
        case `private`
        case loopback
        case linkLocal = "link-local"
        case metadata
        case documentation
        case multicast
        case special

        func contains(_ address: IPAddress) -> Bool {
            prefixes.contains { IPPrefix($0)!.contains(address) }
        }

        private var prefixes: [String] {
            switch self {
            case .private: ["10.0.0.0/8", "192.168.0.0/16", "fc00::/7"]
            case .loopback: ["127.0.0.0/8", "::1"]
            case .linkLocal: ["169.254.0.0/16", "fe80::/10"]
            case .metadata: ["169.254.169.254"]
            case .documentation: ["192.0.2.0/24", "2001:db8::/32"]
            case .multicast: ["224.0.0.0/4"]
            case .special: Self.allCases.filter { $0 != .special }.flatMap(\.prefixes)
            }
        }
    }

    /// The end of a day of January 1970 by the machine's clock, as the C library reckons it.
    static func midnight(after day: Int) -> Int64 {
        var moment = tm()
        (moment.tm_year, moment.tm_mon, moment.tm_mday, moment.tm_isdst) = (70, 0, CInt(day + 1), -1)
        return Int64(mktime(&moment))
    }

    /// Whether a word of `sni` is true of a tunnel's first bytes; `name` is empty where an address was asked for.
    static func holds(_ word: String, _ name: String, _ tls: TLSFacts) -> Bool {
        switch (word, tls.serverName) {
        case ("not-tls", _): !tls.isTLS
        case ("ech", _): tls.hasEncryptedHello
        case ("missing", .missing): tls.isTLS
        case ("mismatch", .invalid): !name.isEmpty
        case ("mismatch", .name(let told)): !name.isEmpty && told.text != name
        default: false
        }
    }
}
