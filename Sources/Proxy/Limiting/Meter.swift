import EventLoop
import Synchronization

/// A user's bandwidth: what has passed is owed, and paid off at the agreed rate. Shared by all of the user's tunnels.
final class Meter: Sendable {
    private let perSecond: Atomic<Int>
    /// When everything that has passed is paid off.
    private let paid: Mutex<Instant>

    /// What may pass at once: what is paid off in this time.
    private static let burst = Duration.milliseconds(50)

    init(perSecond: Int, at now: Instant) {
        self.perSecond = Atomic(perSecond)
        paid = Mutex(now)
    }

    /// Bytes that are read in one go: small enough for an even stream, large enough for a fast one.
    var quantum: UInt32 {
        UInt32(min(64 * 1024, max(512, perSecond.load(ordering: .relaxed) / 50)))
    }

    /// Grants another rate from now on.
    func change(perSecond: Int) {
        self.perSecond.store(perSecond, ordering: .relaxed)
    }

    /// - Returns: until when nothing more may pass; nil if it may go on.
    func charge(_ bytes: UInt64, at now: Instant) -> Instant? {
        let cost = Duration.nanoseconds(Int64(Double(bytes) / Double(perSecond.load(ordering: .relaxed)) * 1e9))
        return paid.withLock { paid in
            paid = max(paid, now).advanced(by: cost)
            return now.advanced(by: Self.burst) < paid ? paid : nil
        }
    }
}
