/// What a line of a list turned out to be. Nothing is dropped without being counted as one of these.
enum ListLine: Equatable {
    /// Empty, a comment, or a line that only gives the file its shape.
    case blank
    /// At least one entry was made of it.
    case entry
    /// It means something, but nothing about hosts.
    case notApplicable(String)
    /// It should be an entry and can't be.
    case malformed(String)
}

/// Sums up the words of one line: what is wrong with one outweighs what others made.
struct LineOutcome {
    private(set) var line = ListLine.malformed("no name in this line")
    private var isFirst = true

    mutating func add(_ word: ListLine) {
        if isFirst || Self.weight(word) > Self.weight(line) { line = word }
        isFirst = false
    }

    private static func weight(_ line: ListLine) -> Int {
        switch line {
        case .blank: 0
        case .notApplicable: 1
        case .entry: 2
        case .malformed: 3
        }
    }
}
