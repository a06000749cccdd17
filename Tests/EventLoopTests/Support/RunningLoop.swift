import Dispatch
import Synchronization

@testable import EventLoop

/// An event loop on its own queue, and a way for a test to run something on it. Stops with the object.
final class RunningLoop: Sendable {
    /// What a test holds on the loop: timer lists, for one, don't keep handlers alive.
    final class Stage {
        let loop: EventLoop
        var kept: [EventHandler] = []

        init(_ loop: EventLoop) {
            self.loop = loop
        }
    }

    /// The loop did not answer in time.
    struct NoAnswer: Error {}

    let mailbox: Mailbox<Stage>

    init() throws {
        let ready = DispatchSemaphore(value: 0)
        let made = Mutex<Result<Mailbox<Stage>, Errno>?>(nil)
        try EventLoop.start(name: "sallyport.test") { loop in
            let mailbox = Result { () throws(Errno) in try Mailbox(of: Stage(loop), on: loop) }
            made.withLock { $0 = mailbox }
            ready.signal()
        }
        guard ready.wait(timeout: .now() + 10) == .success, let made = made.withLock({ $0 }) else { throw NoAnswer() }
        mailbox = try made.get()
    }

    deinit {
        mailbox.post { $0.loop.stop {} }
    }

    /// Runs `body` within a turn of the loop, and waits for it.
    @discardableResult
    func run<Value: Sendable>(_ body: @escaping @Sendable (Stage) throws -> Value) throws -> Value {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Value, any Error>?>(nil)
        mailbox.post { stage in
            let made = Result { try body(stage) }
            result.withLock { $0 = made }
            done.signal()
        }
        guard done.wait(timeout: .now() + 10) == .success, let made = result.withLock({ $0 }) else { throw NoAnswer() }
        return try made.get()
    }

    /// Stops the loop, and waits until nothing of it is left.
    func stop() throws {
        let done = DispatchSemaphore(value: 0)
        mailbox.post { $0.loop.stop { done.signal() } }
        guard done.wait(timeout: .now() + 10) == .success else { throw NoAnswer() }
    }
}
