import Glibc

/// The descriptor of the log; closed when it goes.
struct LogFile: ~Copyable {
    private let descriptor: Int32
    private let isOwned: Bool
    private let isPatient: Bool

    /// Opens for appending and creates what is not there, readable by its owner and group; `-` is standard output.
    ///
    /// - Parameter isPatient: whether a reader that is slow may be waited for.
    init(path: String, isPatient: Bool = true) throws(LogError) {
        if path == "-" {
            self.init(descriptor: STDOUT_FILENO, isOwned: false, isPatient: isPatient)
            return
        }
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | (isPatient ? 0 : O_NONBLOCK)
        let opened = Glibc.open(path, flags, 0o640)
        let number = errno
        guard opened >= 0 else { throw .cannotOpen(path: path, errorNumber: number) }
        self.init(descriptor: opened, isOwned: true, isPatient: isPatient)
    }

    init(descriptor: Int32, isOwned: Bool, isPatient: Bool = true) {
        self.descriptor = descriptor
        self.isOwned = isOwned
        self.isPatient = isPatient
    }

    deinit {
        if isOwned { _ = Glibc.close(descriptor) }
    }

    /// Nil for what is no file with a place in a folder: a pipe, a terminal, a device.
    var status: FileStatus? {
        var raw = stat()
        return fstat(descriptor, &raw) == 0 ? FileStatus(raw) : nil
    }

    /// Takes the last `count` bytes off the file.
    func removeLast(_ count: Int) {
        guard let size = status?.size else { return }
        _ = ftruncate(descriptor, off_t(max(0, size - count)))
    }

    enum WriteResult {
        /// So many bytes were taken, at least one.
        case wrote(Int)
        case failed(errorNumber: Int32)
    }

    /// One `write`, repeated when a signal came in between. A reader that is slow on a non-blocking pipe or terminal
    /// is waited for, up to a second; then it counts as failed with `EAGAIN`.
    func write(_ bytes: UnsafeRawBufferPointer) -> WriteResult {
        var hasWaited = false
        while true {
            let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            let number = errno
            if count > 0 { return .wrote(count) }
            if count < 0 && number == EINTR { continue }
            if count < 0 && number == EAGAIN && isPatient && !hasWaited {
                var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&watched, 1, 1000)
                hasWaited = true
                continue
            }
            return .failed(errorNumber: count == 0 ? EIO : number)
        }
    }
}

/// Which file it is, and how large.
struct FileStatus: Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int
    /// Nanoseconds since the epoch.
    let modified: Int64

    /// Nil unless it is a regular file.
    init?(_ raw: stat) {
        guard raw.st_mode & S_IFMT == S_IFREG else { return nil }
        device = UInt64(raw.st_dev)
        inode = UInt64(raw.st_ino)
        size = Int(raw.st_size)
        modified = Int64(raw.st_mtim.tv_sec) * 1_000_000_000 + Int64(raw.st_mtim.tv_nsec)
    }

    /// What is there now under this name; nil if that is nothing, or no regular file.
    init?(path: String) {
        var raw = stat()
        guard stat(path, &raw) == 0 else { return nil }
        self.init(raw)
    }

    func isSameFile(as other: FileStatus?) -> Bool {
        device == other?.device && inode == other?.inode
    }
}
