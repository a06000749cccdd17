/// Compares the lines that are there with those that a seal states, and says how the ones came from the others.
struct SegmentComparison {
    struct Difference {
        let kind: Finding.Kind
        /// Which of the lines it is about; nil for what is not there.
        let line: Int?
    }

    private let seal: Seal
    private let lines: ArraySlice<SegmentLine>
    /// For each stated line, the one that is there; nil for none.
    private var found: [Int?]
    /// For each line that is there, the stated one that it is; nil for none.
    private var stated: [Int: Int] = [:]
    /// Stated lines whose number a line has.
    private var numbered: Set<Int> = []
    /// Stated lines that can't be there.
    private var ignored = 0

    init(_ seal: Seal, _ lines: ArraySlice<SegmentLine>) {
        self.seal = seal
        self.lines = lines
        found = [Int?](repeating: nil, count: seal.sums.count)
        numbered = Set(lines.compactMap { place(of: $0.sequence) })
    }

    /// Whether not all that the seal covers could be looked at.
    var isPartial: Bool { ignored > 0 }

    /// Takes no notice of stated lines before this number.
    mutating func ignore(before sequence: UInt64) {
        ignored = min(found.count, Int(clamping: sequence - seal.first))
    }

    /// In the order of the file; what is missing stands before the line that follows it.
    mutating func differences() -> [Difference] {
        matchUnchanged()
        var differences = movedLines()
        var changedTo: [Int: Int] = [:]
        for index in lines.indices where stated[index] == nil {
            let line = lines[index]
            if let place = changedPlace(of: line, at: index) {
                changedTo[index] = place
                stated[index] = place
                found[place] = index
                differences.append(Difference(kind: .changed(sequence: seal.first + UInt64(place)), line: index))
            } else {
                differences.append(Difference(kind: .added, line: index))
            }
        }
        return (differences + removedLines()).sorted { ($0.line ?? .max) < ($1.line ?? .max) }
    }

    // MARK: - Private

    private func place(of sequence: UInt64?) -> Int? {
        guard let sequence, sequence >= seal.first, sequence - seal.first < UInt64(found.count) else { return nil }
        return Int(sequence - seal.first)
    }

    /// Finds the lines that are what they were: the same number, or at least the same sum.
    private mutating func matchUnchanged() {
        for index in lines.indices {
            guard let place = place(of: lines[index].sequence), found[place] == nil else { continue }
            guard seal.sums[place] == lines[index].sum else { continue }
            found[place] = index
            stated[index] = place
        }
        var unmatched: [UInt32: [Int]] = [:]
        for place in found.indices.reversed() where found[place] == nil {
            unmatched[seal.sums[place], default: []].append(place)
        }
        for index in lines.indices where stated[index] == nil && lines[index].sequence == nil {
            guard let place = unmatched[lines[index].sum]?.popLast() else { continue }
            found[place] = index
            stated[index] = place
        }
    }

    /// Lines that are what they were, but not where: all but the longest run in the right order.
    private func movedLines() -> [Difference] {
        let matched = lines.indices.filter { stated[$0] != nil }
        let inOrder = Set(LongestRun.indices(matched.map { stated[$0] ?? 0 }).map { matched[$0] })
        return matched.filter { !inOrder.contains($0) }.map { index in
            Difference(kind: .moved(sequence: seal.first + UInt64(stated[index] ?? 0)), line: index)
        }
    }

    /// Which stated line this one was before it was changed: the one whose number it has, or the one that belongs where it
    /// stands.
    private func changedPlace(of line: SegmentLine, at index: Int) -> Int? {
        if let place = place(of: line.sequence), found[place] == nil { return place }
        let before = index > lines.startIndex ? stated[index - 1].map { $0 + 1 } : 0
        guard let before, before < found.count, found[before] == nil else { return nil }
        // Another line may have this number, further down.
        return numbered.contains(before) ? nil : before
    }

    private func removedLines() -> [Difference] {
        var differences: [Difference] = []
        var place = ignored
        while place < found.count {
            guard found[place] == nil else {
                place += 1
                continue
            }
            let start = place
            while place < found.count, found[place] == nil { place += 1 }
            let range = seal.first + UInt64(start)...seal.first + UInt64(place - 1)
            differences.append(Difference(kind: .removed(range), line: place < found.count ? found[place] : nil))
        }
        return differences
    }
}

/// The longest subsequence of rising numbers.
enum LongestRun {
    /// - Returns: the places in `numbers` of one such, in order.
    static func indices(_ numbers: [Int]) -> [Int] {
        // ends[k] is where the best run of length k + 1 ends: the one with the smallest last number.
        var ends: [Int] = []
        var before = [Int?](repeating: nil, count: numbers.count)
        for (index, number) in numbers.enumerated() {
            var low = 0
            var high = ends.count
            while low < high {
                let middle = (low + high) / 2
                if numbers[ends[middle]] < number { low = middle + 1 } else { high = middle }
            }
            before[index] = low > 0 ? ends[low - 1] : nil
            if low == ends.count { ends.append(index) } else { ends[low] = index }
        }
        var run: [Int] = []
        var index = ends.last
        while let place = index {
            run.append(place)
            index = before[place]
        }
        return run.reversed()
    }
}
