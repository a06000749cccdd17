import Glibc

/// The descriptor of the log; closed when it goes.
struct LogFile: ~Copyable {
    private let descriptor: Int32
    private let isOwned: Bool

    /// Opens for appending and creates what is not there, readable by its owner and group; `-` is standard output.
    init(path: String) throws(LogError) {
        if path == "-" {
            self.init(descriptor: STDOUT_FILENO, isOwned: false)
            return
        }
        let opened = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o640)
        let number = errno
        guard opened >= 0 else { throw .cannotOpen(path: path, errorNumber: number) }
        self.init(descriptor: opened, isOwned: true)
    }

    init(descriptor: Int32, isOwned: Bool) {
        self.descriptor = descriptor
        self.isOwned = isOwned
    }

    deinit {
        if isOwned { _ = Glibc.close(descriptor) }
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
            if count < 0 && number == EAGAIN && !hasWaited {
                var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&watched, 1, 1000)
                hasWaited = true
                continue
            }
            return .failed(errorNumber: count == 0 ? EIO : number)
        }
    }
}
