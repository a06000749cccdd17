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
    private var allowance = 1 << 20

    private init(_ client: Leg, _ worker: Worker) {
        self.client = client
        self.worker = worker
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

    override func deadlinePassed() {
        worker.close(client)
    }

    private func discard() {
        while client.canRead {
            switch Socket.receive(client.descriptor, into: worker.loop.scratch) {
            case .bytes(let count):
                client.received(count, of: worker.loop.scratch.count)
                allowance -= count
                if allowance < 0 { return finish() }
            case .wouldBlock: client.receivedNothing()
            case .end, .failed: return finish()
            }
        }
    }

    private func finish() {
        worker.loop.stopTimer(of: self)
        worker.close(client)
    }
}
