import Addressing

/// The hashes of all suffixes of a host's name, made once for a decision and looked up in every table.
///
/// They lie on the stack while they are used: the one of the last label first, the one of the whole name last. An address
/// has none.
enum NameDigest {
    /// A name of 253 bytes has at most 127 labels.
    private static let mostLabels = 127

    @inline(__always)
    static func of<Result>(_ host: Host, _ body: (Span<UInt64>) -> Result) -> Result {
        guard case .name(let name) = host else { return body(Span()) }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: mostLabels) { hashes in
            let count =
                name.text.utf8.withContiguousStorageIfAvailable { fill(hashes, from: $0) }
                ?? Array(name.text.utf8).withUnsafeBufferPointer { fill(hashes, from: $0) }
            return body(UnsafeBufferPointer(rebasing: hashes[..<count]).span)
        }
    }

    // MARK: - Private

    /// - Returns: how many they are.
    private static func fill(
        _ hashes: UnsafeMutableBufferPointer<UInt64>, from utf8: UnsafeBufferPointer<UInt8>
    ) -> Int {
        precondition(utf8.count > 0 && utf8.count <= 253, "a host name has 1–253 bytes")
        return withUnsafeTemporaryAllocation(byteCount: 264, alignment: 8) { bytes in
            // SAFETY: a name has 1–253 bytes, which leaves more than 8 of the 264 behind it.
            let text = bytes.baseAddress!
            text.copyMemory(from: utf8.baseAddress!, byteCount: utf8.count)
            var hash = NameHash()
            var count = 0
            var end = utf8.count
            while end > 0 {
                var start = end
                while start > 0, text.load(fromByteOffset: start &- 1, as: UInt8.self) != UInt8(ascii: ".") {
                    start &-= 1
                }
                hash.absorb(UnsafeRawPointer(text), start..<end)
                hashes.initializeElement(at: count, to: hash.value)
                count += 1
                end = start - 1
            }
            return count
        }
    }
}
