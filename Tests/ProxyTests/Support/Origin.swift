import Addressing
import Glibc
import Synchronization

@testable import EventLoop

extension IPAddress {
    private static let lastLoopback = Atomic<UInt32>(0)

    /// A loopback address that no other test has: so each port of it is free.
    static func ownLoopback() -> IPAddress {
        let number = lastLoopback.add(1, ordering: .relaxed).newValue
        return IPAddress(v4: 127 << 24 | 77 << 16 | number)
    }
}

/// A listener on the loopback for a test to answer as the origin.
final class Origin: Sendable {
    let endpoint: Endpoint
    private let socket: FileDescriptor

    var port: Port { endpoint.port }
    var descriptor: CInt { socket.raw }

    init(_ address: IPAddress = .loopbackV4, port: Port = Port(0), backlog: CInt = 64) throws {
        let socket = try Socket.listen(on: Endpoint(address, port), backlog: backlog)
        endpoint = Socket.localEndpoint(of: socket.raw)
        self.socket = socket
    }

    /// The next connection.
    func accept() throws -> Connection {
        try Connection.wait(for: POLLIN, on: socket.raw, "accept")
        guard let accepted = try Socket.accept(from: socket.raw) else { throw Errno.wouldBlock }
        return Connection(owning: FileDescriptor(owning: accepted.take()))
    }

    /// Whether somebody has connected and was not accepted yet.
    var isAsked: Bool {
        var watched = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }
}

/// A port of the loopback that refuses: bound, so that nobody else gets it, and not listening.
final class RefusingPort {
    let endpoint: Endpoint
    private let socket: FileDescriptor

    var port: Port { endpoint.port }

    init(_ address: IPAddress = .loopbackV4, port: Port = Port(0)) throws {
        let socket = try Socket.make(for: address)
        guard SocketAddress(Endpoint(address, port)).withPointer({ bind(socket.raw, $0, $1) }) == 0 else {
            throw Connection.Failure(description: "\(address) can't be bound")
        }
        endpoint = Socket.localEndpoint(of: socket.raw)
        self.socket = socket
    }
}

/// A port of the loopback that says nothing to those who connect: its queue has room for one, who is there.
final class SilentPort {
    let endpoint: Endpoint
    private let origin: Origin
    private let guest: Connection

    var port: Port { endpoint.port }

    init(_ address: IPAddress = .loopbackV4, port: Port = Port(0)) throws {
        origin = try Origin(address, port: port, backlog: 0)
        endpoint = origin.endpoint
        guest = try Connection(to: endpoint)
    }

    /// Makes room, so that who has been waiting is connected.
    func speak() throws -> Connection {
        _ = try origin.accept()
        return try origin.accept()
    }
}
