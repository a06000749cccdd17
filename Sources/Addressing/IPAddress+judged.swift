extension IPAddress {
    /// Every address that a connection to this one may end at: itself, and the IPv4 addresses that it carries for a
    /// translator or a tunnel. A policy that lets a connection out has to agree to each of them.
    ///
    /// | network | what | IPv4 address in |
    /// |---|---|---|
    /// | `64:ff9b::/96` | NAT64, RFC 6052 §2.1 | bits 96–127 |
    /// | `64:ff9b:1::/48` | NAT64 of a site's own, RFC 8215 | any place of RFC 6052 §2.2 beyond the prefix |
    /// | `2002::/16` | 6to4, RFC 3056 §2 | bits 16–47 |
    /// | `2001::/32` | Teredo, RFC 4380 §4 | server: bits 32–63; client: bits 96–127, inverted |
    /// | `::/96` | IPv4-compatible, RFC 4291 §2.5.5.1 | bits 96–127 |
    /// | `::ffff:0:0:0/96` | IPv4-translated, RFC 2765 §2.1 | bits 96–127 |
    ///
    /// A translator with a prefix out of a site's global addresses can't be told from outside; its network belongs in
    /// the policy.
    public var judged: JudgedAddresses {
        var all = JudgedAddresses(self)
        guard !isV4 else { return all }
        let last = UInt32(truncatingIfNeeded: low)
        switch (high, high >> 32, high >> 48) {
        case (0, _, _):
            // `::` and `::1` are of the same network, and carry nothing.
            if low >> 32 == 0, low > 1 { all.append(last) }
            if low >> 32 == 0xffff_0000 { all.append(last) }
        case (0x0064_ff9b_0000_0000, _, _) where low >> 32 == 0:
            all.append(last)
        case (_, 0x0064_ff9b, _) where high >> 16 & 0xffff == 1:
            appendLocalNAT64(to: &all)
        case (_, _, 0x2002):
            all.append(UInt32(truncatingIfNeeded: high >> 16))
        case (_, 0x2001_0000, _):
            all.append(UInt32(truncatingIfNeeded: high))
            all.append(~last)
        default: break
        }
        return all
    }

    /// The places that RFC 6052 §2.2 has for prefixes of 48, 56, 64 and 96 bits; bits 64–71 are skipped. Which of them
    /// the site uses is not known. What begins with a zero octet is no destination, but the filling of another place.
    private func appendLocalNAT64(to all: inout JudgedAddresses) {
        let h = UInt32(truncatingIfNeeded: high)
        let l = UInt32(truncatingIfNeeded: low >> 24)
        let places: InlineArray<4, UInt32> = [
            h << 16 | l >> 16, h << 24 | l >> 8, l, UInt32(truncatingIfNeeded: low),
        ]
        for index in places.indices where places[index] >> 24 != 0 { all.append(places[index]) }
    }
}

/// The addresses of `IPAddress.judged`, one to five, the address itself first.
public struct JudgedAddresses: Sendable {
    private var addresses: InlineArray<5, IPAddress>
    public private(set) var count = 1

    init(_ address: IPAddress) {
        addresses = InlineArray(repeating: address)
    }

    mutating func append(_ bits: UInt32) {
        addresses[count] = IPAddress(v4: bits)
        count += 1
    }

    public var indices: Range<Int> { 0..<count }

    public subscript(index: Int) -> IPAddress {
        precondition(index < count, "there are \(count) addresses to judge")
        return addresses[index]
    }
}

extension JudgedAddresses: Sequence {
    public struct Iterator: IteratorProtocol {
        fileprivate let addresses: JudgedAddresses
        private var index = 0

        fileprivate init(_ addresses: JudgedAddresses) {
            self.addresses = addresses
        }

        public mutating func next() -> IPAddress? {
            guard index < addresses.count else { return nil }
            index += 1
            return addresses[index - 1]
        }
    }

    public func makeIterator() -> Iterator {
        Iterator(self)
    }
}
