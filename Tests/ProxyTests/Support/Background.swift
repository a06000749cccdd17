import Dispatch
import Synchronization

/// Something that runs beside a test, on a thread of its own.
final class Background: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let result = Mutex<Result<Void, any Error>?>(nil)

    init(_ body: @escaping @Sendable () throws -> Void) {
        DispatchQueue(label: "sallyport.test.background").async { [self] in
            let made = Result { try body() }
            result.withLock { $0 = made }
            done.signal()
        }
    }

    /// Waits for its end; its error is the caller's.
    func wait() throws {
        guard done.wait(timeout: .now() + 10) == .success, let made = result.withLock({ $0 }) else {
            throw Connection.Failure(description: "what runs beside the test did not end in time")
        }
        try made.get()
    }
}
