import Dispatch
import Synchronization

/// Writes the lines that event loops hand over, in whole and in order, on a queue of its own.
///
/// Every batch is written as soon as the file takes it; what comes while a write is under way goes together with the
/// next. An error loses nothing: the lines wait, one warning goes to standard error, and the write is tried again
/// after 100 ms, later 1 s. `isStalled` tells the acceptors to pause meanwhile.
///
/// The process must ignore SIGPIPE if the log may be a pipe.
public final class LogWriter: Sendable {
    public struct Options: Sendable {
        /// Bytes that may wait before the log counts as stalled.
        public var maxBacklogBytes = 16 << 20
        /// After an error; doubles up to `longestRetry`.
        public var firstRetry = Duration.milliseconds(100)
        public var longestRetry = Duration.seconds(1)
        /// Takes one line for the operator, without its line feed. Called on the writer's queue.
        public var warn: @Sendable (String) -> Void = { StandardError.write("sallyport: \($0)") }
        /// Called after `isStalled` has changed, on the thread that noticed; must not block.
        public var stallChanged: @Sendable () -> Void = {}

        public init() {}
    }

    /// What went through since the start.
    public struct Counters: Hashable, Sendable {
        /// Lines handed over.
        public var submitted: UInt64 = 0
        /// Lines that the file has taken.
        public var written: UInt64 = 0
        /// Bytes that the file has taken.
        public var bytes: UInt64 = 0
        /// Lines that were handed over after `close`.
        public var lost: UInt64 = 0
    }

    let path: String
    let options: Options
    let inbox = Mutex(Inbox())
    let output: Mutex<LogOutput>
    let queue = DispatchQueue(label: "sallyport.log")
    let stalled = Atomic<Bool>(false)

    /// Opens `path` for appending, mode 0640 where it is new; `-` is standard output.
    public convenience init(path: String, options: Options = Options()) throws(LogError) {
        self.init(path: path, file: try LogFile(path: path), options: options)
    }

    init(path: String, file: consuming LogFile, options: Options) {
        self.path = path == "-" ? "on standard output" : path
        self.options = options
        output = Mutex(LogOutput(file: file, nextSequence: 1))
    }

    /// Whether lines wait because of an error or because there are too many of them: accepting should pause.
    public var isStalled: Bool { stalled.load(ordering: .relaxed) }

    public var counters: Counters { inbox.withLock { $0.counters } }

    /// Takes the batch's lines and leaves it empty. Never blocks on the file; call it at the end of a loop's turn.
    public func submit(_ batch: RecordBatch) {
        guard !batch.isEmpty else { return }
        let spare = inbox.withLock { $0.spares.popLast() } ?? []
        deliver(batch.take(leaving: spare))
    }

    /// Waits until all lines handed over so far are in the file.
    ///
    /// - Returns: false if that did not come about within `limit`.
    public func flush(within limit: Duration) -> Bool {
        let done = DispatchSemaphore(value: 0)
        let mustWait = inbox.withLock { inbox in
            guard inbox.counters.written < inbox.counters.submitted else { return false }
            inbox.waiters.append((target: inbox.counters.submitted, done: done))
            return true
        }
        guard mustWait else { return true }
        queue.async { self.drain() }
        return done.wait(timeout: .now() + limit.nanoseconds) == .success
    }

    /// Writes what is left and closes the file. Lines handed over from now on are lost, and counted.
    ///
    /// - Returns: false if lines could not be written within `limit`; the file is then left to the end of the process.
    public func close(within limit: Duration) -> Bool {
        inbox.withLock { $0.isClosed = true }
        guard flush(within: limit) else { return false }
        output.withLock { $0.close() }
        return true
    }
}

extension Duration {
    var nanoseconds: DispatchTimeInterval {
        let (seconds, attoseconds) = components
        return .nanoseconds(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }
}
