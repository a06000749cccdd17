import EventLoop

/// A listening socket on one worker's loop. The socket itself belongs to the server; all workers share it.
final class Listener: EventHandler {
    private unowned let worker: Worker
    let descriptor: CInt
    private let index: UInt16
    private var registration: Registration?
    private let retryTimers: Timers

    /// Connections taken in one event; then others have their turn, and other workers their share.
    private static let budget = 16
    /// What the kernel may hold for a listener; see `Socket.listen`.
    private static let longestQueue = 4096

    init(_ descriptor: CInt, index: UInt16, on worker: Worker) {
        self.descriptor = descriptor
        self.index = index
        self.worker = worker
        retryTimers = worker.loop.timers(after: .milliseconds(100))
        super.init()
        register()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        // Who could not be recorded is not served: clients wait in the kernel's queue until the log takes lines again.
        if worker.recorder.isStalled { return pause() }
        accept(atMost: Self.budget)
    }

    /// After a pause: whatever was lacking may be there again.
    override func deadlinePassed() {
        register()
    }

    /// Takes those who are connected already, who would be reset otherwise, and then no more.
    func stop() {
        accept(atMost: Self.longestQueue)
        worker.loop.stopTimer(of: self)
        deregister()
    }

    // MARK: - Private

    private func accept(atMost count: Int) {
        for _ in 0..<count {
            do throws(Errno) {
                guard let accepted = try Socket.accept(from: descriptor) else { return }
                let client = accepted.peer
                worker.place(FileDescriptor(owning: accepted.take()), from: client, listener: index)
            } catch {
                if error.isDescriptorExhaustion && worker.originPool.giveWay() { continue }
                guard error.isDescriptorExhaustion, worker.acceptBeyondLimit(descriptor, index, error) else {
                    return pause()
                }
            }
        }
    }

    /// Something is lacking, and a level-triggered listener would spin.
    private func pause() {
        deregister()
        retryTimers.start(self)
    }

    private func register() {
        do throws(Errno) {
            registration = try worker.loop.registerListener(descriptor, for: self)
        } catch {
            retryTimers.start(self)
        }
    }

    private func deregister() {
        guard let registration else { return }
        self.registration = nil
        worker.loop.deregister(registration, keeping: descriptor)
    }
}
