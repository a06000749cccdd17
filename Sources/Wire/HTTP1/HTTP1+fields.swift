// The pieces of a field line, read from bytes that may hold anything.

extension HTTP1 {
    /// The colon after a field name. Spec: RFC 9112 §5.1: no whitespace between the two.
    static func fieldNameEnd(_ bytes: Span<UInt8>, from start: Int) throws(ParseError) -> Int {
        var index = ByteRun.letterEnd(bytes, from: start)
        while index < bytes.count, ByteClass.isToken(bytes[index]) { index += 1 }
        guard index < bytes.count else { throw .unterminatedHead }
        switch bytes[index] {
        case UInt8(ascii: ":"):
            guard index > start else { throw .emptyFieldName }
            return index
        case ByteClass.space, ByteClass.tab: throw .spaceBeforeColon
        case ByteClass.cr: throw .missingColon
        case ByteClass.lf: throw .bareLF
        case let byte where byte < 0x20 || byte == 0x7f: throw .controlCharacter(byte)
        case let byte: throw .invalidFieldName(byte)
        }
    }

    /// The value after the colon, without the blanks around it, and the end of the line's text.
    ///
    /// Spec: RFC 9110 §5.5. Bytes from 0x80 on are opaque data.
    static func fieldValue(_ bytes: Span<UInt8>, from start: Int) -> (value: Range<Int>, end: Int) {
        var first = start
        while first < bytes.count, ByteClass.isBlank(bytes[first]) { first += 1 }
        var end = ByteRun.textEnd(bytes, from: first, to: bytes.count)
        while end < bytes.count, bytes[end] == ByteClass.tab {
            end = ByteRun.textEnd(bytes, from: end + 1, to: bytes.count)
        }
        var last = end
        while last > first, ByteClass.isBlank(bytes[last - 1]) { last -= 1 }
        return (first..<last, end)
    }

    /// The index after the CRLF that must stand at `index`. Spec: RFC 9112 §2.2.
    static func skipLineEnd(_ bytes: Span<UInt8>, at index: Int) throws(ParseError) -> Int {
        guard index < bytes.count else { throw .unterminatedHead }
        switch bytes[index] {
        case ByteClass.cr:
            guard index + 1 < bytes.count else { throw .unterminatedHead }
            guard bytes[index + 1] == ByteClass.lf else { throw .bareCR }
            return index + 2
        case ByteClass.lf: throw .bareLF
        case let byte: throw .controlCharacter(byte)
        }
    }

    /// `Content-Length = 1*DIGIT`. Spec: RFC 9110 §8.6; a list of equal values is refused, as §8.6 allows.
    static func contentLength(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ParseError) -> UInt64 {
        guard !range.isEmpty else { throw .invalidContentLength }
        var value: UInt64 = 0
        var overflowed = false
        for index in range {
            let byte = bytes[index]
            guard ByteClass.isDigit(byte) else {
                throw byte == UInt8(ascii: ",") ? .listedContentLength : .invalidContentLength
            }
            // At most 2^63 + 1 after the step, which UInt64 holds; what follows an overflow is still read, for its own
            // faults.
            overflowed = overflowed || value > UInt64(Int64.max) / 10
            if !overflowed { value = value * 10 + UInt64(byte - UInt8(ascii: "0")) }
        }
        guard !overflowed, value <= UInt64(Int64.max) else { throw .contentLengthOverflow }
        return value
    }

    /// `Max-Forwards = 1*DIGIT`; what is larger than `Int.max` is as good as that. Spec: RFC 9110 §7.6.2.
    static func maxForwards(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ParseError) -> Int {
        guard !range.isEmpty else { throw .invalidMaxForwards }
        var value = 0
        for index in range {
            guard ByteClass.isDigit(bytes[index]) else { throw .invalidMaxForwards }
            value = value > (Int.max - 9) / 10 ? Int.max : value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        }
        return value
    }

    /// `Transfer-Encoding: chunked`, alone. A body whose last coding is another has no end (400); one that is coded
    /// in more ways before is more than this proxy decodes (501). Spec: RFC 9112 §6.1, §6.3.
    static func checkTransferCoding(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ParseError) {
        guard !ByteClass.equal(bytes, range, "chunked") else { return }
        var start = range.upperBound
        while start > range.lowerBound, bytes[start - 1] != UInt8(ascii: ",") { start -= 1 }
        let isListed = start > range.lowerBound
        while start < range.upperBound, ByteClass.isBlank(bytes[start]) { start += 1 }
        guard isListed, ByteClass.equal(bytes, start..<range.upperBound, "chunked") else { throw .chunkedNotFinal }
        throw .unsupportedTransferCoding
    }
}
