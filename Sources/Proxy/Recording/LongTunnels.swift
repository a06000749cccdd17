import EventLoop

/// Has the tunnels that stay open noted in the log every now and then: what is under way is on record even if the machine
/// dies. Sleeps while there are no tunnels.
final class LongTunnels: EventHandler {
    private unowned let worker: Worker
    private var interval: Duration
    private var isAwake = false

    init(_ worker: Worker, every interval: Duration) {
        self.worker = worker
        self.interval = interval
    }

    /// Notes them at another interval.
    func change(every interval: Duration) {
        guard interval != self.interval else { return }
        self.interval = interval
        if isAwake { worker.loop.wake(self, at: worker.loop.now.advanced(by: interval)) }
    }

    /// A tunnel has opened.
    func tunnelOpened() {
        guard !isAwake else { return }
        isAwake = true
        worker.loop.wake(self, at: worker.loop.now.advanced(by: interval))
    }

    override func deadlinePassed() {
        isAwake = false
        // What is owed to nobody does not wait in memory for the disk.
        guard !worker.recorder.isStalled else { return tunnelOpened() }
        _ = TunnelRound(on: worker.loop) { [unowned self] tunnel in
            tunnel.note()
            tunnelOpened()
        }
    }
}
