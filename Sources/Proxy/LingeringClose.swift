import EventLoop

/// A refused client's connection, kept open until the client has closed it or some time has passed.
///
/// Closing at once while bytes of the client's are unread would send a reset, and a reset may overtake the answer and
/// destroy it. So: FIN, then read and throw away. The request's record is written already.
///
/// Spec: RFC 9112 §9.6.
final class LingeringClose: EventHandler {
    private let worker: Worker
    private var client: Leg
    private let start: Instant
    private var isOver = false

    /// Reads in one go; then others have their turn.
    private static let budget = 16
    /// For a client that goes on sending: whoever sends a large body may read nothing before it is through.
    private static let patience: Int64 = 30_000_000

    private init(_ client: Leg, _ worker: Worker) {
        self.client = client
        self.worker = worker
        start = worker.loop.now
    }

    /// Takes over the connection and its registration.
    static func take(_ client: Leg, on worker: Worker) {
        let handler = LingeringClose(client, worker)
        worker.loop.hand(client.registration, to: handler, tag: 0)
        worker.lingerTimers.start(handler)
        Socket.shutDownWriting(client.descriptor)
        handler.discard()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        client.note(readiness)
        discard()
    }

    override func again() {
        if !isOver { discard() }
    }

    override func deadlinePassed() {
        finish()
    }

    private func discard() {
        guard worker.loop.now.microseconds(since: start) < Self.patience else { return finish() }
        worker.lingerTimers.touch(self)
        for _ in 0..<Self.budget {
            guard client.canRead else { return }
            switch Socket.receive(client.descriptor, into: worker.loop.scratch) {
            case .bytes(let count): client.received(count, of: worker.loop.scratch.count)
            case .wouldBlock: client.receivedNothing()
            case .end, .failed: return finish()
            }
        }
        worker.loop.again(self)
    }

    private func finish() {
        isOver = true
        worker.loop.stopTimer(of: self)
        worker.closeClient(client)
    }
}
