extension DomainTable {
    /// Fills a table. Order of insertion and of the names makes no difference to the time it takes.
    struct Builder: ~Copyable {
        private(set) var count = 0
        private(set) var maxLabels = 0
        private(set) var hasExceptions = false
        let exceptionsReachDown: Bool
        private(set) var slots: Slots

        /// - Parameters:
        ///   - expected: how many entries there will be, roughly: too few costs a rehash, too many is cut down.
        ///   - exceptionsReachDown: whether an exception for a name also holds for entries below it (AdBlock), or only
        ///     where no entry names more labels.
        init(expected: Int, exceptionsReachDown: Bool = false) {
            slots = Slots(capacity: expected + expected / 3 + 1)
            self.exceptionsReachDown = exceptionsReachDown
        }

        /// - Parameters:
        ///   - line: 1 to `maxLine`.
        ///   - labels: how many labels the name has.
        ///   - isMergingDuplicates: whether an entry that an earlier one covers is left out.
        /// - Returns: false if an earlier entry says the same; its line stays.
        mutating func insert(_ hash: UInt64, kind: Kind, line: UInt32, labels: Int, isMergingDuplicates: Bool = true)
            -> Bool
        {
            if (count + 1) * 4 > slots.capacity * 3 { rehash(capacity: slots.capacity * 3 / 2) }
            var place = slots.home(of: hash)
            while true {
                let found = slots.hash(at: place)
                if found == 0 { break }
                if found == hash, isMergingDuplicates {
                    let known = Kind(rawValue: slots.word(at: place) & ~DomainTable.maxLine)
                    if known.isSuperset(of: kind), known.subtracting(kind).isSubset(of: .suffix) { return false }
                }
                place = slots.next(place)
            }
            slots.set(place, hash: hash, word: kind.rawValue | line)
            count += 1
            maxLabels = max(maxLabels, labels)
            hasExceptions = hasExceptions || kind.contains(.exception)
            return true
        }

        /// The table, cut to size when most of it is empty.
        consuming func build() -> DomainTable {
            let needed = count + count / 3 + 1
            if slots.capacity > needed + needed / 4 { rehash(capacity: needed) }
            return DomainTable(self)
        }

        private mutating func rehash(capacity: Int) {
            var larger = Slots(capacity: capacity)
            for place in 0..<slots.capacity {
                if place % DomainTable.placesInOneGo == 0 { giveWay() }
                let hash = slots.hash(at: place)
                guard hash != 0 else { continue }
                var target = larger.home(of: hash)
                while larger.hash(at: target) != 0 { target = larger.next(target) }
                larger.set(target, hash: hash, word: slots.word(at: place))
            }
            slots = larger
        }
    }
}
