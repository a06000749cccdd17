import CLinux
import Dispatch
import EventLoop
import Synchronization

/// Whether the process holds more memory than it may: from the limit on, until it is a twentieth below. Shared by all
/// workers.
final class MemoryGuard: Sendable {
    /// In bytes.
    private let limit: UInt64
    private let over = Atomic<Bool>(false)
    private let lastTrim = Atomic<Int64>(0)
    private let read: @Sendable () -> UInt64?

    /// Between two times that memory which nobody uses is given back, nanoseconds.
    private static let trimInterval: Int64 = 1_000_000_000

    init(limit: Int, read: @escaping @Sendable () -> UInt64? = ResidentMemory.bytes) {
        self.limit = UInt64(limit)
        self.read = read
    }

    var isOver: Bool { over.load(ordering: .relaxed) }

    /// Reads how much it is now.
    func look(at now: Instant) {
        guard let bytes = read() else { return }
        let isOver = isOver ? bytes > limit - limit / 20 : bytes > limit
        over.store(isOver, ordering: .relaxed)
        if isOver { trim(now) }
    }

    // MARK: - Private

    /// What connections that have ended leave behind counts as long as the C library keeps it.
    private func trim(_ now: Instant) {
        let last = lastTrim.load(ordering: .relaxed)
        guard now.nanoseconds - last > Self.trimInterval,
            lastTrim.compareExchange(expected: last, desired: now.nanoseconds, ordering: .relaxed).exchanged
        else { return }
        DispatchQueue.global().async { _ = malloc_trim(0) }
    }
}
