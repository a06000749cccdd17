/// What the log must know of single UTF-8 characters.
enum UTF8Character {
    /// Code points from here + 0x80 to here + 0xff stand for single bytes that are no UTF-8.
    static let byteBase: UInt32 = 0xef00

    static func standsForByte(_ scalar: UInt32) -> Bool {
        scalar >= byteBase + 0x80 && scalar <= byteBase + 0xff
    }

    /// The well-formed character at the start of `bytes`; nil if there is none.
    ///
    /// Spec: Unicode §3.9, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> (scalar: UInt32, length: Int)? {
        guard let first = bytes.first else { return nil }
        let length: Int
        let smallest: UInt32
        var scalar: UInt32
        switch first {
        case 0..<0x80: return (UInt32(first), 1)
        case 0xc2...0xdf: (length, smallest, scalar) = (2, 0x80, UInt32(first & 0x1f))
        case 0xe0...0xef: (length, smallest, scalar) = (3, 0x800, UInt32(first & 0x0f))
        case 0xf0...0xf4: (length, smallest, scalar) = (4, 0x10000, UInt32(first & 0x07))
        default: return nil
        }
        guard bytes.count >= length else { return nil }
        for index in 1..<length {
            guard bytes[index] & 0xc0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(bytes[index] & 0x3f)
        }
        guard scalar >= smallest, scalar <= 0x10ffff, scalar >> 11 != 0x1b else { return nil }
        return (scalar, length)
    }

    /// Controls, separators that some readers take for a line's end, and what shows nothing or turns the direction of
    /// writing: on a terminal each could make a line look like something else.
    static func isHidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x20, 0x7f...0x9f, 0xad, 0x061c, 0x115f...0x1160, 0x17b4...0x17b5, 0x180b...0x180f, 0x2000...0x200f,
            0x2028...0x202f, 0x205f...0x206f, 0x3164, 0xfe00...0xfe0f, 0xfeff, 0xffa0, 0xfff0...0xfffb,
            0xe0000...0xe0fff:
            true
        default: false
        }
    }
}
