import Addressing

extension IPAddress {
    /// Where a connection to this address may really lead: the IPv4 addresses that it carries, and for the unspecified
    /// address the loopback, which is where Linux takes it. A rule that denies one of them denies this one.
    ///
    /// Spec: RFC 6052 §2.1 and RFC 8215 (NAT64), RFC 3056 §2 (6to4), RFC 4380 §4 (Teredo: server and client),
    /// RFC 4291 §2.5.5.1 (IPv4-compatible).
    var alternates: [IPAddress] {
        if isUnspecified { return [isV4 ? .loopbackV4 : .loopbackV6] }
        if isV4 { return [] }
        switch (high, low) {
        case (0x0064_ff9b_0000_0000, 0...0xffff_ffff): return [IPAddress(v4: UInt32(truncatingIfNeeded: low))]
        case (0x0064_ff9b_0001_0000...0x0064_ff9b_0001_ffff, _):
            return [IPAddress(v4: UInt32(truncatingIfNeeded: low))]
        case (0x2002_0000_0000_0000...0x2002_ffff_ffff_ffff, _):
            return [IPAddress(v4: UInt32(truncatingIfNeeded: high >> 16))]
        case (0x2001_0000_0000_0000...0x2001_0000_ffff_ffff, _):
            return [IPAddress(v4: UInt32(truncatingIfNeeded: high)), IPAddress(v4: ~UInt32(truncatingIfNeeded: low))]
        case (0, 2...0xffff_ffff): return [IPAddress(v4: UInt32(truncatingIfNeeded: low))]
        default: return []
        }
    }
}
