import Addressing
import Glibc
import Testing

@testable import EventLoop

@Suite("Datagrams, and what is said of a connection before it is made")
struct ConnectedSocketTests {
    private static func received(_ descriptor: CInt) -> String {
        var room = [UInt8](repeating: 0, count: 100)
        return room.withUnsafeMutableBytes { room in
            switch Socket.receive(descriptor, into: room) {
            case .bytes(let count): String(decoding: room[..<count], as: UTF8.self)
            case .end: "end"
            case .wouldBlock: "nothing"
            case .failed(let error): "error \(error.rawValue)"
            }
        }
    }

    private static func bound(_ address: IPAddress) throws -> FileDescriptor {
        let socket = try Socket.datagrams(to: Endpoint(address, Port(9)))
        var nobody = sockaddr()
        nobody.sa_family = sa_family_t(AF_UNSPEC)
        // Unconnected again, it keeps its address and takes datagrams from anybody; its port, which is lost, is new.
        guard connect(socket.raw, &nobody, socklen_t(MemoryLayout<sockaddr>.size)) == 0 else { throw Errno.last }
        let status = SocketAddress(Endpoint(address, Port(0))).withPointer { bind(socket.raw, $0, $1) }
        guard status == 0 else { throw Errno.last }
        return socket
    }

    private static func send(_ text: String, from socket: CInt, to endpoint: Endpoint) {
        let bytes = Array(text.utf8)
        _ = SocketAddress(endpoint).withPointer { sendto(socket, bytes, bytes.count, 0, $0, $1) }
    }

    @Test("A socket for datagrams takes them from its peer alone", arguments: [IPAddress.loopbackV4, .loopbackV6])
    func peerAlone(address: IPAddress) throws {
        let peer = try Self.bound(address)
        let other = try Self.bound(address)
        let socket = try Socket.datagrams(to: Socket.localEndpoint(of: peer.raw))
        let local = Socket.localEndpoint(of: socket.raw)
        Self.send("forged", from: other.raw, to: local)
        Self.send("", from: peer.raw, to: local)
        Self.send("true", from: peer.raw, to: local)
        #expect(Self.received(socket.raw) == "end")
        #expect(Self.received(socket.raw) == "true")
        #expect(Self.received(socket.raw) == "nothing")
    }

    @Test("It learns that nobody listens at its peer's port")
    func nobody() throws {
        var port = Port(0)
        do { port = Socket.localEndpoint(of: try Self.bound(.loopbackV4).raw).port }
        let socket = try Socket.datagrams(to: Endpoint(.loopbackV4, port))
        _ = [UInt8]("x".utf8).withUnsafeBytes { Socket.send(socket.raw, $0) }
        #expect(Self.received(socket.raw) == "error \(ECONNREFUSED)")
    }

    @Test("Each has a port of its own")
    func ports() throws {
        var ports: Set<Port> = []
        for _ in 0..<50 {
            let socket = try Socket.datagrams(to: Endpoint(.loopbackV4, Port(9)))
            ports.insert(Socket.localEndpoint(of: socket.raw).port)
        }
        #expect(ports.count > 40)
    }

    @Test("A connection leaves from the address that was said")
    func source() throws {
        let listener = try Socket.listen(on: Endpoint(.loopbackV4, Port(0)))
        let socket = try Socket.make(for: .loopbackV4)
        try Socket.leave(from: IPAddress(127, 0, 0, 9), socket.raw)
        _ = try Socket.connect(socket.raw, to: Socket.localEndpoint(of: listener.raw))
        SocketPair.wait(for: CInt(POLLIN), on: listener.raw)
        guard let accepted = try Socket.accept(from: listener.raw) else { throw Errno.wouldBlock }
        #expect(accepted.peer.address == IPAddress(127, 0, 0, 9))
        #expect(accepted.peer == Socket.localEndpoint(of: socket.raw))
    }

    @Test("An address that isn't this machine's is refused, and so is one of the other family")
    func wrongSource() throws {
        let socket = try Socket.make(for: .loopbackV4)
        #expect(throws: Errno(rawValue: EADDRNOTAVAIL)) { try Socket.leave(from: IPAddress(192, 0, 2, 1), socket.raw) }
        #expect(throws: Errno.self) { try Socket.leave(from: .loopbackV6, socket.raw) }
    }

    @Test("What was not taken with the SYN can be sent once the connection stands")
    func opening() throws {
        let listener = try Socket.listen(on: Endpoint(.loopbackV4, Port(0)))
        let endpoint = Socket.localEndpoint(of: listener.raw)
        let socket = try Socket.make(for: .loopbackV4)
        let bytes = [UInt8]("opening".utf8)
        let taken = try bytes.withUnsafeBytes { try Socket.connect(socket.raw, to: endpoint, opening: $0) }
        #expect(taken >= 0 && taken <= bytes.count)
        SocketPair.wait(for: CInt(POLLOUT), on: socket.raw)
        _ = bytes[taken...].withUnsafeBytes { Socket.send(socket.raw, $0) }
        SocketPair.wait(for: CInt(POLLIN), on: listener.raw)
        guard let accepted = try Socket.accept(from: listener.raw) else { throw Errno.wouldBlock }
        SocketPair.wait(for: CInt(POLLIN), on: accepted.descriptor.raw)
        #expect(Self.received(accepted.descriptor.raw) == "opening")
    }
}
