import EventLoop
import Glibc

/// A connection at an origin.
final class OriginConnection: EventHandler {
    private unowned let traffic: Traffic
    private let role: OriginRole
    private var leg: Leg
    private var isOpen = true
    private var asksAgain = false
    private var head = HeadEnd()
    /// Bytes of answers that are still to be sent.
    private var owed = 0

    /// Buffers moved in one turn; then others have theirs. More than one, and origins would run ahead of their clients.
    private static let budget = 1

    init(_ descriptor: consuming FileDescriptor, _ role: OriginRole, _ traffic: Traffic) throws(Errno) {
        self.traffic = traffic
        self.role = role
        leg = Leg(descriptor: descriptor.raw, registration: Registration.none)
        super.init()
        leg = Leg(descriptor: descriptor.raw, registration: try traffic.loop.register(descriptor.raw, for: self))
        _ = descriptor.take()
        traffic.originConnections += 1
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        guard isOpen else { return }
        leg.note(readiness)
        work()
    }

    override func again() {
        asksAgain = false
        if isOpen { work() }
    }

    // MARK: - Private

    private func work() {
        for _ in 0..<Self.budget {
            switch role {
            case .echo: if leg.canRead { echo() }
            case .source:
                if leg.peerClosed { return close() }
                if leg.canWrite { send(atMost: Traffic.payloadBytes) }
            case .sink: if leg.canRead { take() }
            case .duplex:
                if leg.canRead { take() }
                if isOpen && leg.canWrite { send(atMost: Traffic.payloadBytes) }
            case .small, .big: answer()
            }
            guard isOpen, hasMore else { return }
        }
        guard !asksAgain else { return }
        asksAgain = true
        traffic.loop.again(self)
    }

    private var hasMore: Bool {
        switch role {
        case .echo, .sink: leg.canRead
        case .source: leg.canWrite
        case .duplex: leg.canRead || leg.canWrite
        case .small, .big: owed > 0 ? leg.canWrite : leg.canRead
        }
    }

    private func echo() {
        guard let bytes = receive() else { return }
        switch Socket.send(leg.descriptor, bytes) {
        case .bytes(bytes.count): break
        case .bytes, .wouldBlock: drop("the echo origin's client doesn't read")
        case .failed: close()
        }
    }

    /// Reads and throws away, without the bytes being copied.
    private func take() {
        let room = 1 << 20
        let count = recv(leg.descriptor, nil, room, CInt(MSG_TRUNC))
        let error = errno
        if count > 0 {
            traffic.arrived(count)
            leg.received(count, of: room)
        } else if count < 0 && error == EAGAIN {
            leg.receivedNothing()
        } else {
            close()
        }
    }

    private func answer() {
        if owed == 0 && leg.canRead, let bytes = receive() {
            owed = head.count(in: bytes) * (role == .big ? Answer.big : Answer.small).count
        }
        guard isOpen, owed > 0, leg.canWrite else { return }
        let answer = role == .big ? Answer.big : Answer.small
        let position = answer.count - (owed - 1) % answer.count - 1
        switch answer.withUnsafeBytes({ Socket.send(leg.descriptor, UnsafeRawBufferPointer(rebasing: $0[position...])) }
        ) {
        case .bytes(let count): owed -= count
        case .wouldBlock: leg.foundNoRoom()
        case .failed: close()
        }
    }

    private func send(atMost count: Int) {
        switch Socket.send(leg.descriptor, traffic.payload) {
        case .bytes(let count): if count < traffic.payload.count { leg.foundNoRoom() }
        case .wouldBlock: leg.foundNoRoom()
        case .failed: close()
        }
    }

    /// What has come, in the loop's scratch room; nil if nothing has, or the end.
    private func receive() -> UnsafeRawBufferPointer? {
        let room = traffic.loop.scratch
        switch Socket.receive(leg.descriptor, into: room) {
        case .bytes(let count):
            leg.received(count, of: room.count)
            return UnsafeRawBufferPointer(rebasing: room[..<count])
        case .wouldBlock: leg.receivedNothing()
        case .end, .failed: close()
        }
        return nil
    }

    private func drop(_ why: String) {
        traffic.failed(why)
        close()
    }

    private func close() {
        isOpen = false
        traffic.originConnections -= 1
        traffic.loop.deregister(leg.registration)
        _ = FileDescriptor(owning: leg.descriptor)
    }
}
