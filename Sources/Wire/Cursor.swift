/// A place in bytes whose fields say how long the next one is. It never moves beyond its end: a read that would gives
/// nil and moves nothing.
struct Cursor {
    private(set) var index: Int
    let end: Int

    /// - Parameter range: within the bytes that every read is given.
    init(_ range: Range<Int>) {
        index = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { index == end }
    var remaining: Int { end - index }

    mutating func skip(_ count: Int) -> Range<Int>? {
        guard count <= remaining else { return nil }
        defer { index += count }
        return index..<index + count
    }

    mutating func uint8(_ bytes: Span<UInt8>) -> UInt8? {
        skip(1).map { bytes[$0.lowerBound] }
    }

    mutating func uint16(_ bytes: Span<UInt8>) -> UInt16? {
        skip(2).map { UInt16(bigEndian(bytes, at: $0.lowerBound, count: 2)) }
    }

    mutating func uint32(_ bytes: Span<UInt8>) -> UInt32? {
        skip(4).map { UInt32(bigEndian(bytes, at: $0.lowerBound, count: 4)) }
    }

    /// A length of `width` bytes, and as many bytes as it says.
    mutating func vector(_ bytes: Span<UInt8>, width: Int) -> Range<Int>? {
        guard width <= remaining else { return nil }
        let length = Int(bigEndian(bytes, at: index, count: width))
        guard length <= remaining - width else { return nil }
        index += width
        return skip(length)
    }
}
