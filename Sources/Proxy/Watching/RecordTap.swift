import AccessLog
import Synchronization

/// Requests that have ended, on their way from a worker to the operators' interface.
///
/// The worker copies each record's line, and takes one lock that is free but for the moment in which the batch is fetched. The interface is woken only when many wait; otherwise it comes by
/// itself, every few seconds or when it is asked.
final class RecordTap: Sendable {
    struct Batch: Sendable {
        var requests: [SeenRequest] = []
        /// Their lines, each as in the log from `,"id"` on, with its line feed.
        var lines: [UInt8] = []
        /// Requests for which there was no room.
        var lost: UInt64 = 0
    }

    private let batch = Mutex(Batch())
    private let wake: @Sendable () -> Void

    /// That many are fetched at once.
    static let manyRequests = 256
    /// More are not held: the interface is behind, and what comes is counted as lost.
    static let mostRequests = 4096
    static let mostBytes = 4 << 20

    /// - Parameter wake: has the batch fetched, soon.
    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    /// To be called by the worker when a request's record is made.
    ///
    /// - Parameter append: appends the record's line, as `Record.append(to:)` does.
    func note(_ trace: Trace, _ connection: ConnectionID, line append: (inout [UInt8]) -> Void) {
        let isMany = batch.withLock { batch in
            guard batch.requests.count < Self.mostRequests, batch.lines.count < Self.mostBytes else {
                batch.lost += 1
                return false
            }
            let start = batch.lines.count
            append(&batch.lines)
            batch.requests.append(SeenRequest(trace, connection, line: start..<batch.lines.count))
            return batch.requests.count == Self.manyRequests
        }
        if isMany { wake() }
    }

    func take() -> Batch {
        batch.withLock { batch in
            let taken = batch
            batch = Batch()
            return taken
        }
    }
}
