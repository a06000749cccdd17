import EventLoop

/// Has the memory looked at while a worker has connections: a few times a second, never for a connection alone. Sleeps
/// while there are none.
final class MemoryWatch: EventHandler {
    private unowned let worker: Worker
    private let memory: MemoryGuard
    private let timers: Timers
    private var isAwake = false

    private static let interval = Duration.milliseconds(100)

    init(_ memory: MemoryGuard, of worker: Worker) {
        self.memory = memory
        self.worker = worker
        timers = worker.loop.timers(after: Self.interval)
    }

    /// A client has connected: why it is turned away, if it is.
    func connectionCame() -> Refusal? {
        if !isAwake { look() }
        return memory.isOver ? .limited(.memory, "The proxy uses as much memory as it may") : nil
    }

    override func deadlinePassed() {
        isAwake = false
        // Whoever comes next, after a time without any, is preceded by a look.
        if worker.hasConnections { look() }
    }

    private func look() {
        isAwake = true
        memory.look(at: worker.loop.now)
        timers.start(self)
    }
}
