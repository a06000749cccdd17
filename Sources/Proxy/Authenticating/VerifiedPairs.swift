import AccessLog
import EventLoop

/// Names and passwords that were right, by their keyed hash, for some minutes.
struct VerifiedPairs {
    private struct Entry {
        let identity: Identity
        let until: Instant
    }

    private var entries: [Digest: Entry] = [:]

    /// How long a pair is remembered; a password that was changed elsewhere than in the file would be known as long.
    private static let lifetime = Duration.seconds(5 * 60)
    private static let most = 10_000

    func identity(of pair: Digest, at now: Instant) -> Identity? {
        guard let entry = entries[pair], now < entry.until else { return nil }
        return entry.identity
    }

    mutating func remember(_ identity: Identity, as pair: Digest, at now: Instant) {
        if entries.count >= Self.most {
            entries = entries.filter { now < $0.value.until }
            // Who is forgotten is hashed again, once.
            if entries.count >= Self.most { entries.removeAll() }
        }
        entries[pair] = Entry(identity: identity, until: now.advanced(by: Self.lifetime))
    }

    mutating func removeAll() {
        entries.removeAll()
    }
}
