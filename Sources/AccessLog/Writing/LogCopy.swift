/// A second log beside the first, in a form that other tools read.
///
/// It gets each final record once the first log has it. It is for convenience: what it can't take while 4 MiB wait is
/// left out, and nothing waits for it.
struct LogCopy: ~Copyable {
    let path: String
    private let format: LogFormat
    /// Nil while the file is to be opened again.
    private var file: LogFile?
    private var identity: FileStatus?
    private var text: [UInt8] = []
    private var written = 0
    /// Whether the last write ended in an error.
    private var isFailing = false

    private static let maxTextBytes = 4 << 20

    init(path: String, format: LogFormat) throws(LogError) {
        self.path = path
        self.format = format
        let opened = try LogFile(path: path, isPatient: false)
        identity = opened.status
        file = consume opened
        if identity?.size == 0 { text += format.head.utf8 }
    }

    /// Takes whole lines of the log, with their line feeds.
    mutating func take(_ lines: UnsafeRawBufferPointer) {
        var start = 0
        while start < lines.count, text.count - written < Self.maxTextBytes {
            let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count
            if let line = LogLine(UnsafeRawBufferPointer(rebasing: lines[start..<end])) {
                format.append(line, to: &text)
            }
            start = end + 1
        }
    }

    /// Writes what the file takes.
    ///
    /// - Returns: what the operator is to be told, once for an error and once when it is over.
    mutating func write() -> String? {
        let number = writeText()
        defer { isFailing = number != nil }
        if let number, !isFailing {
            return "can't write the log \(path): \(LogError.text(of: number)); what does not fit into 4 MiB is left out"
        }
        return number == nil && isFailing ? "the log \(path) is written again" : nil
    }

    // MARK: - Private

    private mutating func writeText() -> Int32? {
        if let identity, file != nil, FileStatus(path: path)?.isSameFile(as: identity) != true {
            file = nil
            // What it has of a line goes whole into the new file.
            written = text[..<written].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        }
        if file == nil, let number = reopen() { return number }
        while written < text.count {
            let result = text.withUnsafeBytes { file?.write(UnsafeRawBufferPointer(rebasing: $0[written...])) }
            switch result {
            case .wrote(let count): written += count
            case .failed(let number): return number
            case nil: preconditionFailure("the file has just been opened")
            }
        }
        text.removeAll(keepingCapacity: true)
        written = 0
        return nil
    }

    private mutating func reopen() -> Int32? {
        do throws(LogError) {
            let opened = try LogFile(path: path, isPatient: false)
            identity = opened.status
            file = consume opened
        } catch {
            return error.errorNumber
        }
        if identity?.size == 0, !format.head.isEmpty { text.insert(contentsOf: format.head.utf8, at: written) }
        return nil
    }
}
