/// The classes of bytes that the text protocols know; the names are HTTP's.
enum ByteClass {
    // One bit for each ASCII byte that a token may hold, 0–63 and 64–127.
    private static var tokenLow: UInt64 { 0x03ff_6cfa_0000_0000 }
    private static var tokenHigh: UInt64 { 0x57ff_ffff_c7ff_fffe }

    /// `tchar`: letters, digits, and ``!#$%&'*+-.^_`|~``. Spec: RFC 9110 §5.6.2.
    static func isToken(_ byte: UInt8) -> Bool {
        byte < 64 ? tokenLow >> UInt64(byte) & 1 == 1 : byte < 128 && tokenHigh >> UInt64(byte & 63) & 1 == 1
    }

    /// `field-vchar`, SP or HTAB: all that a field value may hold. Spec: RFC 9110 §5.5.
    static func isFieldText(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7f : byte == tab
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == space || byte == tab
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    static func folded(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    static var cr: UInt8 { 0x0d }
    static var lf: UInt8 { 0x0a }
    static var tab: UInt8 { 0x09 }
    static var space: UInt8 { 0x20 }

    /// Whether the bytes of `range` are `word` but for the case of letters; `word` is of lower case letters, digits and
    /// punctuation below `@`.
    static func equal(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard range.count == count else { return false }
        let word = UnsafeRawBufferPointer(start: word.utf8Start, count: count)
        guard count >= 8 else {
            for index in 0..<count where folded(bytes[range.lowerBound + index]) != word[index] { return false }
            return true
        }
        var index = 0
        while true {
            guard equalEight(ByteRun.word(bytes, at: range.lowerBound + index), ByteRun.word(word, at: index)) else {
                return false
            }
            if index == count - 8 { return true }
            // The last eight may have been looked at in part.
            index = min(index + 8, count - 8)
        }
    }

    /// Where the two differ, it is by the bit of lower case, and there is a letter.
    private static func equalEight(_ bytes: UInt64, _ word: UInt64) -> Bool {
        let letters = (word & 0x4040_4040_4040_4040) >> 1
        return (bytes ^ word) & ~letters == 0
    }

    /// Whether the bytes of `range` are exactly `word`.
    static func isExactly(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { word in
            for index in 0..<word.count where bytes[range.lowerBound + index] != word[index] { return false }
            return true
        }
    }
}
