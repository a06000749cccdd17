/// A line that vouches for those before it.
///
/// Its `sha256` (or `hmac`, where there is a key) is taken over every byte after the line feed of the seal before it, up
/// to and with the quotation mark in front of its own value. As the seal names the one before in `prev`, each seal
/// covers all that was ever sealed; a seal's own counts and sums are covered too.
///
/// What it proves: that nobody who could not also write all later seals anew has changed, removed, added or moved a
/// line. Whoever may write the file and knows the key, if there is one, can: keep the newest seal elsewhere.
public struct Seal: Hashable, Sendable {
    /// Its own number.
    public var sequence: UInt64
    /// Microseconds since the epoch.
    public var time: Int64
    /// The number of the first line it covers; the last is the one before its own.
    public var first: UInt64
    public var lines: Int
    /// Bytes of these lines, with their line feeds.
    public var bytes: Int
    /// The `LineSum` of each, without its line feed.
    var sums: [UInt32]
    /// The digest of the seal before it; all zeros where there is none.
    public var previous: Digest
    public var digest: Digest
    /// Whether `digest` is an HMAC.
    public var isKeyed: Bool

    /// The seal's line up to its own digest. That is what the digest covers of it.
    func writeHead(to line: inout LineCursor) {
        line.put(LineKind.seal.opening)
        line.put(decimal: sequence)
        line.put(",\"start\":\"")
        var clock = TimeText()
        clock.put(time, to: &line)
        line.put("\",\"first\":")
        line.put(decimal: first)
        line.put(",\"lines\":")
        line.put(decimal: UInt64(lines))
        line.put(",\"bytes\":")
        line.put(decimal: UInt64(bytes))
        line.put(",\"sums\":\"")
        for sum in sums { line.put(sum: sum) }
        line.put("\",\"prev\":\"")
        line.put(previous)
        line.put(isKeyed ? "\",\"hmac\":\"" : "\",\"sha256\":\"")
    }

    /// What follows the head.
    func writeEnd(to line: inout LineCursor) {
        line.put(digest)
        line.put("\"}\n")
    }

    /// An upper bound for the length of the line.
    static func maxLineBytes(lines: Int) -> Int {
        512 + lines * 8
    }
}

extension Digest {
    /// In the place of a seal that never was.
    public static let none = Digest(words: InlineArray(repeating: 0))
}

extension LineCursor {
    mutating func put(_ digest: Digest) {
        digest.hex.withUnsafeBufferPointer { put($0) }
    }

    /// Eight hexadecimal digits.
    mutating func put(sum: UInt32) {
        for shift: UInt32 in stride(from: 28, through: 0, by: -4) {
            put(Self.hexDigit(UInt8(truncatingIfNeeded: sum >> shift) & 15))
        }
    }
}
