import Addressing

struct RangeError: Error {
    let message: String
}

extension AddressRange {
    /// `192.0.2.1`, `10.0.0.0/8`, `192.0.2.1-192.0.2.9`, and the same in IPv6.
    init(text: String) throws(RangeError) {
        if let plain = AddressRange(plain: text) {
            self = plain
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]),
            let network = Self.network(of: address, length: length)
        {
            throw RangeError(
                message: "\"\(text)\" has bits beyond the first \(length); write \(network), or \(address) alone")
        }
        throw RangeError(
            message:
                "\"\(text)\" is no address; 192.0.2.1, 10.0.0.0/8, 192.0.2.1-192.0.2.9 or their like in IPv6 is allowed"
        )
    }

    /// As `init(text:)`; nil instead of an explanation.
    init?(plain text: String) {
        if let prefix = IPPrefix(text) {
            self.init(prefix, line: 1)
            return
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = IPAddress(ends[0]), let last = IPAddress(ends[1]) else { return nil }
        self.init(first: first, last: last, line: 1)
    }

    private static func network(of address: IPAddress, length: Int) -> IPPrefix? {
        let family = address.isV4 ? 96 : 0
        guard length > 0, length <= 128 - family else { return nil }
        let bits = UInt128(address.high) << 64 | UInt128(address.low)
        let masked = bits & (~0 << UInt128(128 - family - length))
        let network = IPAddress(high: UInt64(truncatingIfNeeded: masked >> 64), low: UInt64(truncatingIfNeeded: masked))
        return IPPrefix(network, length: length)
    }
}
