/// Finds where request heads without content end, in bytes that come in pieces.
struct HeadEnd {
    private var matched = 0

    private static let end: [UInt8] = [13, 10, 13, 10]

    /// How many heads end in `bytes`.
    mutating func count(in bytes: UnsafeRawBufferPointer) -> Int {
        var ends = 0
        for byte in bytes {
            if byte == Self.end[matched] {
                matched += 1
            } else {
                matched = byte == Self.end[0] ? 1 : 0
            }
            if matched == Self.end.count {
                ends += 1
                matched = 0
            }
        }
        return ends
    }
}
