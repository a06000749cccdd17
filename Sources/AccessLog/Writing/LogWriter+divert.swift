import Dispatch

// Two processes never write one log: the chain of its seals would break. One that hands over to another ends the log with a
// stop and a seal, and writes what comes later to a file of its own, which is a whole log.
extension LogWriter {
    private static let mark = ".drained-"

    /// Whether a file of that name holds what a process wrote after it had handed its log over.
    static func isDiverted(_ name: some StringProtocol) -> Bool {
        name.contains(mark)
    }

    /// Where the process of that number goes on: `access.log` gives `access.drained-123.log`.
    public static func divertedPath(of path: String, process: Int32) -> String {
        let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[name...].lastIndex(of: "."), dot > name else { return "\(path)\(mark)\(process)" }
        return "\(path[..<dot])\(mark)\(process)\(path[dot...])"
    }

    /// Ends the log where it is written now, and goes on at `path`: with the log that is there, if there is one. Nothing is lost,
    /// and nothing is written to the former file from then on.
    ///
    /// - Parameters:
    ///   - last: the former file's last event.
    ///   - first: the new one's first.
    /// - Returns: the newest seal of the former file.
    /// - Throws: `LogError` when that can't be done now; the log then goes on where it was.
    public func divert(to path: String, last: LogEvent, first: LogEvent) throws(LogError) -> SealHead? {
        guard self.path != "on standard output" else { return head }
        guard flush(within: .seconds(10)) else { throw .busy(path: self.path) }
        let result = queue.sync { () -> Result<Void, LogError> in
            drain()
            return output.withLock { output in
                Result { () throws(LogError) in try change(&output, to: path, last: last) }
            }
        }
        try result.get()
        submit(first)
        return head
    }

    private func change(_ output: inout LogOutput, to path: String, last: LogEvent) throws(LogError) {
        // Old files that are being compressed would meet those that the other process renames.
        guard output.isIdle, output.outage == nil, !output.areNumbersHeld else { throw .busy(path: output.path) }
        let tail = LogTail(path: path)
        let file = try LogFile(path: path)
        let parcel = LineParcel(last)
        inbox.withLock { $0.count(parcel) }
        output.enqueue([parcel])
        output.isSealDue = true
        while !output.isIdle {
            switch output.write(at: options.now()) {
            case .completed(let load): completed(load)
            case .failed(let number): throw .cannotWrite(path: output.path, errorNumber: number)
            }
        }
        var copy: LogCopy?
        swap(&copy, &output.copy)
        let (rotation, waiters) = (output.rotation, output.waiters)
        output = LogOutput(
            path: path, file: file, tail: tail, rotation: rotation, key: options.sealKey, copy: copy.take())
        output.waiters = waiters
    }
}
