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
    public var description: String { text { _ in } }

    /// A request's `id` in the log.
    ///
    /// - Parameter ordinal: the request's place on its connection, from 1.
    public func id(ofRequest ordinal: UInt64) -> String {
        text { line in
            line.put(UInt8(ascii: "."))
            line.put(decimal: ordinal)
        }
    }

    /// The connection's text and what `write` puts behind it, 21 bytes at most.
    private func text(_ write: (inout LineCursor) -> Void) -> String {
        String(unsafeUninitializedCapacity: Self.maxTextBytes + 21) { room in
            var line = LineCursor(room)
            line.put(run, worker)
            line.put(decimal: number)
            write(&line)
            return line.next - room.baseAddress!
        }
    }

    /// The room that `LineCursor` asks for: 16 hexadecimal digits, a dash, 20 digits, a dash, 20 digits.
    private static let maxTextBytes = 58
}
