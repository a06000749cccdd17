/// The lines that one event loop made during a turn, on their way to the writer.
///
/// Confined to its loop: appending takes no lock. `LogWriter.submit` takes the whole batch at the end of the turn and
/// leaves an empty one that is used again.
public final class RecordBatch {
    /// As in `LineParcel`.
    private var bytes: [UInt8] = []
    /// How much of `bytes` holds lines; the rest is room.
    private var used = 0
    private var count = 0
    /// Where the last line begins.
    private var lastStart = 0
    private var memory = LineMemory()

    static let headerBytes = 5
    /// A batch that grew larger than this is not used again.
    static let maxKeptBytes = 256 << 10

    public init() {}

    public var isEmpty: Bool { count == 0 }

    public func append(_ record: borrowing Record) {
        append(LineKind(record.kind), maxBytes: record.maxLineBytes) { room, memory in
            var line = LineCursor(room)
            record.write(to: &line, memory: &memory)
            return line.next - room.baseAddress!
        }
    }

    public func append(_ event: LogEvent) {
        append(.event, maxBytes: event.maxLineBytes) { room, memory in
            var line = LineCursor(room)
            event.write(to: &line, memory: &memory)
            return line.next - room.baseAddress!
        }
    }

    /// Appends a copy of the line that was appended last, as `Record.append(to:)` makes it. There must be one.
    public func appendLast(to buffer: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer.append(contentsOf: UnsafeBufferPointer(rebasing: $0[lastStart..<used])) }
    }

    /// Gives the lines away, and takes `spare` for the next ones.
    func take(leaving spare: [UInt8]) -> LineParcel {
        let parcel = LineParcel(bytes: bytes, used: used, count: count)
        bytes = spare
        used = 0
        lastStart = 0
        count = 0
        return parcel
    }

    // MARK: - Private

    @inline(__always)
    private func append(
        _ kind: LineKind, maxBytes: Int, _ write: (UnsafeMutableBufferPointer<UInt8>, inout LineMemory) -> Int
    ) {
        let needed = used + Self.headerBytes + maxBytes
        if needed > bytes.count { grow(to: needed) }
        let start = used + Self.headerBytes
        let written = bytes.withUnsafeMutableBufferPointer { all in
            let written = write(UnsafeMutableBufferPointer(rebasing: all[start..<start + maxBytes]), &memory)
            let header = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(all)[used..<start])
            header.storeBytes(of: UInt32(written), as: UInt32.self)
            header[4] = kind.rawValue
            return written
        }
        lastStart = start
        used = start + written
        count += 1
    }

    private func grow(to needed: Int) {
        let size = max(needed, 2 * bytes.count, 16 << 10)
        bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
    }
}

extension LineKind {
    init(_ kind: Record.Kind) {
        self =
            switch kind {
            case .request: .request
            case .open: .open
            case .update: .update
            }
    }
}
