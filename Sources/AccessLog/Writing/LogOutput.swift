import Dispatch

/// The writer's side of the file: numbers lines, seals them, keeps what the file has not taken yet, and changes the file.
///
/// Used under the writer's lock only; the number of a line is its place in the log.
struct LogOutput: ~Copyable {
    let path: String
    var rotation: LogRotation
    /// Nil once closed, and while the file is to be opened again.
    var file: LogFile?
    private var isClosed = false
    /// Which file that is; nil where it has no place in a folder.
    var identity: FileStatus?
    /// Days since the epoch: the day whose lines the file holds.
    var day: Int64 = 0
    var nextSequence: UInt64
    var sealer: Sealer
    /// Numbered lines; those before `written` are in the file.
    var text: [UInt8] = []
    var written = 0
    /// What `text` was made of.
    var loaded = Load()
    /// The file is to be changed for this reason once `text` is in it.
    var change: LogRotation.Reason?
    /// Parcels that are not in `text` yet, the oldest last.
    private var waiting: [LineParcel] = []
    private var memory = LineMemory()

    /// Whether to look for the file even though no line follows.
    var isCheckDue = false
    /// Whether there is to be a seal even though no line follows.
    var isSealDue = false
    /// Whether a seal has been arranged for in a second.
    var isSealArranged = false
    /// Whether old files are being read or compressed, or are to be: their numbers must not change.
    var areNumbersHeld = false
    /// Whether old files are to be compressed.
    var mustCompress = false
    /// Whether a change of files of our own failed: not tried again before this time, microseconds since the epoch.
    var noRotationBefore: Int64 = 0
    /// What the operator is to be told.
    var warning: String?
    /// Signalled when nothing is left to do.
    var waiters: [DispatchSemaphore] = []
    /// While the file takes nothing.
    var outage: Outage?

    /// A second log in another form.
    var copy: LogCopy?

    /// Lines are put together up to this size before they are written.
    private static let maxTextBytes = 1 << 20

    struct Outage {
        /// Counts failed attempts.
        let number: UInt64
        /// Until the next attempt.
        let delay: Duration
    }

    struct Load {
        var records = 0
        /// As the parcels count them, which is a little less than they have in the file.
        var parcelBytes = 0
        /// The parcels' memory, for batches to come.
        var spares: [[UInt8]] = []
        /// Bytes the file has taken.
        var bytes = 0
        /// Seals among them.
        var seals = 0
        /// The newest seal among them.
        var seal: SealHead?
    }

    init(
        path: String, file: consuming LogFile, tail: LogTail, rotation: LogRotation, key: [UInt8]?,
        copy: consuming LogCopy? = nil
    ) {
        self.path = path
        self.rotation = rotation
        identity = file.status
        day = (identity?.modified ?? 0) / 86_400_000_000_000
        self.file = consume file
        self.copy = consume copy
        nextSequence = tail.nextSequence
        sealer = Sealer(key: key, previous: tail.previous, first: tail.firstUnsealed)
        continueChain(tail)
    }

    /// Whether nothing is left to do but for lines to come.
    var isIdle: Bool {
        isClosed
            || written == text.count && waiting.isEmpty && change == nil && !isCheckDue
                && !(isSealDue && sealer.unsealedLines > 0)
    }

    mutating func enqueue(_ parcels: [LineParcel]) {
        waiting.insert(contentsOf: parcels.reversed(), at: 0)
    }

    enum WriteResult {
        /// All that had been put together is in the file.
        case completed(Load)
        case failed(errorNumber: Int32)
    }

    /// Puts lines together if none are left over, and writes until they are all in the file or an error comes. What
    /// was not taken stays for the next call.
    ///
    /// - Parameter now: microseconds since the epoch.
    mutating func write(at now: Int64) -> WriteResult {
        if written < text.count {
            leaveMovedFile()
        } else if change == nil {
            startText()
            isCheckDue = false
            if let reason = dueChange(at: now) {
                if sealer.unsealedLines > 0 { seal(at: now) }
                change = reason
            } else {
                putTogether(at: now)
            }
        }
        while true {
            if let number = writeText() { return .failed(errorNumber: number) }
            guard let reason = change else {
                if let told = copy?.write() { warning = told }
                return .completed(takeLoad())
            }
            if let number = changeFile(reason, at: now) { return .failed(errorNumber: number) }
        }
    }

