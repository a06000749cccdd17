/// A set of rules by their numbers, one bit each. As long as there are no more than 256, it needs no memory of its own.
struct RuleSet: Sendable {
    private var few = InlineArray<4, UInt64>(repeating: 0)
    /// Of the 256th rule and those above it.
    private var more: [UInt64]

    /// - Parameter capacity: more than any number that will be inserted.
    init(capacity: Int) {
        more = [UInt64](repeating: 0, count: max(0, (capacity + 63) / 64 - 4))
    }

    @inline(__always)
    mutating func insert(_ rule: UInt32) {
        let word = Int(rule / 64)
        let bit: UInt64 = 1 &<< UInt64(rule % 64)
        if word < 4 { few[word] |= bit } else { more[word - 4] |= bit }
    }

    /// The lowest number in the set, `start` or above it.
    @inline(__always)
    func first(from start: Int) -> Int? {
        var word = start / 64
        var mask: UInt64 = ~0 &<< UInt64(start % 64)
        while word < 4 + more.count {
            let bits = (word < 4 ? few[word] : more[word - 4]) & mask
            if bits != 0 { return word * 64 + bits.trailingZeroBitCount }
            mask = ~0
            word += 1
        }
        return nil
    }
}
