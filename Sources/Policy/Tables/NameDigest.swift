/// The hashes of all suffixes of one name: made once for a request, looked up in every table.
struct NameDigest: ~Copyable {
    /// A name of 253 bytes has at most 127 labels.
    private var hashes = InlineArray<127, UInt64>(repeating: 0)
    private(set) var labelCount = 0

    /// The hash of the last `labels` labels, from 1 to `labelCount`.
    subscript(labels: Int) -> UInt64 { hashes[labels - 1] }

    mutating func append(_ hash: UInt64) {
        hashes[labelCount] = hash
        labelCount += 1
    }
}
