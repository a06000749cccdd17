/// The ends of runs of harmless bytes, found eight bytes at a time.
///
/// Per lane of a word, `(lane - n) & ~lane & 0x80` is set where the lane is below `n`, and possibly in lanes above one that
/// is: the lowest is always right, and only that is used.
enum ByteRun {
    /// The first byte from `start` up to `end` that is a control or DEL; `end` without one.
    static func textEnd(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        first(bytes, from: start, to: end) {
            below(0x20, $0) | below(1, $0 ^ each(0x7f))
        } orOne: {
            $0 < 0x20 || $0 == 0x7f
        }
    }

    /// The first byte from `start` on that is not visible ASCII, or is `#`; the count of `bytes` without one.
    static func targetEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        first(bytes, from: start, to: bytes.count) {
            below(0x21, $0) | below(1, $0 ^ each(0x7f)) | below(1, $0 ^ each(UInt8(ascii: "#"))) | $0 & each(0x80)
        } orOne: {
            $0 &- 0x21 >= 0x5e || $0 == UInt8(ascii: "#")
        }
    }

    /// The first byte from `start` on that is neither an ASCII letter nor `-`, or has less than seven behind it: most of
    /// most field names is before that.
    static func letterEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while bytes.count - index >= 8 {
            let word = word(bytes, at: index)
            // No lane carries into the next: each is below 0x80 before it is added to.
            let low = word & ~each(0x80) | each(0x20)
            let letters = (low &+ each(0x80 - UInt8(ascii: "a"))) & ~(low &+ each(0x80 - UInt8(ascii: "z") - 1))
            let dashes = ~((word & ~each(0x80) ^ each(UInt8(ascii: "-"))) &+ each(0x7f))
            let stops = ~((letters | dashes) & ~word) & each(0x80)
            guard stops == 0 else { return index + stops.trailingZeroBitCount / 8 }
            index += 8
        }
        return index
    }

    /// Eight bytes from `index` on, the first in the lowest place.
    @inline(__always)
    static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
        UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    @inline(__always)
    static func word(_ bytes: UnsafeRawBufferPointer, at index: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    // MARK: - Private

    /// The first byte from `start` up to `end` that is one of those looked for; `end` without one.
    ///
    /// Bounds: they are checked before the first byte is read; all reads are between them.
    ///
    /// - Parameters:
    ///   - stops: the top bits of those of eight bytes that are looked for, the lowest of them for certain.
    ///   - isStop: the same of one.
    @inline(__always)
    private static func first(
        _ bytes: Span<UInt8>, from start: Int, to end: Int, stops: (UInt64) -> UInt64, orOne isStop: (UInt8) -> Bool
    ) -> Int {
        precondition(start >= 0 && end <= bytes.count, "looked for outside the bytes")
        return bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return end }
            var index = start
            while end &- index >= 8 {
                let stops = stops(UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
                guard stops == 0 else { return index &+ stops.trailingZeroBitCount / 8 }
                index &+= 8
            }
            while index < end, !isStop(base.load(fromByteOffset: index, as: UInt8.self)) { index &+= 1 }
            return index
        }
    }

    private static func each(_ byte: UInt8) -> UInt64 {
        0x0101_0101_0101_0101 &* UInt64(byte)
    }

    private static func below(_ bound: UInt8, _ word: UInt64) -> UInt64 {
        (word &- each(bound)) & ~word & each(0x80)
    }
}
