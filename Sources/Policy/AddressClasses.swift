import Addressing

/// Collects the ranges of rules and cuts them into pieces, each with the set of rules that have it: a class.
struct AddressClasses {
    private struct Claim<Bits: FixedWidthInteger & UnsignedInteger & Sendable> {
        let range: RangePieces<Bits>.Range
        let rule: UInt32
    }

    private var v4: [Claim<UInt32>] = []
    private var v6: [Claim<UInt128>] = []
    private var numbers: [[UInt32]: UInt32] = [:]
    private var classes: [[UInt32]] = []

    mutating func add(_ table: RangeTable, rule: UInt32) {
        v4 += table.v4.ranges.map { Claim(range: $0, rule: rule) }
        v6 += table.v6.ranges.map { Claim(range: $0, rule: rule) }
    }

    /// A table whose lines are numbers of classes, from 1, and the rules of each class.
    mutating func build() -> (RangeTable, [[UInt32]]) {
        let table = RangeTable(v4: RangePieces(pieces(v4)), v6: RangePieces(pieces(v6)))
        return (table, classes)
    }

    // MARK: - Private

    private mutating func pieces<Bits>(_ claims: [Claim<Bits>]) -> [RangePieces<Bits>.Range] {
        let claims = claims.sorted { $0.range.first < $1.range.first }
        var boundaries = Set(claims.map(\.range.first))
        for claim in claims where claim.range.last < .max { boundaries.insert(claim.range.last + 1) }
        let starts = boundaries.sorted()
        var pieces: [RangePieces<Bits>.Range] = []
        var open: [Claim<Bits>] = []
        var next = 0
        for (index, start) in starts.enumerated() {
            open.removeAll { $0.range.last < start }
            while next < claims.count, claims[next].range.first == start {
                open.append(claims[next])
                next += 1
            }
            guard !open.isEmpty else { continue }
            let last = index + 1 < starts.count ? starts[index + 1] - 1 : .max
            pieces.append(.init(first: start, last: last, line: number(of: Set(open.map(\.rule)).sorted())))
        }
        return pieces
    }

    private mutating func number(of rules: [UInt32]) -> UInt32 {
        if let number = numbers[rules] { return number }
        classes.append(rules)
        let number = UInt32(classes.count)
        numbers[rules] = number
        return number
    }
}
