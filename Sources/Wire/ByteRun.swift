/// The ends of runs of harmless bytes, found eight bytes at a time.
///
/// Each word is loaded through `RawSpan`, which checks that all eight bytes are there; the rest is read singly. Per lane
/// of a word, `(lane - n) & ~lane & 0x80` is set where the lane is below `n`, and possibly in lanes above one that is:
/// the lowest is always right, and only that is used.
enum ByteRun {
    /// The first byte from `start` up to `end` that is a control or DEL; `end` without one.
    static func textEnd(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var index = start
        while end - index >= 8 {
            let word = word(bytes, at: index)
            let stops = below(0x20, word) | below(1, word ^ each(0x7f))
            guard stops == 0 else { return index + stops.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < end, bytes[index] >= 0x20, bytes[index] != 0x7f { index += 1 }
        return index
    }

    /// The first byte from `start` on that is not visible ASCII, or is `#`; the count of `bytes` without one.
    static func targetEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while bytes.count - index >= 8 {
            let word = word(bytes, at: index)
            let stops =
                below(0x21, word) | below(1, word ^ each(0x7f)) | below(1, word ^ each(UInt8(ascii: "#")))
                | word & each(0x80)
            guard stops == 0 else { return index + stops.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, bytes[index] &- 0x21 < 0x5e, bytes[index] != UInt8(ascii: "#") { index += 1 }
        return index
    }

    // MARK: - Private

    private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
        UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    private static func each(_ byte: UInt8) -> UInt64 {
        0x0101_0101_0101_0101 &* UInt64(byte)
    }

    private static func below(_ bound: UInt8, _ word: UInt64) -> UInt64 {
        (word &- each(bound)) & ~word & each(0x80)
    }
}
