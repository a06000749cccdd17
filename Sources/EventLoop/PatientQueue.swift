import CLinux
import Dispatch
import Glibc
import Synchronization

/// Work that takes long and can wait, such as hashing passwords: done in order on threads of its own, which give way to the
/// loops' wherever there are fewer cores than work.
///
/// Not Dispatch's threads: a low priority can't be taken back, and the next to run on such a thread might be a loop.
public final class PatientQueue: Sendable {
    public typealias Work = @Sendable () -> Void

    private let store = Store()
    private let width: Int
    /// Threads there are; nil before the first work.
    private let threads = Mutex<Int?>(nil)

    /// Beside loops that never rest, a third of a core.
    private static let nice: CInt = 5
    /// The kernel's least. Who gives way forfeits the rest of its slice, and so loses little by it.
    private static let sliceNanoseconds: UInt64 = 100_000

    /// Starts no thread yet: those that begin before the process lowers its rights would keep them.
    ///
    /// - Parameter width: how much is done at a time.
    public init(width: Int) {
        self.width = width
    }

    /// What was asked for before is still done.
    deinit {
        for _ in 0..<(threads.withLock { $0 } ?? 0) { store.put(nil) }
    }

    public func async(_ work: @escaping Work) {
        let count = threads.withLock { threads in
            if let threads { return threads }
            let started = (0..<width).count { _ in Self.startThread(store) }
            threads = started
            return started
        }
        // On a machine without a thread to spare.
        guard count > 0 else { return DispatchQueue.global().async(execute: work) }
        store.put(work)
    }

    // MARK: - Private

    /// What waits; shared with the threads, which may outlive the queue.
    private final class Store: Sendable {
        private let waiting = Mutex<[Work?]>([])
        private let isThere = DispatchSemaphore(value: 0)

        /// - Parameter work: nil ends one thread.
        func put(_ work: Work?) {
            waiting.withLock { $0.append(work) }
            isThere.signal()
        }

        func take() -> Work? {
            isThere.wait()
            return waiting.withLock { $0.removeFirst() }
        }
    }

    private static func startThread(_ store: Store) -> Bool {
        // Signals are for those who wait for them.
        var (all, former) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        let context = Unmanaged.passRetained(store)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                sallyport_be_patient(PatientQueue.nice, PatientQueue.sliceNanoseconds)
                let store = Unmanaged<Store>.fromOpaque(context!).takeRetainedValue()
                while let work = store.take() { work() }
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
