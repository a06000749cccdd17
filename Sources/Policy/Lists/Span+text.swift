// What the readers of list lines need of a line's bytes.

extension Span<UInt8> {
    /// What is left without the blanks and tabs at either end.
    var trimmed: Range<Int> { trimmed(in: indices) }

    func trimmed(in range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, Self.isBlank(self[start]) { start += 1 }
        while end > start, Self.isBlank(self[end - 1]) { end -= 1 }
        return start..<end
    }

    /// What stands before `byte`, or everything, without blanks and tabs at either end.
    func trimmed(before byte: UInt8) -> Range<Int> {
        trimmed(in: 0..<(firstIndex(of: byte) ?? count))
    }

    func firstIndex(of byte: UInt8) -> Int? {
        for index in indices where self[index] == byte { return index }
        return nil
    }

    /// The next word at or after `index`, which moves to its end; nil when there is none.
    func word(at index: inout Int) -> Range<Int>? {
        while index < count, Self.isBlank(self[index]) { index += 1 }
        let start = index
        while index < count, !Self.isBlank(self[index]) { index += 1 }
        return start < index ? start..<index : nil
    }

    func starts(with text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount where self[index] != text.utf8Start[index] { return false }
        return true
    }

    /// Whether the bytes are those of `text`, letters compared without case.
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in indices where Self.folded(self[index]) != Self.folded(text.utf8Start[index]) { return false }
        return true
    }

    func ends(with byte: UInt8) -> Bool {
        count > 0 && self[count - 1] == byte
    }

    /// What stands before a comment: `mark` at the beginning or behind a blank. Without blanks at either end.
    func content(before mark: UInt8) -> Range<Int> {
        for index in indices where self[index] == mark && (index == 0 || Self.isBlank(self[index - 1])) {
            return trimmed(in: 0..<index)
        }
        return trimmed
    }

    /// For messages: bytes that are no text become replacement characters.
    var text: String {
        withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
