/// Ranges of one address family, cut into pieces that don't overlap, found by binary search over where they begin.
struct RangePieces<Bits: FixedWidthInteger & UnsignedInteger & Sendable>: Hashable, Sendable {
    struct Range {
        // Of two alike, the one with the lower line speaks.
        let first: Bits
        let last: Bits
        let line: UInt32
    }

    /// Where each piece begins, ascending; it ends before the next begins.
    private var starts: [Bits] = []
    /// The line that speaks for the piece; 0 where none does.
    private var lines: [UInt32] = []

    /// How many ranges it was made of.
    let rangeCount: Int

    init(_ ranges: consuming [Range]) {
        rangeCount = ranges.count
        ranges.sort { ($0.first, $0.line) < ($1.first, $1.line) }
        let boundaries = Self.boundaries(of: ranges)
        var next = 0
        var covering: [Range] = []
        for boundary in boundaries {
            while next < ranges.count, ranges[next].first == boundary {
                Self.insert(ranges[next], into: &covering)
                next += 1
            }
            while let smallest = covering.last, smallest.last < boundary { covering.removeLast() }
            append(boundary, covering.last?.line ?? 0)
        }
    }

    var bytesHeld: Int { starts.count * (MemoryLayout<Bits>.stride + 4) }

    func find(_ bits: Bits) -> UInt32? {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low &+ high) / 2
            if starts[middle] <= bits { low = middle &+ 1 } else { high = middle }
        }
        guard low > 0, lines[low &- 1] != 0 else { return nil }
        return lines[low &- 1]
    }

    /// The pieces that a range speaks for.
    var ranges: [Range] {
        starts.indices.filter { lines[$0] != 0 }.map { index in
            Range(
                first: starts[index], last: index + 1 < starts.count ? starts[index + 1] - 1 : .max, line: lines[index])
        }
    }

    /// How many of its pieces another one lacks.
    func count(notIn other: RangePieces) -> Int {
        let known = Set(other.ranges.map { [$0.first, $0.last] })
        return ranges.count { !known.contains([$0.first, $0.last]) }
    }

    /// Whether every number that is in a range here is in one there.
    func isCovered(by other: RangePieces) -> Bool {
        ranges.allSatisfy { other.hold($0.first, through: $0.last) }
    }

    // MARK: - Private

    /// Whether all numbers from `first` to `last` are in ranges.
    private func hold(_ first: Bits, through last: Bits) -> Bool {
        guard find(first) != nil else { return false }
        for index in starts.indices where starts[index] > first && starts[index] <= last && lines[index] == 0 {
            return false
        }
        return true
    }

    /// Every place where the speaking range may change.
    private static func boundaries(of ranges: [Range]) -> [Bits] {
        var all: [Bits] = []
        all.reserveCapacity(ranges.count * 2)
        for range in ranges {
            all.append(range.first)
            if range.last < .max { all.append(range.last + 1) }
        }
        all.sort()
        return all
    }

    /// Keeps the smallest range last, and of two of one size the one that came first. Those that have ended stay until
    /// they come last.
    private static func insert(_ range: Range, into covering: inout [Range]) {
        var index = covering.count
        while index > 0, covering[index - 1].last - covering[index - 1].first <= range.last - range.first { index -= 1 }
        covering.insert(range, at: index)
    }

    private mutating func append(_ start: Bits, _ line: UInt32) {
        guard lines.last ?? 0 != line else { return }
        starts.append(start)
        lines.append(line)
    }
}
