/// The writer's side of the file: numbers lines, and keeps what the file has not taken yet.
///
/// Used under the writer's lock only; the number of a line is its place in the file.
struct LogOutput: ~Copyable {
    /// Nil once closed.
    private var file: LogFile?
    private var nextSequence: UInt64
    /// Numbered lines; those before `written` are in the file.
    private var text: [UInt8] = []
    private var written = 0
    /// What `text` was made of.
    private(set) var loaded = Load()
    /// Parcels that are not in `text` yet, the oldest last.
    private var waiting: [LineParcel] = []

    /// Lines are put together up to this size before they are written.
    private static let maxTextBytes = 1 << 20

    /// While the file takes nothing.
    var outage: Outage?

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
    }

    init(file: consuming LogFile, nextSequence: UInt64) {
        self.file = consume file
        self.nextSequence = nextSequence
    }

    var isEmpty: Bool { written == text.count && waiting.isEmpty }

    mutating func enqueue(_ parcels: [LineParcel]) {
        waiting.insert(contentsOf: parcels.reversed(), at: 0)
    }

    enum WriteResult {
        /// All that had been put together is in the file: so many bytes.
        case completed(bytes: Int)
        case failed(errorNumber: Int32)
    }

    /// Puts lines together if none are left over, and writes until they are all in the file or an error comes. What
    /// was not taken stays for the next call.
    mutating func write() -> WriteResult {
        if written == text.count { putTogether() }
        while written < text.count {
            let result = text.withUnsafeBytes { bytes in
                file?.write(UnsafeRawBufferPointer(rebasing: bytes[written...]))
            }
            switch result {
            case .wrote(let count): written += count
            case .failed(let number): return .failed(errorNumber: number)
            case nil: preconditionFailure("a closed log takes no lines: the writer refuses them before")
            }
        }
        return .completed(bytes: text.count)
    }

    mutating func close() {
        file = nil
    }

    // MARK: - Private

    private mutating func putTogether() {
        text.removeAll(keepingCapacity: true)
        written = 0
        loaded = Load()
        while text.count < Self.maxTextBytes, let parcel = waiting.popLast() {
            number(parcel)
            loaded.records += parcel.count
            loaded.parcelBytes += parcel.used
            if parcel.bytes.count <= RecordBatch.maxKeptBytes { loaded.spares.append(parcel.bytes) }
        }
    }

    /// Appends the parcel's lines to `text`, each behind its opening and its number.
    private mutating func number(_ parcel: LineParcel) {
        let perLine = LineKind.maxOpeningBytes + 20
        let sequence = nextSequence
        text.append(addingCapacity: parcel.used + parcel.count * perLine) { output in
            output.withUnsafeMutableBufferPointer { room, initialized in
                var line = LineCursor(UnsafeMutableBufferPointer(rebasing: room[initialized...]))
                let begin = line.next
                parcel.number(from: sequence, to: &line)
                initialized += line.next - begin
            }
        }
        nextSequence += UInt64(parcel.count)
    }
}

extension LineParcel {
    /// Writes the lines in full, numbered from `first`.
    func number(from first: UInt64, to line: inout LineCursor) {
        bytes.withUnsafeBytes { all in
            var sequence = first
            var index = 0
            while index < used {
                let length = Int(all.loadUnaligned(fromByteOffset: index, as: UInt32.self))
                let start = index + RecordBatch.headerBytes
                guard let kind = LineKind(rawValue: all[start - 1]) else {
                    preconditionFailure("a batch holds kinds only")
                }
                line.put(kind.opening)
                line.put(decimal: sequence)
                all[start..<start + length].withMemoryRebound(to: UInt8.self) { line.put($0) }
                sequence += 1
                index = start + length
            }
        }
    }
}
