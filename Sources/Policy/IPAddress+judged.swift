import Addressing

extension IPAddress {
    /// Every address that a connection to this one may end at: itself, and the IPv4 addresses that it carries.
    ///
    /// Spec: RFC 6052 §2.1 (NAT64), RFC 3056 §2 (6to4), RFC 4380 §4 (Teredo: server and client).
    var judged: [IPAddress] {
        switch (high, low) {
        case (0x0064_ff9b_0000_0000, 0...0xffff_ffff): [self, IPAddress(v4: UInt32(truncatingIfNeeded: low))]
        case (0x2002_0000_0000_0000...0x2002_ffff_ffff_ffff, _):
            [self, IPAddress(v4: UInt32(truncatingIfNeeded: high >> 16))]
        case (0x2001_0000_0000_0000...0x2001_0000_ffff_ffff, _):
            [self, IPAddress(v4: UInt32(truncatingIfNeeded: high)), IPAddress(v4: ~UInt32(truncatingIfNeeded: low))]
        default: [self]
        }
    }
}
