import Addressing

// The words of a request line, read from bytes that may hold anything.

extension HTTP1.Method {
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var word: UInt64 = 0
        guard range.count <= 8 else {
            self = .other
            return
        }
        for index in range { word = word << 8 | UInt64(bytes[index]) }
        self =
            switch word {
            case 0x47_4554: .get
            case 0x4845_4144: .head
            case 0x504f_5354: .post
            case 0x50_5554: .put
            case 0x4445_4c45_5445: .delete
            case 0x43_4f4e_4e45_4354: .connect
            case 0x4f_5054_494f_4e53: .options
            case 0x54_5241_4345: .trace
            case 0x50_4154_4348: .patch
            default: .other
            }
    }
}

extension HTTP1 {
    /// The bytes up to the next SP. They must be visible ASCII; which of them a URI may hold is left to the origin,
    /// since browsers send `|`, `{` and the like as they are and no two readers split a request line there.
    static func targetRange(_ bytes: Span<UInt8>, from start: Int) throws(ParseError) -> Range<Int> {
        let index = ByteRun.targetEnd(bytes, from: start)
        guard index < bytes.count else { throw .unterminatedHead }
        switch bytes[index] {
        case ByteClass.space:
            guard index > start else { throw .missingTarget }
            return start..<index
        case ByteClass.cr: throw index > start ? .missingVersion : .missingTarget
        case ByteClass.lf: throw .bareLF
        case UInt8(ascii: "#"): throw .fragmentInTarget
        case let byte where byte < 0x20 || byte == 0x7f: throw .controlCharacter(byte)
        case let byte: throw .invalidTargetByte(byte)
        }
    }

    /// `HTTP-version = HTTP-name "/" DIGIT "." DIGIT`, and the index after it. Spec: RFC 9112 §2.3.
    static func version(_ bytes: Span<UInt8>, from start: Int) -> (major: UInt8, minor: UInt8)? {
        guard bytes.count - start >= 8, bytes[start] == UInt8(ascii: "H"), bytes[start + 1] == UInt8(ascii: "T"),
            bytes[start + 2] == UInt8(ascii: "T"), bytes[start + 3] == UInt8(ascii: "P"),
            bytes[start + 4] == UInt8(ascii: "/"), ByteClass.isDigit(bytes[start + 5]),
            bytes[start + 6] == UInt8(ascii: "."), ByteClass.isDigit(bytes[start + 7])
        else { return nil }
        return (bytes[start + 5] - UInt8(ascii: "0"), bytes[start + 7] - UInt8(ascii: "0"))
    }

    static func requestVersion(
        _ bytes: Span<UInt8>, from start: Int
    ) throws(ParseError) -> (version: Version, end: Int) {
        guard start < bytes.count else { throw .unterminatedHead }
        guard bytes[start] != ByteClass.cr else { throw .missingVersion }
        guard let (major, minor) = version(bytes, from: start) else { throw .invalidVersion }
        let end = start + 8
        guard end < bytes.count else { throw .unterminatedHead }
        guard !ByteClass.isFieldText(bytes[end]) else { throw .invalidVersion }
        guard let version = Version(rawValue: major * 10 + minor) else { throw .unsupportedVersion }
        return (version, end)
    }

    /// Whether two ranges hold the same but for the case of ASCII letters.
    static func equal(_ bytes: Span<UInt8>, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        if bytes.extracting(left).isSame(as: bytes.extracting(right)) { return true }
        for offset in 0..<left.count
        where ByteClass.folded(bytes[left.lowerBound + offset]) != ByteClass.folded(bytes[right.lowerBound + offset]) {
            return false
        }
        return true
    }

}
