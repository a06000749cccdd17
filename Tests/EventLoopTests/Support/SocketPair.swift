import Addressing
import CLinux
import Glibc
import Synchronization

@testable import EventLoop

/// Two sockets joined: `near` for what is under test, `far` for the test. Neither blocks; both close with the object.
final class SocketPair: Sendable {
    enum Kind: Sendable {
        case stream
        /// Keeps the bounds of messages.
        case messages
        /// Over the loopback: the only kind that can be reset.
        case tcp
    }

    let near: CInt
    let far: CInt
    private let open: Mutex<Set<CInt>>

    init(_ kind: Kind = .stream) throws(Errno) {
        var ends: [CInt] = [-1, -1]
        switch kind {
        case .stream, .messages:
            let type = kind == .stream ? SOCK_STREAM : SOCK_SEQPACKET
            let flags = type.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
            guard socketpair(AF_UNIX, CInt(flags), 0, &ends) == 0 else { throw .last }
        case .tcp:
            let listener = try Socket.listen(on: Endpoint(.loopbackV4, Port(0)))
            let client = try Socket.make(for: .loopbackV4)
            _ = try Socket.connect(client.raw, to: Socket.localEndpoint(of: listener.raw))
            Self.wait(for: CInt(POLLIN), on: listener.raw)
            guard let accepted = try Socket.accept(from: listener.raw) else { throw .wouldBlock }
            ends = [accepted.take(), client.take()]
        }
        (near, far) = (ends[0], ends[1])
        open = Mutex([near, far])
    }

    deinit {
        for descriptor in open.withLock({ $0 }) { close(descriptor) }
    }

    /// Closes one of the two now.
    func end(_ descriptor: CInt) {
        guard open.withLock({ $0.remove(descriptor) }) != nil else { return }
        close(descriptor)
    }

    /// Closes the far end with a reset, and waits until the near one has it.
    func resetFar() {
        Socket.resetOnClose(far)
        end(far)
        Self.wait(for: CInt(POLLHUP), on: near)
    }

    /// Takes the descriptor out of the object's care.
    func release(_ descriptor: CInt) {
        open.withLock { _ = $0.remove(descriptor) }
    }

    // MARK: - Bytes

    /// Sends from the far end until nothing more is taken.
    ///
    /// - Returns: how many bytes were taken.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        bytes.withUnsafeBytes { bytes in
            while sent < bytes.count,
                case .bytes(let count) = Socket.send(far, UnsafeRawBufferPointer(rebasing: bytes[sent...]))
            {
                sent += count
            }
        }
        return sent
    }

    /// All that has come to the far end.
    func received() -> (bytes: [UInt8], hasEnded: Bool) {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            switch room.withUnsafeMutableBytes({ Socket.receive(far, into: $0) }) {
            case .bytes(let count): bytes += room[..<count]
            case .end: return (bytes, true)
            case .wouldBlock, .failed: return (bytes, false)
            }
        }
    }

    /// Asks the kernel for send buffers of that size, which it may round.
    func setSendBuffer(of descriptor: CInt, to size: CInt) {
        var size = size
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Waits, ten seconds at most.
    static func wait(for events: CInt, on descriptor: CInt) {
        var watched = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        poll(&watched, 1, 10_000)
    }
}
