// Numbers in network order. Every caller has checked that the bytes are there; a wrong index traps rather than reads.

/// The `count` (1–8) bytes from `start` on as one number, most significant byte first.
func bigEndian(_ bytes: Span<UInt8>, at start: Int, count: Int = 8) -> UInt64 {
    var value: UInt64 = 0
    for index in start..<start + count { value = value << 8 | UInt64(bytes[index]) }
    return value
}

func appendBigEndian(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for shift in stride(from: type(of: value).bitWidth - 8, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
}

/// The bytes of `range` as an array of their own.
func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
        for index in range { buffer[index - range.lowerBound] = bytes[index] }
        count = range.count
    }
}
