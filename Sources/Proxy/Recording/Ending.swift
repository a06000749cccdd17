import AccessLog
import EventLoop

/// What a client was sent in answer to its request.
struct Told {
    /// HTTP status.
    var status: UInt16?
    /// SOCKS reply code.
    var reply: UInt8?
}

/// How a request ended: the last keys of its record.
struct Ending {
    let outcome: Outcome
    let endedBy: EndedBy
    let stage: Stage
    /// Why, in words, where it was the proxy that refused.
    var explanation: String?
    var errno: CInt?
    /// The limit of ours that the proxy has refused it for.
    var limit: ReachedLimit?
    var told = Told()
    /// Payload from the client to the origin and back; nil where there was no tunnel.
    var up: UInt64?
    var down: UInt64?
    /// What the kernel measured of a tunnel's two connections.
    var client: Socket.Statistics?
    var origin: Socket.Statistics?
}

extension Ending {
    /// For a client that was told nothing.
    init(_ refusal: Refusal, at stage: Stage) {
        self.init(
            outcome: refusal.outcome, endedBy: refusal.endedBy, stage: stage, explanation: refusal.explanation,
            errno: refusal.errno, limit: refusal.limit)
    }
}
