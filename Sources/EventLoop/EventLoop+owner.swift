import Dispatch
import Synchronization

extension EventLoop {
    /// Starts a loop for one object that lives on it, and waits until that is made.
    ///
    /// - Parameter owner: called on the loop. The loop keeps what it makes until it stops.
    /// - Returns: how to speak to the owner from elsewhere.
    public static func start<Owner: AnyObject>(
        name: String, owner make: @escaping @Sendable (EventLoop) throws(Errno) -> Owner
    ) throws(Errno) -> Mailbox<Owner> {
        let ready = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Mailbox<Owner>, Errno>?>(nil)
        try start(name: name) { loop in
            let made = Result { () throws(Errno) in try Mailbox(of: make(loop), on: loop) }
            result.withLock { $0 = made }
            ready.signal()
        }
        ready.wait()
        guard let made = result.withLock({ $0 }) else { preconditionFailure("signalled without a result") }
        return try made.get()
    }
}
