import Dispatch
import Synchronization

/// A value that one thread makes and another waits for, once.
final class Handover<Value: Sendable>: Sendable {
    private let ready = DispatchSemaphore(value: 0)
    private let value = Mutex<Value?>(nil)

    func give(_ value: Value) {
        self.value.withLock { $0 = value }
        ready.signal()
    }

    /// Waits for the value.
    func take() -> Value {
        ready.wait()
        guard let value = value.withLock({ $0 }) else { preconditionFailure("signalled without a value") }
        return value
    }
}
