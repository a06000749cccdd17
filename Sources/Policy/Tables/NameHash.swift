import Addressing

/// Hashes a name label by label from the right. A label's end can be read off the words that are hashed, so the labels of
/// a suffix are the beginning of the input, and all suffixes together cost one pass.
struct NameHash {
    /// A name of 253 bytes has at most so many labels.
    static let maxLabels = 127

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

    /// Calls `body` with the hashes of all suffixes of a host's name: the one of the last label first, the one of the
    /// whole name last; none for an address.
    static func withSuffixes<Result>(of host: Host, _ body: (Span<UInt64>) -> Result) -> Result {
        guard case .name(let name) = host else { return body(Span()) }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: maxLabels + 33) { buffer in
            // SAFETY: a name has 1–253 bytes, which fit the 264 behind the hashes with 8 to spare, and at most 127
            // labels; the first `count` hashes are initialized.
            let hashes = buffer.baseAddress!
            let text = UnsafeMutableRawPointer(hashes + maxLabels)
            let length = name.text.utf8.count
            name.text.utf8.withContiguousStorageIfAvailable { utf8 in
                text.copyMemory(from: utf8.baseAddress!, byteCount: length)
            } ?? copy(name.text, to: text)
            let count = hashSuffixes(of: UnsafeRawPointer(text), length, into: hashes)
            return body(UnsafeBufferPointer(start: hashes, count: count).span)
        }
    }

    // MARK: - Private

    private static func hashSuffixes(
        of text: UnsafeRawPointer, _ length: Int, into hashes: UnsafeMutablePointer<UInt64>
    ) -> Int {
        var hash = NameHash()
        var count = 0
        var end = length
        while end > 0 {
            var start = end
            while start > 0, text.load(fromByteOffset: start &- 1, as: UInt8.self) != UInt8(ascii: ".") { start &-= 1 }
            hash.absorb(text, start..<end)
            (hashes + count).initialize(to: hash.value)
            count += 1
            end = start - 1
        }
        return count
    }

    private static func copy(_ text: String, to bytes: UnsafeMutableRawPointer) {
        for (index, byte) in text.utf8.enumerated() { bytes.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
    }
}
