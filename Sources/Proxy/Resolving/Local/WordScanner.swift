/// Goes through a system file line by line and word by word. Blanks and tabs stand between words; a comment goes on to the
/// end of its line.
struct WordScanner {
    private var index = 0
    private let commentMarks: [UInt8]

    /// - Parameter commentMarks: each begins a comment where a word could begin.
    init(commentMarks: StaticString) {
        self.commentMarks = Array(
            UnsafeBufferPointer(start: commentMarks.utf8Start, count: commentMarks.utf8CodeUnitCount))
    }

    func isAtEnd(of text: Span<UInt8>) -> Bool { index == text.count }

    /// The next word of the line; nil when there is none.
    mutating func word(of text: Span<UInt8>) -> Range<Int>? {
        while index < text.count, Self.isBlank(text[index]) { index += 1 }
        let start = index
        guard start < text.count, !commentMarks.contains(text[start]) else { return nil }
        while index < text.count, text[index] != UInt8(ascii: "\n"), !Self.isBlank(text[index]) { index += 1 }
        return index > start ? start..<index : nil
    }

    /// Leaves the rest of the line.
    mutating func endLine(of text: Span<UInt8>) {
        while index < text.count, text[index] != UInt8(ascii: "\n") { index += 1 }
        if index < text.count { index += 1 }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}

extension Span<UInt8> {
    /// The bytes of `range` as text, to be parsed as a number or an address; what isn't UTF-8 is neither.
    func text(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) } ?? ""
    }
}
