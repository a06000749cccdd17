import Dispatch
import Synchronization

/// Writes the lines that event loops hand over, in whole and in order, on a queue of its own; seals them and changes files.
///
/// Every batch is written as soon as the file takes it; what comes while a write is under way goes together with the
/// next. An error loses nothing: the lines wait, one warning goes to standard error, and the write is tried again
/// after 100 ms, later 1 s. `isStalled` tells the acceptors to pause meanwhile.
///
/// The process must ignore SIGPIPE if the log may be a pipe.
public final class LogWriter: Sendable {
    let path: String
    let options: Options
    let inbox = Mutex(Inbox())
    let output: Mutex<LogOutput>
    let queue = DispatchQueue(label: "sallyport.log")
    let stalled = Atomic<Bool>(false)
    /// The search for tunnels that an earlier run left open.
    let recovery = DispatchGroup()
    /// Where the log left off that was there before.
    let tail: LogTail

    /// Opens `path` for appending, mode 0640 where it is new, and goes on with the log that is there; `-` is standard
    /// output.
    public convenience init(path: String, options: Options = Options()) throws(LogError) {
        let tail = path == "-" ? LogTail() : LogTail(path: path)
        let copy = try options.copy.map { second throws(LogError) in
            try LogCopy(path: second.path, format: second.format)
        }
        self.init(path: path, file: try LogFile(path: path), tail: tail, options: options, copy: copy)
    }

    init(
        path: String, file: consuming LogFile, tail: LogTail = LogTail(), options: Options,
        copy: consuming LogCopy? = nil
    ) {
        self.path = path == "-" ? "on standard output" : path
        self.options = options
        self.tail = tail
        output = Mutex(
            LogOutput(
                path: path, file: file, tail: tail, rotation: options.rotation, key: options.sealKey, copy: copy))
    }

    /// Whether lines wait because of an error or because there are too many of them: accepting should pause. Never with
    /// `WhenFull.drop`.
    public var isStalled: Bool { stalled.load(ordering: .relaxed) }

    public var counters: Counters { inbox.withLock { $0.counters } }

    /// Bytes of lines that are not in the file yet.
    public var backlogBytes: Int { inbox.withLock { $0.backlogBytes } }

    /// The newest seal that is in the file; nil if there is none of this run.
    public var head: SealHead? { inbox.withLock { $0.head } }

    /// Writes the event that begins a run: `fields`, and in what state the log was found. If the run before was cut off, a
    /// final record follows for each tunnel that was open then, and an event, once the log was looked through in the
    /// background.
    public func begin(_ fields: [(key: StaticString, value: LogEvent.Value)] = []) {
        var fields = fields
        fields.append(("chain", .text(tail.isContinued ? "continued" : "new")))
        if !tail.isEnded { fields.append(("crashed", .flag(true))) }
        if !tail.closing.isEmpty { fields.append(("torn", .flag(true))) }
        submit(LogEvent(.start, at: options.now(), fields))
        let mustCompress = options.rotation.compresses
        guard !tail.isEnded || mustCompress else { return }
        output.withLock { $0.areNumbersHeld = true }
        // Not of a lower class: threads that others are started from would hand its priority down.
        DispatchQueue.global().async(group: recovery) {
            if !self.tail.isEnded { self.recover() }
            self.output.withLock { output in
                output.mustCompress = mustCompress
                output.areNumbersHeld = mustCompress
            }
            self.queue.async { self.drain() }
        }
    }

    private func recover() {
        var count: UInt64 = 0
        AbandonedTunnels(path: path, before: tail.nextSequence).recover { record in
            deliver(LineParcel(.request, record))
            count += 1
        }
        submit(LogEvent(.recovery, at: options.now(), [("tunnels", .number(count))]))
    }

    /// Takes the batch's lines and leaves it empty. Never blocks on the file; call it at the end of a loop's turn.
    public func submit(_ batch: RecordBatch) {
        guard !batch.isEmpty else { return }
        let spare = inbox.withLock { $0.spares.popLast() } ?? []
        deliver(batch.take(leaving: spare))
    }

    /// As `submit(_:)` of a batch that holds this event; but events, of which there are few, are never dropped.
    public func submit(_ event: LogEvent) {
        deliver(LineParcel(event), isKept: true)
    }

    /// Changes files by another rule from the next line on.
    public func rotate(by rotation: LogRotation) {
        queue.async { self.output.withLock { $0.rotation = rotation } }
    }

    /// Looks at once whether the file was moved away, and begins a new one if so.
    public func reopen() {
        queue.async {
            self.output.withLock { $0.isCheckDue = true }
            self.drain()
        }
    }

    /// Waits until all lines handed over so far are in the file.
    ///
    /// - Returns: false if that did not come about within `limit`.
    public func flush(within limit: Duration) -> Bool {
        flush(until: .now() + limit.nanoseconds)
    }

    private func flush(until deadline: DispatchTime) -> Bool {
        let done = DispatchSemaphore(value: 0)
        queue.async {
            self.output.withLock { $0.waiters.append(done) }
            self.drain()
        }
        return done.wait(timeout: deadline) == .success
    }

    /// Writes what is left, seals it and closes the file. Lines handed over from now on are lost, and counted.
    ///
    /// Submit the event `.stop` before it: a log that does not end with one counts as cut off.
    ///
    /// - Returns: false if lines could not be written within `limit`; the file is then left to the end of the process.
    public func close(within limit: Duration) -> Bool {
        let deadline = DispatchTime.now() + limit.nanoseconds
        guard recovery.wait(timeout: deadline) == .success else { return false }
        inbox.withLock { $0.isClosed = true }
        queue.async { self.output.withLock { $0.isSealDue = true } }
        guard flush(until: deadline) else { return false }
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
