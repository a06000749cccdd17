import Glibc

/// Reads one file of the log line by line; a compressed one through the system's `gzip`.
///
/// Holds one line and what was read with it, whatever the size of the file.
public struct LogReader: ~Copyable {
    /// A line as it stands in the file, valid until the next is read.
    public struct Line {
        /// Without its line feed.
        public let bytes: UnsafeRawBufferPointer
        /// Whether there is a line feed behind it; only a file's last line may have none.
        public let isEnded: Bool
    }

    public let path: String
    /// Of the file itself, 0 where that is not known.
    public let size: Int
    private let descriptor: Int32
    private let follows: Bool
    /// `gzip`'s, where the file is compressed.
    private let process: pid_t?
    /// Whether `gzip` is at work.
    public var isCompressed: Bool { process != nil }
    private var room: UnsafeMutableRawBufferPointer
    /// Bytes of `room` that hold something; those before `start` are done with.
    private var filled = 0
    private var start = 0
    private var isAtEnd = false
    /// Bytes that were read from the file, or came out of `gzip`.
    public private(set) var bytesRead = 0

    private static let roomBytes = 256 << 10
    /// Longer lines are an error: none of ours are.
    private static let maxLineBytes = 256 << 20

    /// - Parameters:
    ///   - path: `-` is standard input.
    ///   - follows: whether the file's end is only its end for now: `next()` gives nil there, keeps a line that is not ended
    ///     yet, and goes on when it is called again.
    public init(path: String, follows: Bool = false) throws(LogReadError) {
        let source = try Self.open(path)
        self.path = path
        self.follows = follows
        size = source.size
        descriptor = source.descriptor
        process = source.process
        room = .allocate(byteCount: Self.roomBytes, alignment: 16)
    }

    deinit {
        _ = close(descriptor)
        if let process { _ = Gunzip.end(process) }
        room.deallocate()
    }

    /// The next line; nil at the end of the file.
    public mutating func next() throws(LogReadError) -> Line? {
        var searched = start
        while true {
            if let found = memchr(room.baseAddress! + searched, Int32(UInt8(ascii: "\n")), filled - searched) {
                let end = room.baseAddress!.distance(to: found)
                let line = UnsafeRawBufferPointer(rebasing: room[start..<end])
                start = end + 1
                return Line(bytes: line, isEnded: true)
            }
            searched = filled - start
            if isAtEnd {
                if follows {
                    isAtEnd = false
                    return nil
                }
                guard searched > 0 else { return nil }
                let line = UnsafeRawBufferPointer(rebasing: room[start..<filled])
                start = filled
                return Line(bytes: line, isEnded: false)
            }
            try fill()
        }
    }

    /// Whether another file is there now under the name of this one, or none: what is still to come is to be read there.
    public var isMovedAway: Bool {
        var raw = stat()
        guard fstat(descriptor, &raw) == 0, let status = FileStatus(raw) else { return false }
        return FileStatus(path: path)?.isSameFile(as: status) != true
    }

    // MARK: - Private

    private static func open(
        _ path: String
    ) throws(LogReadError) -> (descriptor: Int32, process: pid_t?, size: Int) {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        let number = errno
        guard descriptor >= 0 else { throw .cannotOpen(path: path, errorNumber: number) }
        var raw = stat()
        let size = fstat(descriptor, &raw) == 0 ? FileStatus(raw)?.size ?? 0 : 0
        guard size > 0, Gunzip.isCompressed(descriptor) else { return (descriptor, nil, size) }
        defer { _ = close(descriptor) }
        let gunzip = try Gunzip(reading: descriptor, path: path)
        return (gunzip.descriptor, gunzip.process, size)
    }

    /// Moves what is not done with to the front of the room, and reads more behind it.
    private mutating func fill() throws(LogReadError) {
        let rest = filled - start
        if rest > room.count / 2 {
            guard rest < Self.maxLineBytes else { throw .lineTooLong(path: path) }
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: room.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[start..<filled]))
            room.deallocate()
            room = larger
        } else if rest > 0 {
            memmove(room.baseAddress!, room.baseAddress! + start, rest)
        }
        start = 0
        filled = rest
        while true {
            let count = read(descriptor, room.baseAddress! + filled, room.count - filled)
            let number = errno
            if count < 0 && number == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(path: path, errorNumber: number) }
            filled += count
            bytesRead += count
            isAtEnd = count == 0
            if isAtEnd, let process {
                guard Gunzip.isGood(process) else { throw .notCompressed(path: path) }
            }
            return
        }
    }
}
