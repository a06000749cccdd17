import Addressing
import Glibc
import Testing

@testable import EventLoop

@Suite("Sockets")
struct SocketTests {
    private static let loopbacks = [IPAddress.loopbackV4, .loopbackV6]

    /// A connection to a listener, and its other end.
    private struct Connected: ~Copyable {
        let client: FileDescriptor
        let accepted: FileDescriptor
        let peer: Endpoint
        let listener: Endpoint

        init(over address: IPAddress) throws(Errno) {
            let socket = try Socket.listen(on: Endpoint(address, Port(0)))
            let endpoint = Socket.localEndpoint(of: socket.raw)
            let client = try Socket.make(for: address)
            _ = try Socket.connect(client.raw, to: endpoint)
            SocketPair.wait(for: CInt(POLLIN), on: socket.raw)
            guard let accepted = try Socket.accept(from: socket.raw) else { throw .wouldBlock }
            listener = endpoint
            peer = accepted.peer
            self.client = client
            self.accepted = FileDescriptor(owning: accepted.take())
        }

        /// Closes the accepted end.
        consuming func close() -> FileDescriptor { client }
    }

    @Test("Both families listen on a free port, connect, and see each other's endpoints", arguments: loopbacks)
    func connects(address: IPAddress) throws {
        let pair = try Connected(over: address)
        #expect(pair.listener.address == address)
        #expect(pair.listener.port.rawValue > 0)
        #expect(pair.peer == Socket.localEndpoint(of: pair.client.raw))
        #expect(Socket.localEndpoint(of: pair.accepted.raw) == pair.listener)
        #expect(Socket.pendingError(of: pair.client.raw) == nil)
    }

    @Test("No socket blocks, survives an exec, or waits to send small writes", arguments: loopbacks)
    func flags(address: IPAddress) throws {
        let pair = try Connected(over: address)
        for descriptor in [pair.client.raw, pair.accepted.raw] {
            #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        }
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(pair.accepted.raw, CInt(IPPROTO_TCP), TCP_NODELAY, &value, &length)
        #expect(value != 0, "an accepted socket has not inherited it")
    }

    @Test("An IPv6 listener leaves the port free for an IPv4 one")
    func bothFamilies() throws {
        let v6 = try Socket.listen(on: Endpoint(.anyV6, Port(0)))
        let port = Socket.localEndpoint(of: v6.raw).port
        let v4 = try Socket.listen(on: Endpoint(.loopbackV4, port))
        #expect(Socket.localEndpoint(of: v4.raw) == Endpoint(.loopbackV4, port))
    }

    @Test("A port that is taken is an error", arguments: loopbacks)
    func taken(address: IPAddress) throws {
        let first = try Socket.listen(on: Endpoint(address, Port(0)))
        let endpoint = Socket.localEndpoint(of: first.raw)
        #expect(throws: Errno(rawValue: EADDRINUSE)) { _ = try Socket.listen(on: endpoint).raw }
        #expect(throws: Errno(rawValue: EADDRNOTAVAIL)) {
            _ = try Socket.listen(on: Endpoint(IPAddress(192, 0, 2, 1), Port(0))).raw
        }
    }

    @Test("A connection that leaves from an address takes its port when it connects", arguments: loopbacks)
    func source(address: IPAddress) throws {
        let listener = try Socket.listen(on: Endpoint(address, Port(0)))
        let socket = try Socket.make(for: address)
        try Socket.leave(from: address, socket.raw)
        #expect(Socket.localEndpoint(of: socket.raw) == Endpoint(address, Port(0)))
        _ = try Socket.connect(socket.raw, to: Socket.localEndpoint(of: listener.raw))
        #expect(Socket.localEndpoint(of: socket.raw).port.rawValue > 0)
        let far = IPAddress(192, 0, 2, 1)
        let other = try Socket.make(for: far)
        #expect(throws: Errno(rawValue: EADDRNOTAVAIL)) { try Socket.leave(from: far, other.raw) }
    }

