import Synchronization

/// A worker's account of its connections, readable from any thread: `accepted == recorded + open` always.
final class Tally: Sendable {
    private let acceptedCount = Atomic<Int>(0)
    private let recordedCount = Atomic<Int>(0)

    /// Connections that are owed a record.
    var open: Int {
        // Recorded first: a connection accepted in between makes the result too large for a moment, never negative.
        let recorded = recordedCount.load(ordering: .acquiring)
        return acceptedCount.load(ordering: .acquiring) - recorded
    }

    var counts: (accepted: Int, recorded: Int) {
        let recorded = recordedCount.load(ordering: .acquiring)
        return (acceptedCount.load(ordering: .acquiring), recorded)
    }

    func accepted() {
        Self.increase(acceptedCount)
    }

    func recorded() {
        Self.increase(recordedCount)
    }

    /// The worker alone writes: a load and a store do without the locked instruction of an atomic addition.
    private static func increase(_ count: borrowing Atomic<Int>) {
        count.store(count.load(ordering: .relaxed) + 1, ordering: .releasing)
    }
}
