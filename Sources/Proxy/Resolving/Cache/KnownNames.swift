import Addressing
import EventLoop
import Synchronization

/// All that can be answered without asking anybody: special names, the hosts file, the cache. Read by all workers.
final class KnownNames: Sendable {
    let cache: AddressCache
    private let hosts: Mutex<HostsTable>

    init(_ hosts: HostsTable, cache: AddressCache) {
        self.hosts = Mutex(hosts)
        self.cache = cache
    }

    func find(_ name: HostName, at now: Instant) -> KnownAnswer? {
        if let special = SpecialName.answer(for: name) { return KnownAnswer(resolution: special) }
        if let addresses = hosts.withLock({ $0.addresses(of: name) }) {
            return KnownAnswer(resolution: Resolution(.addresses(addresses), from: .hosts))
        }
        return cache.find(name, at: now)
    }

    func replaceHosts(_ table: HostsTable) {
        // The former table goes after the lock does.
        _ = hosts.withLock { hosts in
            let former = hosts
            hosts = table
            return former
        }
    }
}