    @Test("A port can be asked after without being taken", arguments: loopbacks)
    func free(address: IPAddress) throws {
        let listener = try Socket.listen(on: Endpoint(address, Port(0)))
        let endpoint = Socket.localEndpoint(of: listener.raw)
        #expect(throws: Errno(rawValue: EADDRINUSE)) { try Socket.checkFree(endpoint) }
        try Socket.checkFree(Endpoint(address, Port(0)))
        #expect(Socket.hasRoute(to: endpoint))
    }

    @Test("A shut-down side reads as an end, a reset as an error", arguments: loopbacks)
    func ends(address: IPAddress) throws {
        let pair = try Connected(over: address)
        Socket.shutDownWriting(pair.client.raw)
        SocketPair.wait(for: CInt(POLLIN), on: pair.accepted.raw)
        #expect(Self.read(pair.accepted.raw) == "end")
        #expect(Self.read(pair.client.raw) == "nothing yet")
        // A reset now, as if the socket were closed with it.
        Socket.resetOnClose(pair.accepted.raw)
        let client = pair.close()
        SocketPair.wait(for: CInt(POLLHUP), on: client.raw)
        #expect(Self.read(client.raw) == "Connection reset by peer")
    }

    private static func read(_ descriptor: CInt) -> String {
        var room: [UInt8] = [0]
        switch room.withUnsafeMutableBytes({ Socket.receive(descriptor, into: $0) }) {
        case .bytes(let count): return "\(count)"
        case .end: return "end"
        case .wouldBlock: return "nothing yet"
        case .failed(let error): return "\(error)"
        }
    }

    @Test("Nobody waiting is no error")
    func nobodyWaits() throws {
        let listener = try Socket.listen(on: Endpoint(.loopbackV4, Port(0)))
        let accepted = try Socket.accept(from: listener.raw)
        let isNone = accepted == nil
        #expect(isNone)
    }

    @Test("An endpoint goes through the kernel's form and back, an IPv4 one as AF_INET")
    func addresses() throws {
        let table: [(IPAddress, CInt, Int)] = [
            (IPAddress(192, 0, 2, 1), AF_INET, 16), (.anyV4, AF_INET, 16), (.loopbackV6, AF_INET6, 28),
            (IPAddress(high: 0x2001_0db8_0102_0304, low: 0x0506_0708_090a_0b0c), AF_INET6, 28),
        ]
        for (address, family, length) in table {
            let endpoint = Endpoint(address, Port(0x1234))
            let form = SocketAddress(endpoint)
            #expect(form.endpoint == endpoint)
            form.withPointer { pointer, count in
                #expect(CInt(pointer.pointee.sa_family) == family)
                #expect(Int(count) == length)
                let bytes = UnsafeRawBufferPointer(start: pointer, count: Int(count))
                #expect(Array(bytes[2..<4]) == [0x12, 0x34])
                #expect(Endpoint(socketAddress: bytes) == endpoint)
                #expect(Endpoint(socketAddress: UnsafeRawBufferPointer(rebasing: bytes.dropLast())) == nil)
            }
        }
    }

    @Test("An IPv4 address in an IPv6 socket's form is the IPv4 address")
    func mapped() {
        var form = sockaddr_in6()
        form.sin6_family = sa_family_t(AF_INET6)
        form.sin6_port = UInt16(80).bigEndian
        withUnsafeMutableBytes(of: &form.sin6_addr) { $0[10...].copyBytes(from: [255, 255, 192, 0, 2, 1]) }
        let endpoint = withUnsafeBytes(of: form) { Endpoint(socketAddress: $0) }
        #expect(endpoint == Endpoint(IPAddress(192, 0, 2, 1), Port(80)))
    }

    @Test("An address of no IP family is none, whatever its bytes")
    func otherFamilies() {
        var form = sockaddr_in6()
        form.sin6_family = sa_family_t(AF_UNIX)
        #expect(withUnsafeBytes(of: form) { Endpoint(socketAddress: $0) } == nil)
        #expect(SocketAddress().endpoint == Endpoint(.anyV4, Port(0)))
        #expect(Endpoint(socketAddress: UnsafeRawBufferPointer(start: nil, count: 0)) == nil)
    }
}
