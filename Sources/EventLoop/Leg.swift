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
    /// The peer has sent FIN or RST: read on until the end is seen, since no further edge will announce it.
    public private(set) var peerClosed = false

    /// - Parameter readiness: what the kernel has said since the descriptor was registered; nothing yet, right after.
    public init(descriptor: CInt, registration: Registration, _ readiness: Readiness = []) {
        self.descriptor = descriptor
        self.registration = registration
        note(readiness)
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
