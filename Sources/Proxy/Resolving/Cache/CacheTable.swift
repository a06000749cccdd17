import Addressing
import EventLoop

/// A bounded number of names and what is remembered of them. When it is full, the next name takes the place of one that has
/// not been asked for since the hand last passed it: what is in use stays, however many others are asked for once.
struct CacheTable {
    private struct Entry {
        let name: HostName
        var cached: CachedAnswer
        /// Asked for since the hand passed.
        var wasUsed = false
        var isBeingRefreshed = false
    }

    private var places: [HostName: Int32] = [:]
    private var entries: [Entry] = []
    private var hand = 0
    private let capacity: Int

    /// - Parameter capacity: names; at least one.
    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { entries.count }

    /// What can be answered at once.
    mutating func find(_ name: HostName, at now: Instant) -> KnownAnswer? {
        guard let place = places[name] else { return nil }
        let index = Int(place)
        let reading = entries[index].cached.reading(at: now)
        switch reading {
        case .fresh, .due, .staleForNow: break
        case .stale, .gone: return nil
        }
        if !entries[index].wasUsed { entries[index].wasUsed = true }
        var needsRefresh = false
        if reading == .due && !entries[index].isBeingRefreshed {
            entries[index].isBeingRefreshed = true
            needsRefresh = true
        }
        return KnownAnswer(resolution: resolution(at: index, reading), needsRefresh: needsRefresh)
    }

    /// What could be answered if the name servers don't: addresses whose time may be over.
    func lastResort(_ name: HostName, at now: Instant) -> Resolution? {
        guard let place = places[name] else { return nil }
        let reading = entries[Int(place)].cached.reading(at: now)
        guard reading == .stale || reading == .staleForNow else { return nil }
        return resolution(at: Int(place), reading)
    }

    /// Remembers an answer in the place of what was known.
    mutating func store(_ cached: CachedAnswer, of name: HostName, at now: Instant) {
        if let place = places[name] {
            entries[Int(place)].cached = cached
            entries[Int(place)].isBeingRefreshed = false
            return
        }
        let entry = Entry(name: name, cached: cached)
        if entries.count < capacity {
            places[name] = Int32(entries.count)
            entries.append(entry)
        } else {
            let index = makeRoom(at: now)
            places[entries[index].name] = nil
            places[name] = Int32(index)
            entries[index] = entry
        }
    }

    /// The name servers did not answer: what is known may be served for longer, and otherwise the failure is remembered.
    ///
    /// - Returns: what is known.
    mutating func noteFailure(_ failure: CachedAnswer, of name: HostName, at now: Instant) -> Resolution? {
        guard let place = places[name] else {
            store(failure, of: name, at: now)
            return nil
        }
        let index = Int(place)
        entries[index].isBeingRefreshed = false
        let reading = entries[index].cached.reading(at: now)
        switch reading {
        case .fresh, .due, .stale, .staleForNow:
            entries[index].cached.couldNotBeRefreshed(at: now)
            return resolution(at: index, reading)
        case .gone:
            store(failure, of: name, at: now)
            return nil
        }
    }

    /// Forgets a name.
    mutating func remove(_ name: HostName) {
        guard let place = places.removeValue(forKey: name) else { return }
        let last = entries.removeLast()
        guard Int(place) < entries.count else { return }
        entries[Int(place)] = last
        places[last.name] = place
    }

    mutating func removeAll() {
        self = CacheTable(capacity: capacity)
    }

    // MARK: - Private

    private func resolution(at index: Int, _ reading: CachedAnswer.Reading) -> Resolution {
        let cached = entries[index].cached
        let isStale = reading == .stale || reading == .staleForNow
        return Resolution(cached.answer, from: isStale ? .stale : .cache, fullName: cached.fullName)
    }

    /// The index of an entry that can go.
    private mutating func makeRoom(at now: Instant) -> Int {
        while true {
            if hand >= entries.count { hand = 0 }
            let index = hand
            hand += 1
            if !entries[index].wasUsed || entries[index].cached.reading(at: now) == .gone { return index }
            entries[index].wasUsed = false
        }
    }
}
