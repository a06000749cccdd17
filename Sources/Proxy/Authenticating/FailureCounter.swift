import Addressing
import EventLoop

/// Wrong credentials by client address, and who is locked out for them.
struct FailureCounter {
    private struct Entry {
        var count = 0
        /// When the count began.
        var since: Instant
        var lockedUntil: Instant?
    }

    private let most: Int
    private var entries: [IPAddress: Entry] = [:]

    /// In which `most` failures are too many, and how long they lock out.
    private static let period = Duration.seconds(60)
    private static let mostEntries = 10_000

    /// - Parameter most: failures in a minute; 0 locks nobody out.
    init(most: Int) {
        self.most = most
    }

    func isLockedOut(_ client: IPAddress, at now: Instant) -> Bool {
        guard let until = entries[client]?.lockedUntil else { return false }
        return now < until
    }

    /// Whether the client was wrong in the last minute or two.
    func isSuspect(_ client: IPAddress, at now: Instant) -> Bool {
        guard let entry = entries[client] else { return false }
        return now < entry.since.advanced(by: Self.period) || now < entry.lockedUntil ?? now
    }

    mutating func failed(_ client: IPAddress, at now: Instant) {
        if entries[client] == nil && entries.count >= Self.mostEntries { makeRoom(at: now) }
        var entry = entries[client] ?? Entry(since: now)
        if entry.since.advanced(by: Self.period) <= now { entry = Entry(since: now) }
        entry.count += 1
        if most > 0 && entry.count >= most { entry.lockedUntil = now.advanced(by: Self.period) }
        entries[client] = entry
    }

    // MARK: - Private

    /// Forgets those whose time is up; if that is nobody, those who are not locked out.
    private mutating func makeRoom(at now: Instant) {
        entries = entries.filter { now < $0.value.since.advanced(by: Self.period) || now < $0.value.lockedUntil ?? now }
        if entries.count >= Self.mostEntries { entries = entries.filter { now < $0.value.lockedUntil ?? now } }
        if entries.count >= Self.mostEntries { entries.removeAll() }
    }
}
