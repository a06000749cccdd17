import Addressing
import EventLoop
import Synchronization

/// What the name servers said, for all workers to read and for the resolver's loop to write.
///
/// Divided by the names' hashes, so that workers seldom meet at a lock.
final class AddressCache: Sendable {
    private final class Shard: Sendable {
        let table: Mutex<CacheTable>

        init(capacity: Int) {
            table = Mutex(CacheTable(capacity: capacity))
        }
    }

    private let shards: [Shard]

    /// Names remembered by default, over all shards: some 4 MiB.
    static let defaultCapacity = 16_384
    private static let shardCount = 16

    init(capacity: Int = defaultCapacity) {
        shards = (0..<Self.shardCount).map { _ in Shard(capacity: max(1, capacity / Self.shardCount)) }
    }

    func find(_ name: HostName, at now: Instant) -> KnownAnswer? {
        shard(of: name).table.withLock { $0.find(name, at: now) }
    }

    func lastResort(_ name: HostName, at now: Instant) -> Resolution? {
        shard(of: name).table.withLock { $0.lastResort(name, at: now) }
    }

    func store(_ cached: CachedAnswer, of name: HostName, at now: Instant) {
        shard(of: name).table.withLock { $0.store(cached, of: name, at: now) }
    }

    func noteFailure(_ answer: Resolution.Answer, of name: HostName, at now: Instant) -> Resolution? {
        let failure = CachedAnswer(answer, fullName: nil, ttl: 0, at: now)
        return shard(of: name).table.withLock { $0.noteFailure(failure, of: name, at: now) }
    }

    func remove(_ name: HostName) {
        shard(of: name).table.withLock { $0.remove(name) }
    }

    func removeAll() {
        for shard in shards { shard.table.withLock { $0.removeAll() } }
    }

    private func shard(of name: HostName) -> Shard {
        shards[name.hashValue & (Self.shardCount - 1)]
    }
}
