import Addressing

/// Names with the line each came from, in an open-addressing table of 64-bit keyed hashes: 16 bytes for an entry
/// and no text. What an entry reads is the part of the query that it matched.
///
/// A query that is in no entry is taken for one with a chance of entries × 2⁻⁶⁴ for each of its suffixes: a million
/// entries and thirty thousand look-ups a second make one wrong verdict in twenty years, and nobody can aim at it,
/// since the key is secret.
struct DomainTable: ~Copyable, Sendable {
    /// What an entry says of the names around it; the upper four bits of an entry's word.
    struct Kind: OptionSet, Sendable {
        let rawValue: UInt32
        /// The name itself.
        static let exact = Kind(rawValue: 1 << 28)
        /// All names below it.
        static let below = Kind(rawValue: 1 << 29)
        /// The names are not on the list, whatever other entries say.
        static let exception = Kind(rawValue: 1 << 30)
        /// Stronger than an entry without this mark.
        static let important = Kind(rawValue: 1 << 31)
        static let suffix: Kind = [.exact, .below]
    }

    /// An entry that covers a query.
    struct Hit: Equatable {
        let line: UInt32
        let kind: Kind
        /// How many of the query's labels the entry names.
        let labels: Int

        /// Whether it speaks rather than another one for the same name: the stronger, of two alike the one further up.
        func beats(_ other: Hit) -> Bool {
            (kind.rank, other.line) > (other.kind.rank, line)
        }
    }

    /// Lines beyond this can't be told apart and are refused by the reader.
    static let maxLine: UInt32 = (1 << 28) - 1
    /// How much of a table is walked through before others have their turn.
    static let placesInOneGo = 2048

    let count: Int
    let bytesHeld: Int
    /// The most labels that any entry has: longer suffixes of a query aren't looked for.
    private let maxLabels: Int
    /// Whether an exception beats every entry (AdBlock), not only those that name fewer labels.
    private let exceptionsReachDown: Bool
    let hasExceptions: Bool
    private let slots: Slots

    init(_ builder: consuming Builder) {
        count = builder.count
        maxLabels = builder.maxLabels
        hasExceptions = builder.hasExceptions
        exceptionsReachDown = builder.hasExceptions && builder.exceptionsReachDown
        slots = builder.slots
        bytesHeld = slots.byteCount
    }

    /// The entry that speaks for a name: the one that names most of its labels, unless an exception or a mark of
    /// importance overrides that. The caller looks whether it is an exception.
    ///
    /// - Parameter name: the hashes of its suffixes, the shortest first.
    func find(_ name: Span<UInt64>) -> Hit? {
        let longest = min(name.count, maxLabels)
        var warmed: UInt64 = 0
        for labels in 0..<longest { warmed |= slots.hash(at: slots.home(of: name[labels])) }
        // All home places are on their way from memory at once, instead of one after the other. When all are empty,
        // nothing is found.
        guard warmed != 0 else { return nil }
        var best: Hit?
        for labels in stride(from: longest, through: 1, by: -1) {
            guard let hit = find(name[labels - 1], labels: labels, isWhole: labels == name.count) else { continue }
            guard exceptionsReachDown else { return hit }
            if best == nil || hit.kind.rank > best!.kind.rank { best = hit }
        }
        return best
    }

    /// Calls `body` with every entry that covers a name.
    func forEachCovering(_ name: Span<UInt64>, _ body: (Hit) -> Void) {
        for labels in 0..<min(name.count, maxLabels) {
            let wanted: Kind = labels + 1 == name.count ? .exact : .below
            forEach(name[labels]) { hit in
                if hit.kind.contains(wanted) { body(hit) }
            }
        }
    }

    /// How many entries another table lacks.
    func count(notIn other: borrowing DomainTable) -> Int {
        var count = 0
        for place in 0..<slots.capacity {
            if place % Self.placesInOneGo == 0 { giveWay() }
            let hash = slots.hash(at: place)
            guard hash != 0 else { continue }
            let kind = Kind(rawValue: slots.word(at: place) & ~Self.maxLine)
            var isKnown = false
            other.forEach(hash) { hit in isKnown = isKnown || hit.kind == kind }
            if !isKnown { count += 1 }
        }
        return count
    }

    /// Calls `body` with all that is said of one name; its labels are not counted.
    func forEach(_ hash: UInt64, _ body: (Hit) -> Void) {
        var place = slots.home(of: hash)
        while slots.hash(at: place) != 0 {
            if slots.hash(at: place) == hash {
                let word = slots.word(at: place)
                body(Hit(line: word & Self.maxLine, kind: Kind(rawValue: word & ~Self.maxLine), labels: 0))
            }
            place = slots.next(place)
        }
    }

    // MARK: - Private

    private func find(_ hash: UInt64, labels: Int, isWhole: Bool) -> Hit? {
        let wanted: Kind = isWhole ? .exact : .below
        var best: Hit?
        var place = slots.home(of: hash)
        while true {
            let found = slots.hash(at: place)
            if found == 0 { return best }
            if found == hash {
                let word = slots.word(at: place)
                let hit = Hit(line: word & Self.maxLine, kind: Kind(rawValue: word & ~Self.maxLine), labels: labels)
                if hit.kind.contains(wanted), best.map({ hit.beats($0) }) ?? true { best = hit }
            }
            place = slots.next(place)
        }
    }
}

extension DomainTable.Kind {
    /// Which of two entries wins: important exceptions, important entries, exceptions, entries.
    var rank: UInt32 { rawValue >> 30 }
}
