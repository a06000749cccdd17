import Addressing

/// The hashes of all suffixes of a host's name, made once for a decision and looked up in every table.
///
/// It stays where it was made, on the stack, and is passed on as the span of its first `count` hashes: the one of the last
/// label first, the one of the whole name last. An address has none.
struct NameDigest: ~Copyable {
    /// A name of 253 bytes has at most 127 labels.
    private(set) var hashes = InlineArray<127, UInt64>(repeating: 0)
    private(set) var count = 0

    init(_ host: Host) {
        guard case .name(let name) = host else { return }
        name.text.utf8.withContiguousStorageIfAvailable { fill($0) }
            ?? Array(name.text.utf8).withUnsafeBufferPointer {
                fill($0)
            }
    }

    // MARK: - Private

    private mutating func fill(_ utf8: UnsafeBufferPointer<UInt8>) {
        precondition(utf8.count > 0 && utf8.count <= 253, "a host name has 1–253 bytes")
        withUnsafeTemporaryAllocation(byteCount: 264, alignment: 8) { bytes in
            // SAFETY: a name has 1–253 bytes, which leaves more than 8 of the 264 behind it.
            let text = bytes.baseAddress!
            text.copyMemory(from: utf8.baseAddress!, byteCount: utf8.count)
            var hash = NameHash()
            var end = utf8.count
            while end > 0 {
                var start = end
                while start > 0, text.load(fromByteOffset: start &- 1, as: UInt8.self) != UInt8(ascii: ".") {
                    start &-= 1
                }
                hash.absorb(UnsafeRawPointer(text), start..<end)
                hashes[count] = hash.value
                count += 1
                end = start - 1
            }
        }
    }
}
