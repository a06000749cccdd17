/// An IPv4 or IPv6 address in its one normal form.
///
/// Stored as the 128 bits of its IPv6 shape; an IPv4 address is its IPv4-mapped shape (`::ffff:a.b.c.d`). So the two
/// spellings of one IPv4 address are the same value, and prefixes of both families are compared alike.
public struct IPAddress: Hashable, Sendable {
    /// The upper and lower half of the address, network order read as big-endian numbers.
    public let high: UInt64
    public let low: UInt64

    /// Spec: RFC 4291 §2.5.5.2, the prefix `::ffff:0:0/96`.
    private static let mappedPrefix: UInt64 = 0xffff_0000_0000

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An IPv4 address from its 32 bits, the first octet in the highest.
    public init(v4 bits: UInt32) {
        self.init(high: 0, low: Self.mappedPrefix | UInt64(bits))
    }

    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        self.init(v4: UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d))
    }

    /// The 32 bits of an IPv4 address; nil for IPv6.
    public var v4Bits: UInt32? {
        isV4 ? UInt32(truncatingIfNeeded: low) : nil
    }

    public var isV4: Bool {
        high == 0 && low >> 32 == 0xffff
    }

    /// `0.0.0.0` or `::`: never a destination.
    public var isUnspecified: Bool {
        self == Self.anyV4 || self == Self.anyV6
    }

    /// In `127.0.0.0/8`, or `::1`: this machine itself.
    public var isLoopback: Bool {
        v4Bits.map { $0 >> 24 == 127 } ?? (self == Self.loopbackV6)
    }

    public static let anyV4 = IPAddress(0, 0, 0, 0)
    public static let anyV6 = IPAddress(high: 0, low: 0)
    public static let loopbackV4 = IPAddress(127, 0, 0, 1)
    public static let loopbackV6 = IPAddress(high: 0, low: 1)

    /// Octet `index` of the 16 of the IPv6 shape.
    func octet(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: index < 8 ? high >> UInt64(56 - 8 * index) : low >> UInt64(120 - 8 * index))
    }

    /// Group `index` of the eight 16-bit groups of the IPv6 shape.
    func group(_ index: Int) -> UInt16 {
        UInt16(octet(2 * index)) << 8 | UInt16(octet(2 * index + 1))
    }
}
