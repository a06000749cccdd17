/// Names one client connection, over all runs of the program that write to one log.
///
/// Written as `run-worker-number`, the run in hexadecimal: `19a9f1c3a2b-1-4711`. A request adds its place on the
/// connection: `19a9f1c3a2b-1-4711.1`. So a search for the connection finds its requests as well.
public struct ConnectionID: Hashable, Sendable {
    /// Milliseconds since the epoch when the program started.
    public let run: UInt64
    /// The event loop that owns the connection, from 0.
    public let worker: UInt16
    /// Counts the worker's connections, from 1.
    public let number: UInt64

    public init(run: UInt64, worker: UInt16, number: UInt64) {
        self.run = run
        self.worker = worker
        self.number = number
    }
}

extension ConnectionID: CustomStringConvertible {
    /// As it stands in the log.
    public var description: String { "\(String(run, radix: 16))-\(worker)-\(number)" }
}
