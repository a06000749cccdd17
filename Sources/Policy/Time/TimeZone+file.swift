extension TimeZone {
    /// Reads a zone file; nil when it is none.
    ///
    /// Spec: RFC 9636 §3: a header and data with 32-bit times, then, from version 2 on, a header and data with 64-bit times,
    /// then the footer, which says what holds after the last of them.
    init?(file bytes: [UInt8]) {
        guard let old = ZoneHeader(bytes[...]) else { return nil }
        var header = old
        var body = bytes[44...]
        var timeSize = 4
        if old.version >= UInt8(ascii: "2") {
            guard bytes.count >= 44 + old.byteCount(timeSize: 4) else { return nil }
            let second = bytes[(44 + old.byteCount(timeSize: 4))...]
            guard let new = ZoneHeader(second) else { return nil }
            header = new
            body = second.dropFirst(44)
            timeSize = 8
        }
        guard body.count >= header.byteCount(timeSize: timeSize), header.typeCount > 0 else { return nil }
        let start = body.startIndex
        let indexes = start + header.turnCount * timeSize
        let types = indexes + header.turnCount
        var offsets: [Int] = []
        var turns: [Int64] = []
        func offset(ofType type: Int) -> Int? {
            guard type < header.typeCount else { return nil }
            let bits = Self.number(body, at: types + type * 6, size: 4)
            return Int(Int32(truncatingIfNeeded: bits))
        }
        for index in 0..<header.turnCount {
            let bits = Self.number(body, at: start + index * timeSize, size: timeSize)
            turns.append(timeSize == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits))
            guard let offset = offset(ofType: Int(body[indexes + index])) else { return nil }
            offsets.append(offset)
        }
        guard let first = offset(ofType: 0), zip(turns, turns.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
        let footer = body[(start + header.byteCount(timeSize: timeSize))...].split(separator: UInt8(ascii: "\n"))
        let rest = timeSize == 8 ? footer.first.flatMap { PosixZone(String(decoding: $0, as: UTF8.self)) } : nil
        self.init(turns: turns, offsets: offsets, first: first, rest: rest)
    }

    fileprivate static func number(_ bytes: ArraySlice<UInt8>, at index: Int, size: Int) -> UInt64 {
        bytes[index..<index + size].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The counts in front of the data.
private struct ZoneHeader {
    /// The ASCII digit, or 0.
    let version: UInt8
    let turnCount: Int
    let typeCount: Int
    private let letterCount: Int
    private let leapCount: Int
    private let flagCount: Int

    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 44, bytes.starts(with: "TZif".utf8) else { return nil }
        let start = bytes.startIndex
        version = bytes[start + 4]
        let counts = (0..<6).map { Int(TimeZone.number(bytes, at: start + 20 + $0 * 4, size: 4)) }
        guard counts.allSatisfy({ $0 < 1 << 20 }) else { return nil }
        flagCount = counts[0] + counts[1]
        leapCount = counts[2]
        turnCount = counts[3]
        typeCount = counts[4]
        letterCount = counts[5]
    }

    func byteCount(timeSize: Int) -> Int {
        turnCount * (timeSize + 1) + typeCount * 6 + letterCount + leapCount * (timeSize + 4) + flagCount
    }
}
