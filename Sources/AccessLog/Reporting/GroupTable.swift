/// Counts by the bytes of a key, in memory that is bounded.
///
/// When there are too many keys, the half with the fewest requests is given up and added to `others`. What is frequent is
/// counted on; a key that was given up and comes again starts from nothing, so that a count can be too low by
/// `maxError` at most for each time this happened.
struct GroupTable: Sendable {
    private struct Entry: Sendable {
        let hash: UInt64
        let start: Int
        let count: Int
        var counts: ReportCounts
    }

    private let maxGroups: Int
    private var entries: [Entry] = []
    /// All keys, one after another.
    private var keys: [UInt8] = []
    /// Places in `entries` plus one; 0 is free. Never more than half full.
    private var slots: [UInt32]
    /// What was given up.
    private(set) var others = ReportCounts()
    /// The most requests of a key that was given up, summed over the times that happened.
    private(set) var maxError: UInt64 = 0

    init(maxGroups: Int) {
        self.maxGroups = max(16, maxGroups)
        slots = [UInt32](repeating: 0, count: 64)
    }

    var count: Int { entries.count }

    mutating func add(_ counts: ReportCounts, to key: UnsafeRawBufferPointer) {
        let hash = Self.hash(key)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] > 0 {
            let index = Int(slots[slot] - 1)
            if entries[index].hash == hash, isKey(index, key) {
                entries[index].counts.add(counts)
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        if entries.count >= maxGroups { giveUpHalf() }
        entries.append(Entry(hash: hash, start: keys.count, count: key.count, counts: counts))
        keys.append(contentsOf: key)
        if entries.count * 2 > slots.count {
            slots = [UInt32](repeating: 0, count: slots.count * 2)
            for index in entries.indices { place(index) }
        } else {
            place(entries.count - 1)
        }
    }

    /// The `limit` groups that come first by `order`, best first.
    func top(_ limit: Int, by order: (ReportCounts) -> UInt64) -> [(key: [UInt8], counts: ReportCounts)] {
        let sorted = entries.indices.sorted { left, right in
            let (a, b) = (order(entries[left].counts), order(entries[right].counts))
            return a != b ? a > b : keyBytes(left).lexicographicallyPrecedes(keyBytes(right))
        }
        return sorted.prefix(limit).map { (Array(keyBytes($0)), entries[$0].counts) }
    }

    // MARK: - Private

    private func keyBytes(_ index: Int) -> ArraySlice<UInt8> {
        keys[entries[index].start..<entries[index].start + entries[index].count]
    }

    private func isKey(_ index: Int, _ key: UnsafeRawBufferPointer) -> Bool {
        entries[index].count == key.count && keyBytes(index).elementsEqual(key)
    }

    private mutating func place(_ index: Int) {
        var slot = Int(truncatingIfNeeded: entries[index].hash) & (slots.count - 1)
        while slots[slot] > 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(index + 1)
    }

    private mutating func giveUpHalf() {
        let sorted = entries.sorted { $0.counts.requests > $1.counts.requests }
        let kept = sorted.prefix(maxGroups / 2)
        for entry in sorted.dropFirst(kept.count) { others.add(entry.counts) }
        maxError += sorted.dropFirst(kept.count).first?.counts.requests ?? 0
        let oldKeys = keys
        keys = []
        entries = []
        slots = [UInt32](repeating: 0, count: slots.count)
        for entry in kept {
            entries.append(
                Entry(hash: entry.hash, start: keys.count, count: entry.count, counts: entry.counts))
            keys += oldKeys[entry.start..<entry.start + entry.count]
            place(entries.count - 1)
        }
    }

    private static func hash(_ key: UnsafeRawBufferPointer) -> UInt64 {
        (UInt64(LineSum.of(key)) &* 0x9e37_79b9_7f4a_7c15) >> 16
    }
}
