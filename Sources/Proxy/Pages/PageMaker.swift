import EventLoop
import Synchronization

/// Makes the pages that may take long, which no other connection shall wait for: to explain an address means to look at
/// every rule. Shared by all workers; one page at a time, the others wait, so many and no more.
final class PageMaker: Sendable {
    private let queue = PatientQueue(width: 1)
    private let waiting = Atomic<Int>(0)

    private static let most = 64

    /// - Parameter done: called on another thread if this returns true.
    /// - Returns: false if there are too many.
    func make(_ request: OwnRequest, _ visit: Visit, done: @escaping @Sendable (OwnPage) -> Void) -> Bool {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.most else {
            waiting.subtract(1, ordering: .relaxed)
            return false
        }
        queue.async {
            done(OwnPage(request, visit))
            self.waiting.subtract(1, ordering: .relaxed)
        }
        return true
    }
}