    /// Gives the file up; what is asked for later is not done.
    mutating func close() {
        file = nil
        isClosed = true
    }

    /// Appends a line of the writer's own.
    mutating func appendEvent(_ event: LogEvent) {
        let start = text.count
        text.append(addingCapacity: event.maxLineBytes + LineKind.maxOpeningBytes + 20) { output in
            output.withUnsafeMutableBufferPointer { room, initialized in
                var line = LineCursor(UnsafeMutableBufferPointer(rebasing: room[initialized...]))
                let begin = line.next
                line.put(LineKind.event.opening)
                line.put(decimal: nextSequence)
                event.write(to: &line, memory: &memory)
                initialized += line.next - begin
            }
        }
        text.withUnsafeBytes { all in
            sealer.note(LineSum.of(UnsafeRawBufferPointer(rebasing: all[start..<all.count - 1])))
            sealer.cover(UnsafeRawBufferPointer(rebasing: all[start...]))
        }
        nextSequence += 1
    }

    mutating func startText() {
        text.removeAll(keepingCapacity: true)
        written = 0
    }

    // MARK: - Private

    /// Closes off a torn last line, and has the next seal cover what no seal covers yet.
    private mutating func continueChain(_ tail: LogTail) {
        text = tail.closing
        for part in tail.unsealed {
            part.withUnsafeBytes { all in
                sealer.cover(all)
                var start = 0
                while start < all.count {
                    let end = all[start...].firstIndex(of: UInt8(ascii: "\n")) ?? all.count
                    sealer.note(LineSum.of(UnsafeRawBufferPointer(rebasing: all[start..<end])))
                    start = end + 1
                }
            }
        }
    }

    private mutating func takeLoad() -> Load {
        var load = Load()
        swap(&load, &loaded)
        return load
    }

    /// - Returns: the `errno` of what failed; nil when all is written.
    private mutating func writeText() -> Int32? {
        while written < text.count {
            if file == nil, let number = reopen() { return number }
            let result = text.withUnsafeBytes { bytes in
                file?.write(UnsafeRawBufferPointer(rebasing: bytes[written...]))
            }
            switch result {
            case .wrote(let count):
                written += count
                loaded.bytes += count
            case .failed(let number): return number
            case nil: preconditionFailure("the file has just been opened")
            }
        }
        return nil
    }

    private mutating func seal(at now: Int64) {
        let seal = sealer.seal(at: now, sequence: nextSequence, to: &text)
        nextSequence += 1
        loaded.seals += 1
        loaded.seal = SealHead(sequence: seal.sequence, digest: seal.digest)
        isSealDue = false
    }

    private mutating func putTogether(at now: Int64) {
        while text.count < Self.maxTextBytes, let parcel = waiting.popLast() {
            number(parcel, at: now)
            loaded.records += parcel.count
            loaded.parcelBytes += parcel.used
            if parcel.bytes.count <= RecordBatch.maxKeptBytes { loaded.spares.append(parcel.bytes) }
        }
        if isSealDue && sealer.unsealedLines > 0 { seal(at: now) }
        isSealDue = false
    }

    /// Appends the parcel's lines to `text`, each behind its opening and its number, and seals where it is time.
    private mutating func number(_ parcel: LineParcel, at now: Int64) {
        var place = LineParcel.Place()
        while place.index < parcel.used {
            if sealer.isFull { seal(at: now) }
            let start = text.count
            let room = parcel.used - place.index + (parcel.count - place.line) * (LineKind.maxOpeningBytes + 20)
            text.append(addingCapacity: room) { output in
                output.withUnsafeMutableBufferPointer { room, initialized in
                    var line = LineCursor(UnsafeMutableBufferPointer(rebasing: room[initialized...]))
                    let begin = line.next
                    nextSequence = parcel.number(from: &place, first: nextSequence, sealer: &sealer, to: &line)
                    initialized += line.next - begin
                }
            }
            text.withUnsafeBytes { all in
                let lines = UnsafeRawBufferPointer(rebasing: all[start...])
                sealer.cover(lines)
                copy?.take(lines)
            }
        }
    }
}
