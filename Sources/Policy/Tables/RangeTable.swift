import Addressing

/// Address ranges with the line each came from. Of two that hold an address, the smaller speaks (for prefixes: the
/// longest); of two alike, the first.
struct RangeTable: Sendable {
    let count: Int
    let v4: RangePieces<UInt32>
    let v6: RangePieces<UInt128>

    init(_ ranges: some Sequence<AddressRange>) {
        var builder = Builder()
        for range in ranges { builder.add(range) }
        self = builder.build()
    }

    init(v4: RangePieces<UInt32>, v6: RangePieces<UInt128>) {
        count = v4.rangeCount + v6.rangeCount
        self.v4 = v4
        self.v6 = v6
    }

    var bytesHeld: Int { v4.bytesHeld + v6.bytesHeld }

    /// Whether every address that is in a range here is in one there.
    func isCovered(by other: RangeTable) -> Bool {
        v4.isCovered(by: other.v4) && v6.isCovered(by: other.v6)
    }

    /// How many pieces of the address space another table lacks; for networks that don't overlap these are the networks.
    func count(notIn other: RangeTable) -> Int {
        v4.count(notIn: other.v4) + v6.count(notIn: other.v6)
    }

    /// The line of the smallest range that holds `address`.
    func find(_ address: IPAddress) -> UInt32? {
        if let bits = address.v4Bits { v4.find(bits) } else { v6.find(address.bits) }
    }
}

extension RangeTable {
    /// Collects ranges, each family for itself, which takes a third of the memory.
    struct Builder {
        private var v4: [RangePieces<UInt32>.Range] = []
        private var v6: [RangePieces<UInt128>.Range] = []

        mutating func add(_ range: AddressRange) {
            if let first = range.first.v4Bits, let last = range.last.v4Bits {
                v4.append(.init(first: first, last: last, line: range.line))
            } else {
                v6.append(.init(first: range.first.bits, last: range.last.bits, line: range.line))
            }
        }

        consuming func build() -> RangeTable {
            RangeTable(v4: RangePieces(v4), v6: RangePieces(v6))
        }
    }
}

/// Addresses of one family from `first` to `last`, both included.
struct AddressRange: Hashable, Sendable {
    let first: IPAddress
    let last: IPAddress
    /// 1 or more.
    let line: UInt32

    /// Nil when the ends are of two families, or the wrong way round.
    init?(first: IPAddress, last: IPAddress, line: UInt32) {
        guard first.isV4 == last.isV4, first.bits <= last.bits else { return nil }
        self.first = first
        self.last = last
        self.line = line
    }

    init(_ prefix: IPPrefix, line: UInt32) {
        first = prefix.network
        let rest: UInt128 = prefix.mappedLength == 128 ? 0 : ~0 >> UInt128(prefix.mappedLength)
        let bits = first.bits | rest
        last = IPAddress(high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
        self.line = line
    }
}

extension IPAddress {
    fileprivate var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }
}
