/// The checksum of the PROXY protocol: CRC-32 with the Castagnoli polynomial. Spec: RFC 9260 appendix A.
struct CRC32C {
    private var state: UInt32 = ~0

    var value: UInt32 { ~state }

    mutating func update(_ byte: UInt8) {
        state = Self.table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ state >> 8
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        var value = UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
        return value
    }
}
