import Glibc

// How bytes that may be anything become the inside of a JSON string, and only that.
//
// - Well-formed UTF-8 stays what it is. Controls (C0, DEL, C1), `"` and `\`, line and paragraph separators, and what
//   is invisible or turns the direction of writing are written as `\uXXXX` (`\"`, `\\`), which a JSON reader undoes.
// - A byte that is no part of well-formed UTF-8 becomes the private code point U+EF00 + byte, U+EF80 to U+EFFF.
//   Where these code points are sent themselves, their bytes are treated like that too; so the way back is exact:
//   U+EF80…U+EFFF is the byte in its low eight bits, all else is UTF-8.
//
// Lone surrogates would do the same job, but strict readers refuse them and jq replaces them.
//
// Spec: RFC 8259 §7, RFC 7493 §2.1 (no surrogates), Unicode §3.9 table 3-7 (well-formed UTF-8).
extension LineCursor {
    /// The most bytes that one byte of text becomes.
    static let maxGrowth = 6

    /// The inside of a JSON string.
    mutating func put(escaped text: UnsafeBufferPointer<UInt8>) {
        guard let base = text.baseAddress else { return }
        reserve(text.count * Self.maxGrowth)
        var index = 0
        while index < text.count {
            index += copyPlain(base + index, text.count - index)
            if index < text.count { index += putOne(base + index, text.count - index) }
        }
    }

    /// Copies bytes up to the first that is not printable ASCII, or is `"` or `\`; there is room for all.
    ///
    /// - Returns: how many of the `count` at `start` they are.
    @inline(__always)
    private mutating func copyPlain(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = ones << 7
        var index = 0
        while count - index >= 8 {
            let word = UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
            // A byte's top bit is set in the sum of these if it is below 0x20, `"`, `\`, DEL, or above ASCII. The
            // differences may borrow from a neighbour only where a lower byte was found already.
            let control = (word &- (ones &* 0x20)) & ~word
            let quote = (word ^ (ones &* 0x22)) &- ones
            let backslash = (word ^ (ones &* 0x5c)) &- ones
            let delete = (word ^ (ones &* 0x7f)) &- ones
            guard (control | word | quote | backslash | delete) & tops == 0 else { break }
            UnsafeMutableRawPointer(next + index).storeBytes(of: word, as: UInt64.self)
            index += 8
        }
        while index < count, Self.isPlain(start[index]) {
            next[index] = start[index]
            index += 1
        }
        advance(index)
        return index
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Writes the character at `start`, which can't simply be copied as ASCII.
    ///
    /// - Returns: how many of the `count` bytes it took, at least 1.
    private mutating func putOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
        let byte = start.pointee
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            put(UInt8(ascii: "\\"))
            put(byte)
            return 1
        }
        guard let (scalar, length) = UTF8Character.decode(UnsafeBufferPointer(start: start, count: count)),
            !UTF8Character.standsForByte(scalar)
        else {
            put(unit: UTF8Character.byteBase | UInt32(byte))
            return 1
        }
        if UTF8Character.isHidden(scalar) {
            if scalar > 0xffff {
                put(unit: 0xd7c0 + (scalar >> 10))
                put(unit: 0xdc00 + (scalar & 0x3ff))
            } else {
                put(unit: scalar)
            }
        } else {
            put(UnsafeBufferPointer(start: start, count: length))
        }
        return length
    }

    /// `\uXXXX`.
    private mutating func put(unit: UInt32) {
        put("\\u")
        for shift: UInt32 in stride(from: 12, through: 0, by: -4) {
            put(Self.hexDigit(UInt8(truncatingIfNeeded: unit >> shift) & 15))
        }
    }
}
