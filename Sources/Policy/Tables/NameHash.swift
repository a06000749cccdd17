import Addressing

/// Hashes a name label by label from the right. A label's end can be read off the words that are hashed, so the labels of
/// a suffix are the beginning of the input, and all suffixes together cost one pass.
struct NameHash {
    /// The key is drawn once per process. A client that doesn't know it can't look for a name that collides with an
    /// entry of an allow list.
    private static let keyed = SipHash(key: (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max)))

    private var hash = Self.keyed

    /// The hash of the labels so far; never 0, which marks an empty place in a table.
    @inline(__always)
    var value: UInt64 {
        let value = hash.finalized()
        return value == 0 ? 1 : value
    }

    /// A label's bytes as words of eight, then a word of what is left, topped by its length and a bit that no ASCII byte
    /// has: so the words tell where the label ends.
    ///
    /// - Parameter bytes: seven more than the label needs can be read from them.
    @inline(__always)
    mutating func absorb(_ bytes: UnsafeRawPointer, _ label: Range<Int>) {
        var index = label.lowerBound
        while label.upperBound &- index >= 8 {
            hash.absorb(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        let rest = UInt64(truncatingIfNeeded: label.upperBound &- index)
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        hash.absorb(word & ~(~0 &<< (8 &* rest)) | (0x80 | rest) &<< 56)
    }
}
