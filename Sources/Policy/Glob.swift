/// A pattern for a whole name: `*` stands for any bytes, dots too, everything else for itself.
struct Glob: Hashable, Sendable {
    /// Lower case.
    let pattern: [UInt8]
    /// Whether the pattern may also begin behind any dot of the name, as AdBlock's `||` does.
    let beginsAtAnyLabel: Bool

    /// Nil when a byte is in `pattern` that no name has.
    init?(_ pattern: some Sequence<UInt8>, beginsAtAnyLabel: Bool = false) {
        var folded: [UInt8] = []
        for byte in pattern {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "*"):
                folded.append(byte)
            default: return nil
            }
        }
        guard !folded.isEmpty else { return nil }
        self.pattern = folded
        self.beginsAtAnyLabel = beginsAtAnyLabel
    }

    /// - Parameter name: in its normal form.
    func matches(_ name: Span<UInt8>) -> Bool {
        // Most patterns differ from most names in the last byte.
        let last = pattern[pattern.count - 1]
        guard last == UInt8(ascii: "*") || name.ends(with: last) else { return false }
        if matches(name, from: 0) { return true }
        guard beginsAtAnyLabel else { return false }
        for index in name.indices where name[index] == UInt8(ascii: ".") {
            if matches(name, from: index + 1) { return true }
        }
        return false
    }

    /// Goes back to the last star only, so it takes at most pattern × name steps.
    private func matches(_ name: Span<UInt8>, from start: Int) -> Bool {
        var place = start
        var index = 0
        var star: (index: Int, place: Int)?
        while place < name.count {
            if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
                star = (index, place)
                index += 1
            } else if index < pattern.count, pattern[index] == name[place] {
                index += 1
                place += 1
            } else if let last = star {
                star = (last.index, last.place + 1)
                index = last.index + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        while index < pattern.count, pattern[index] == UInt8(ascii: "*") { index += 1 }
        return index == pattern.count
    }
}
