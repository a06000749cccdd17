import Dispatch
import Synchronization

/// What happened on a loop, in order, for a test on another thread to wait for.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])
    private let added = DispatchSemaphore(value: 0)

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) {
        lines.withLock { $0.append(line) }
        added.signal()
    }

    /// All notes, once there are at least `count`; those there are if that takes longer than ten seconds.
    func wait(for count: Int) -> [String] {
        let deadline = DispatchTime.now() + 10
        while all.count < count {
            guard added.wait(timeout: deadline) == .success else { break }
        }
        return all
    }
}
