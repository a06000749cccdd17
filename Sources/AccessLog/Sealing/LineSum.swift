/// A short sum of one line, by which a seal tells its lines apart.
///
/// It finds out which line of a sealed stretch is not what it was; that nothing else changed is shown by the seal's
/// SHA-256, which also covers the sums. So it must be quick and spread well, and need not withstand an attacker.
enum LineSum {
    private static let factor: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// - Parameter line: with or without its line feed, but always the same.
    static func of(_ line: UnsafeRawBufferPointer) -> UInt32 {
        // Four sums in turn, so that one multiplication need not wait for the one before.
        var a = UInt64(line.count)
        var b = factor
        var c = ~factor
        var d = factor >> 7
        var index = 0
        while line.count - index >= 32 {
            a = mixed(a, word(line, index))
            b = mixed(b, word(line, index + 8))
            c = mixed(c, word(line, index + 16))
            d = mixed(d, word(line, index + 24))
            index += 32
        }
        while line.count - index >= 8 {
            a = mixed(a, word(line, index))
            index += 8
        }
        var rest: UInt64 = 0
        while index < line.count {
            rest = rest << 8 | UInt64(line[index])
            index += 1
        }
        let all = mixed(mixed(mixed(mixed(a, rest), b), c), d)
        return UInt32(truncatingIfNeeded: all >> 32)
    }

    @inline(__always)
    private static func word(_ line: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
        UInt64(littleEndian: line.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    @inline(__always)
    private static func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        let product = (sum ^ word) &* factor
        return product ^ product >> 29
    }
}
