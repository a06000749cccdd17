import Glibc

/// One of a tunnel's two connections: its descriptor, and what the kernel has said it can do.
///
/// Readiness is remembered because events are edge-triggered: it stands until a call says otherwise.
public struct Leg {
    public let descriptor: CInt
    public let registration: Registration
    /// There may be something to read.
    public private(set) var canRead = false
    /// There may be room to write.
    public internal(set) var canWrite = true
    private var delay: Delay
    /// The peer has sent FIN or RST: read on until the end is seen, since no further edge will announce it.
    public private(set) var peerClosed = false

    /// What the kernel does with a small write while an earlier one is not acknowledged. A relay wants it to go out at once,
    /// but the first write does so anyway: who sends no second one is spared the call.
    private enum Delay: UInt8 {
        case off
        /// Nothing was sent yet.
        case idle
        /// The next write could be held back.
        case due
    }

    /// - Parameters:
    ///   - readiness: what the kernel has said since the descriptor was registered; nothing yet, right after.
    ///   - isUndelayed: whether `TCP_NODELAY` is set already; what a listener accepts has inherited it.
    public init(
        descriptor: CInt, registration: Registration, _ readiness: Readiness = [], isUndelayed: Bool = true
    ) {
        self.descriptor = descriptor
        self.registration = registration
        delay = isUndelayed ? .off : .idle
        note(readiness)
    }

    /// Something is about to be sent.
    @inline(__always)
    mutating func willSend() {
        if delay != .off { leaveDelay() }
    }

    private mutating func leaveDelay() {
        if delay == .due { Socket.setNoDelay(descriptor) }
        delay = delay == .idle ? .due : .off
    }

    /// Takes in an event.
    public mutating func note(_ readiness: Readiness) {
        if !readiness.isDisjoint(with: [.readable, .peerClosed, .hangUp, .error]) { canRead = true }
        if !readiness.isDisjoint(with: [.writable, .hangUp, .error]) { canWrite = true }
        if !readiness.isDisjoint(with: [.peerClosed, .hangUp, .error]) { peerClosed = true }
    }

    /// A read gave `count` bytes into room for `capacity`: a short one has emptied the socket, and the next bytes make a
    /// new edge. An end that is known of makes none.
    public mutating func received(_ count: Int, of capacity: Int) {
        if count < capacity && !peerClosed { canRead = false }
    }

    /// A write found no room.
    public mutating func foundNoRoom() {
        canWrite = false
    }

    /// A read found nothing.
    public mutating func receivedNothing() {
        canRead = false
    }
}
