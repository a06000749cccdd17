/// The inside of a JSON string, on its way back to the bytes it was made from.
enum JSONText {
    /// Where the quotation mark is that ends the text beginning at `start`; nil if there is none, or a control before it.
    @inline(__always)
    static func end(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = start
        while true {
            // Eight at a time up to a quotation mark, backslash or control; a false alarm only comes after a true one.
            while bytes.count - index >= 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let quote = word ^ (ones &* 0x22)
                let backslash = word ^ (ones &* 0x5c)
                let control = (word &- (ones &* 0x20)) & ~word
                let found = ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | control) & (ones << 7)
                if found != 0 {
                    index += found.trailingZeroBitCount / 8
                    break
                }
                index += 8
            }
            guard index < bytes.count else { return nil }
            switch bytes[index] {
            case UInt8(ascii: "\""): return index
            case UInt8(ascii: "\\"): index += 2
            case 0..<0x20: return nil
            default: index += 1
            }
            if index >= bytes.count { return nil }
        }
    }

    /// Undoes JSON's escapes: UTF-8. An escape that is none stays as it is; a surrogate alone becomes U+FFFD.
    static func unescaped(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "\\"), index + 1 < text.count else {
                bytes.append(text[index])
                index += 1
                continue
            }
            if text[index + 1] == UInt8(ascii: "u"), let (scalar, length) = scalar(text, at: index) {
                bytes.append(contentsOf: UTF8.encode(scalar)!)
                index += length
            } else {
                bytes.append(plain(text[index + 1]))
                index += 2
            }
        }
        return bytes
    }

    // MARK: - Private

    private static func plain(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "r"): 0x0d
        default: letter
        }
    }

    /// The scalar of the one or two `\uXXXX` at `index`, and how many bytes these are.
    private static func scalar(_ text: UnsafeRawBufferPointer, at index: Int) -> (Unicode.Scalar, Int)? {
        guard let first = unit(text, at: index) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard first < 0xdc00, let second = unit(text, at: index + 6), second >= 0xdc00, second <= 0xdfff else {
            return ("\u{fffd}", 6)
        }
        return Unicode.Scalar(0x10000 + (first - 0xd800) * 0x400 + (second - 0xdc00)).map { ($0, 12) }
    }

    private static func unit(_ text: UnsafeRawBufferPointer, at index: Int) -> UInt32? {
        guard index + 6 <= text.count, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt32 = 0
        for digit in text[index + 2..<index + 6] {
            guard let value = hexValue(digit) else { return nil }
            unit = unit << 4 | UInt32(value)
        }
        return unit
    }

    static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
