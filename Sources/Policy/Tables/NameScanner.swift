import Addressing

/// Brings a name's bytes into the normal form of `HostName` in place, without a `String`, and hashes it.
///
/// It takes a part of what `HostName` takes and gives the same bytes for it; whatever it isn't sure of (a byte beyond
/// ASCII, an `xn--` label, a last label that starts with a digit) it leaves to `HostName`, so there is one normal form.
struct NameScanner: ~Copyable {
    /// The folded name, and room to load eight bytes from any place up to its end; what lies beyond it is masked out.
    private var bytes = InlineArray<264, UInt8>(repeating: 0)
    /// Where each label starts, from the left.
    private var starts = InlineArray<128, UInt8>(repeating: 0)
    private(set) var length = 0
    private(set) var labelCount = 0

    init() {}

    /// Takes in a name; trailing dots are dropped.
    ///
    /// - Throws: `HostError`, as `HostName` does.
    mutating func scan(_ name: Span<UInt8>) throws(HostError) {
        if scanPlain(name) { return }
        try scanOdd(name)
    }

    /// Takes in a name as most are spelt; false for all others, and for whatever is none. Never takes an address.
    mutating func scanPlain(_ name: Span<UInt8>) -> Bool {
        var end = name.count
        while end > 0, name[end - 1] == UInt8(ascii: ".") { end -= 1 }
        guard end > 0, end <= 253, fold(name, end: end) else { return false }
        let last = bytes[Int(starts[labelCount - 1])]
        guard last < UInt8(ascii: "0") || last > UInt8(ascii: "9") else { return false }
        for label in 0..<labelCount where isEncoded(Int(starts[label])) { return false }
        return true
    }

    /// As `scan`, for what `scanPlain` has left.
    mutating func scanOdd(_ name: Span<UInt8>) throws(HostError) {
        let text = Array(try HostName(parsing: name).text.utf8)
        let isScanned = fold(text.span, end: text.count)
        precondition(isScanned, "the normal form of a host name is lower-case ASCII labels of 1–63 bytes")
    }

    /// Takes in a name that is in its normal form already.
    mutating func take(_ name: HostName) {
        let isTaken = fold(name.text.utf8.span, end: name.text.utf8.count)
        precondition(isTaken, "the normal form of a host name is lower-case ASCII, in labels of 1–63 bytes")
    }

    /// The hash of the name.
    func hash() -> UInt64 {
        var hash = NameHash()
        absorbLabels(into: &hash) { _ in }
        return hash.value
    }

    /// The hashes of the name's suffixes, the shortest first.
    func suffixHashes() -> [UInt64] {
        var hash = NameHash()
        var hashes: [UInt64] = []
        absorbLabels(into: &hash) { hashes.append($0.value) }
        return hashes
    }

    // MARK: - Private

    @inline(__always)
    private func absorbLabels(into hash: inout NameHash, _ afterEach: (NameHash) -> Void) {
        // SAFETY: labels lie within the first 253 of 264 bytes.
        bytes.span.withUnsafeBytes { bytes in
            var end = length
            for label in stride(from: labelCount - 1, through: 0, by: -1) {
                let start = Int(starts[label])
                hash.absorb(bytes.baseAddress!, start..<end)
                afterEach(hash)
                end = start - 1
            }
        }
    }

    /// Bytes that a label holds, one bit each: `-` and digits; `A`–`Z`, `_`, `a`–`z`.
    private static let allowed: (below64: UInt64, above: UInt64) = (0x03ff_2000_0000_0000, 0x07ff_fffe_87ff_fffe)

    /// Copies the first `end` bytes, at most 253, in lower case, and notes where labels start. False when they are no labels
    /// of allowed bytes.
    private mutating func fold(_ name: Span<UInt8>, end: Int) -> Bool {
        var labels = 0
        var start = 0
        // SAFETY: `end` is at most 253 and the span's count, the target has 264 bytes; a name of 253 bytes has at most 127
        // labels, as each has a byte and a dot or the end.
        var folded = bytes.mutableSpan
        var marks = starts.mutableSpan
        let isFolded = name.withUnsafeBufferPointer { source in
            folded.withUnsafeMutableBufferPointer { target in
                marks.withUnsafeMutableBufferPointer { starts in
                    let source = source.baseAddress!
                    let target = target.baseAddress!
                    let starts = starts.baseAddress!
                    for index in 0..<end {
                        let byte = source[index]
                        let set = byte < 64 ? Self.allowed.below64 : Self.allowed.above
                        if byte < 128, set &>> UInt64(truncatingIfNeeded: byte & 63) & 1 == 1 {
                            target[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
                        } else {
                            guard byte == UInt8(ascii: "."), index > start, index &- start <= 63 else { return false }
                            starts[labels] = UInt8(truncatingIfNeeded: start)
                            labels &+= 1
                            start = index &+ 1
                            target[index] = byte
                        }
                    }
                    guard end > start, end - start <= 63 else { return false }
                    starts[labels] = UInt8(truncatingIfNeeded: start)
                    return true
                }
            }
        }
        labelCount = labels + 1
        length = end
        return isFolded
    }

    /// Whether `xn--` stands at `start`.
    private func isEncoded(_ start: Int) -> Bool {
        bytes[start] == UInt8(ascii: "x") && bytes[start + 1] == UInt8(ascii: "n")
            && bytes[start + 2] == UInt8(ascii: "-") && bytes[start + 3] == UInt8(ascii: "-")
    }
}
