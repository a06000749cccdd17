import Addressing

/// A head or a body that is being made, in room of which it is known beforehand that it is enough.
///
/// Bounds: every `put` first checks that there is room for all that it writes; running out is a mistake of the estimate and
/// stops the program before a byte is written outside.
struct BoundedText {
    private var next: UnsafeMutablePointer<UInt8>
    private let end: UnsafeMutablePointer<UInt8>

    /// Appends to `bytes` what `write` puts, at most `most` bytes.
    @inline(__always)
    static func append(to bytes: inout [UInt8], atMost most: Int, _ write: (inout BoundedText) -> Void) {
        bytes.append(addingCapacity: most) { output in
            output.withUnsafeMutableBufferPointer { room, count in
                guard let base = room.baseAddress else { return }
                var text = BoundedText(next: base + count, end: base + room.count)
                write(&text)
                count = text.next - base
            }
        }
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        reserve(1)
        next.pointee = byte
        next += 1
    }

    @inline(__always)
    mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        reserve(bytes.count)
        next.update(from: base, count: bytes.count)
        next += bytes.count
    }

    /// A text of the program's own.
    @inline(__always)
    mutating func put(_ text: StaticString) {
        put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func put(text: String) {
        var text = text
        text.withUTF8 { put($0) }
    }

    /// Plain decimal.
    mutating func put(decimal value: Int) {
        if value > 9 { put(decimal: value / 10) }
        put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    mutating func put(_ address: IPAddress) {
        reserve(IPAddress.maxTextBytes)
        next += address.write(to: UnsafeMutableBufferPointer(start: next, count: IPAddress.maxTextBytes))
    }

    @inline(__always)
    private func reserve(_ count: Int) {
        precondition(count <= end - next, "a text is longer than was estimated")
    }
}
