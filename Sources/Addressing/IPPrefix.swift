/// A network: an address and how many of its leading bits count.
public struct IPPrefix: Hashable, Sendable {
    /// The first address of the network: all bits beyond the prefix are zero.
    public let network: IPAddress
    /// Leading bits that count, 0–128, in the IPv6 shape; an IPv4 `/8` is 104 here.
    public let mappedLength: Int

    /// - Parameter length: 0–32 for IPv4, 0–128 for IPv6; nil if it is out of range or the address has bits set beyond it.
    public init?(_ address: IPAddress, length: Int) {
        let family = address.isV4 ? 96 : 0
        guard length >= 0, length <= 128 - family else { return nil }
        let mask = Self.mask(family + length)
        guard address.high & ~mask.high == 0, address.low & ~mask.low == 0 else { return nil }
        network = address
        mappedLength = family + length
    }

    /// The length as it is written: 0–32 for IPv4, 0–128 for IPv6.
    public var length: Int {
        network.isV4 ? mappedLength - 96 : mappedLength
    }

    public func contains(_ address: IPAddress) -> Bool {
        let mask = Self.mask(mappedLength)
        guard address.high & mask.high == network.high, address.low & mask.low == network.low else { return false }
        // A short IPv6 prefix such as ::/0 covers the mapped shape of IPv4 as bits, but not as a family.
        return address.isV4 == network.isV4
    }

    private static func mask(_ length: Int) -> (high: UInt64, low: UInt64) {
        (
            high: length >= 64 ? ~0 : ~(~0 >> UInt64(length)),
            low: length <= 64 ? 0 : ~(length == 128 ? 0 : ~0 >> UInt64(length - 64))
        )
    }
}

extension IPPrefix {
    /// `10.0.0.0/8`, `2001:db8::/32`, or an address alone (all its bits count); nil for all else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(address, length: address.isV4 ? 32 : 128)
            return
        }
        let digits = Array(parts[1].utf8)
        guard digits.count <= 3, let length = Port(parsing: digits.span) else { return nil }
        self.init(address, length: Int(length.rawValue))
    }
}

extension IPPrefix: CustomStringConvertible {
    public var description: String { "\(network)/\(length)" }
}
