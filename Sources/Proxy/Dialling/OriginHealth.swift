import Addressing
import EventLoop
import Synchronization

/// Destinations that lately could not be connected to, shared by all workers: they are tried after the others for a while.
final class OriginHealth: Sendable {
    private struct Memory {
        /// Until when each counts as failing.
        var failing: [Endpoint: Instant] = [:]
        /// Times in a row that IPv4 has overtaken IPv6.
        var overtaken = 0
        /// Until when that counts.
        var overtakenUntil = Instant(nanoseconds: 0)

        var isEmpty: Bool { failing.isEmpty && overtaken == 0 }
    }

    private let memory = Mutex(Memory())
    /// Whether there is anything to remember: mostly there isn't, and then nobody locks.
    private let hasMemory = Atomic<Bool>(false)

    /// How long a failure counts.
    static let memoryTime = Duration.seconds(300)
    /// Destinations remembered; beyond them, whoever failed longest ago is forgotten.
    static let capacity = 1024
    /// So many times in a row IPv4 has to overtake IPv6 before it goes first everywhere.
    static let overtakenLimit = 3

    /// The order in which `addresses` are tried: IPv6 first and families in turn, unless IPv6 lately has led nowhere; those
    /// that lately failed after all others.
    ///
    /// Spec: RFC 8305 §4, with a First Address Family Count of 1.
    func order(_ addresses: [IPAddress], _ port: Port, at now: Instant) -> [IPAddress] {
        guard addresses.count > 1 else { return addresses }
        guard hasMemory.load(ordering: .relaxed) else { return Self.interleaved(addresses, startsWithV4: false) }
        return memory.withLock { memory in
            let startsWithV4 = memory.overtaken >= Self.overtakenLimit && now < memory.overtakenUntil
            let interleaved = Self.interleaved(addresses, startsWithV4: startsWithV4)
            func isFailing(_ address: IPAddress) -> Bool {
                memory.failing[Endpoint(address, port)].map { now < $0 } ?? false
            }
            return interleaved.filter { !isFailing($0) } + interleaved.filter(isFailing)
        }
    }

    /// A connection to `endpoint` came about.
    ///
    /// - Parameter overtook: whether an IPv6 address had been tried before and had not answered.
    func connected(to endpoint: Endpoint, overtookV6 overtook: Bool, at now: Instant) {
        guard overtook || hasMemory.load(ordering: .relaxed) else { return }
        memory.withLock { memory in
            memory.failing[endpoint] = nil
            if !endpoint.address.isV4 { memory.overtaken = 0 }
            if endpoint.address.isV4 && overtook {
                memory.overtaken = now < memory.overtakenUntil ? memory.overtaken + 1 : 1
                memory.overtakenUntil = now.advanced(by: Self.memoryTime)
            }
            hasMemory.store(!memory.isEmpty, ordering: .relaxed)
        }
    }

    /// `endpoint` could not be connected to, or was too slow.
    func failed(_ endpoint: Endpoint, at now: Instant) {
        memory.withLock { memory in
            if memory.failing.count >= Self.capacity && memory.failing[endpoint] == nil {
                memory.failing = memory.failing.filter { now < $0.value }
                if memory.failing.count >= Self.capacity, let oldest = memory.failing.min(by: { $0.value < $1.value }) {
                    memory.failing[oldest.key] = nil
                }
            }
            memory.failing[endpoint] = now.advanced(by: Self.memoryTime)
            hasMemory.store(true, ordering: .relaxed)
        }
    }

    // MARK: - Private

    private static func interleaved(_ addresses: [IPAddress], startsWithV4: Bool) -> [IPAddress] {
        guard addresses.contains(where: { $0.isV4 != addresses[0].isV4 }) else { return addresses }
        let first = addresses.filter { $0.isV4 == startsWithV4 }
        let second = addresses.filter { $0.isV4 != startsWithV4 }
        var order: [IPAddress] = []
        order.reserveCapacity(addresses.count)
        for index in 0..<max(first.count, second.count) {
            if index < first.count { order.append(first[index]) }
            if index < second.count { order.append(second[index]) }
        }
        return order
    }
}
