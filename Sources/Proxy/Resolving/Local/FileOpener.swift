import CLinux
import Dispatch
import Glibc
import Synchronization

/// Opens a few files, known from the start, on a thread of its own: made before a process confines itself, it can open what has
/// taken their place since.
public final class FileOpener: Sendable {
    private let paths: [String]
    private let asked = DispatchSemaphore(value: 0)
    private let answered = DispatchSemaphore(value: 0)
    /// The file that is asked for, and then its descriptor or the negative error.
    private let exchange = Mutex<(index: Int, result: CInt)>((0, 0))
    /// One asks at a time.
    private let turn = Mutex<Void>(())

    /// - Returns: nil without a thread to spare.
    public init?(_ paths: [String]) {
        self.paths = paths
        // Signals are for those who wait for them.
        var (all, former) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        let context = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                _ = sallyport_no_new_privileges()
                // As long as the process.
                Unmanaged<FileOpener>.fromOpaque(context!).takeUnretainedValue().serve()
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            return nil
        }
        pthread_detach(thread)
    }

    /// Opens a file for reading; the caller waits, which is no longer than opening takes.
    ///
    /// - Returns: its descriptor, or -1 with `errno` set; also for a path that is none of those known from the start.
    func open(_ path: String) -> CInt {
        guard let index = paths.firstIndex(of: path) else {
            errno = EACCES
            return -1
        }
        let result = turn.withLock { _ in
            exchange.withLock { $0.index = index }
            asked.signal()
            answered.wait()
            return exchange.withLock { $0.result }
        }
        if result < 0 { errno = -result }
        return max(-1, result)
    }

    private func serve() -> Never {
        while true {
            asked.wait()
            let path = paths[exchange.withLock { $0.index }]
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            let result = descriptor >= 0 ? descriptor : -errno
            exchange.withLock { $0.result = result }
            answered.signal()
        }
    }
}
