import Addressing
import EventLoop
import Wire

/// A plain HTTP request that has reached its origin, until its answer is through.
final class Exchange {
    let origin: OriginConnection
    /// Bytes of the origin's that are not consumed.
    var inbox = Inbox()
    var scanner = HTTP1.HeadScanner(.response)
    var requestBody: BodyTransfer
    /// Nil until the final head of the answer is there.
    var responseBody: BodyTransfer?
    /// The answer's status, once its head is there.
    var status: UInt16?
    /// Whether the origin has said anything.
    var hasAnswered = false
    /// Whether the origin can be asked again on this connection after the answer.
    var isOriginPersistent = false
    /// Whether the client's connection can go on after the answer.
    var isClientPersistent = false
    /// Why the origin takes no more of the request; what it said before may still be read.
    var requestCut: Errno?
    /// What was sent, as long as it may have to be sent again: the connection had been idle and could have been closing.
    var repeatable: [UInt8]?
    /// What of the flows' totals was heads and interim answers.
    var headBytes: (up: UInt64, down: UInt64) = (0, 0)

    init(_ origin: OriginConnection, body: HTTP1.BodyFraming) {
        self.origin = origin
        requestBody = BodyTransfer(body)
    }

    /// Whether the origin's connection has broken: then its end is no clean one. A pipe is broken only after a FIN.
    var isOriginBroken: Bool { requestCut.map { $0 != .brokenPipe } ?? false }
}
