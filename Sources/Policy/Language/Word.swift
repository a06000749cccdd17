/// A word of a policy line: what stands between blanks, quotes taken off.
struct Word: Hashable {
    let text: String
    /// Of its first byte, counted from 1.
    let column: Int
    /// Whether it began with a quote: then it is a text, never a keyword.
    let isQuoted: Bool

    /// The words of a line up to its comment.
    ///
    /// Blanks and tabs separate. `"` begins and ends a stretch in which blanks and `#` are ordinary; in it `\"` is a
    /// quote and `\\` a backslash. A word that begins with `#` begins a comment.
    static func words(of line: ArraySlice<UInt8>) throws(WordError) -> [Word] {
        var words: [Word] = []
        var index = line.startIndex
        while index < line.endIndex {
            if isBlank(line[index]) {
                index += 1
                continue
            }
            if line[index] == UInt8(ascii: "#") { break }
            words.append(try next(in: line, at: &index))
        }
        return words
    }

    // MARK: - Private

    private static func next(in line: ArraySlice<UInt8>, at index: inout Int) throws(WordError) -> Word {
        let start = index
        var bytes: [UInt8] = []
        var openQuote: Int?
        while index < line.endIndex, openQuote != nil || !isBlank(line[index]) {
            let byte = line[index]
            guard byte >= 0x20, byte != 0x7f else {
                throw WordError(column: index - line.startIndex + 1, message: "a control byte; only text is allowed")
            }
            index += 1
            if byte == UInt8(ascii: "\"") {
                openQuote = openQuote == nil ? index : nil
            } else if openQuote != nil, byte == UInt8(ascii: "\\"), index < line.endIndex, isEscapable(line[index]) {
                bytes.append(line[index])
                index += 1
            } else {
                bytes.append(byte)
            }
        }
        if let openQuote {
            throw WordError(column: openQuote - line.startIndex, message: "the quote is never closed; end it with \"")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WordError(column: start - line.startIndex + 1, message: "this is no UTF-8 text")
        }
        return Word(
            text: text, column: start - line.startIndex + 1, isQuoted: line[start] == UInt8(ascii: "\""))
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func isEscapable(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}

struct WordError: Error {
    let column: Int
    let message: String
}
