import Addressing
import Glibc
import Testing
import Wire

@testable import EventLoop
@testable import Proxy

@Suite("UDP associations")
struct AssociationTests {
    /// A UDP socket of a test's own; no call takes longer than ten seconds.
    final class Datagrams {
        let endpoint: Endpoint
        private let socket: FileDescriptor

        init(_ address: IPAddress = .loopbackV4) throws {
            socket = try Socket.datagrams(at: Endpoint(address, Port(0)))
            endpoint = Socket.localEndpoint(of: socket.raw)
        }

        func send(_ bytes: [UInt8], to destination: Endpoint) {
            #expect(Socket.send(bytes, to: destination, socket.raw))
        }

        func receive() throws -> (bytes: [UInt8], from: Endpoint) {
            try Connection.wait(for: POLLIN, on: socket.raw, "a datagram")
            var address = SocketAddress()
            var room = [UInt8](repeating: 0, count: 65536)
            let count = address.withMutablePointer { recvfrom(socket.raw, &room, room.count, 0, $0, $1) }
            return (Array(room[..<max(0, count)]), address.endpoint)
        }

        var isEmpty: Bool {
            var watched = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
            return poll(&watched, 1, 0) == 0
        }
    }

    /// An association, opened.
    private static func open(_ proxy: RunningProxy) throws -> (control: Connection, relay: Endpoint) {
        let control = try proxy.connect()
        try control.send([5, 1, 0] + Way.socksRequest("0.0.0.0", Port(0), command: 3))
        let answer = try control.receive(12)
        try #require(Array(answer.prefix(6)) == [5, 0, 5, 0, 0, 1])
        let port = Port(UInt16(answer[10]) << 8 | UInt16(answer[11]))
        return (control, Endpoint(IPAddress(answer[6], answer[7], answer[8], answer[9]), port))
    }

    static func header(_ endpoint: Endpoint) -> [UInt8] {
        var bytes: [UInt8] = []
        SOCKS5.appendUDPHeader(from: endpoint, to: &bytes)
        return bytes
    }

    private static func header(_ name: String, _ port: Port) -> [UInt8] {
        [0, 0, 0, 3, UInt8(name.utf8.count)] + Array(name.utf8)
            + [UInt8(port.rawValue >> 8), UInt8(truncatingIfNeeded: port.rawValue)]
    }

    @Test("Datagrams reach addresses and names, and answers come back with their source in front")
    func echo() throws {
        let proxy = try RunningProxy(names: ["a.example": .addresses([.loopbackV4])])
        let (control, relay) = try Self.open(proxy)
        let client = try Datagrams()
        let origin = try Datagrams()
        for header in [Self.header(origin.endpoint), Self.header("a.example", origin.endpoint.port)] {
            client.send(header + Array("ping".utf8), to: relay)
            let (bytes, from) = try origin.receive()
            #expect(bytes == Array("ping".utf8))
            origin.send(Array("pong!".utf8), to: from)
            let (answer, source) = try client.receive()
            #expect(answer == Self.header(origin.endpoint) + Array("pong!".utf8))
            #expect(source == relay)
        }
        control.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "ok client relay" && record.proto == "udp" && record.told == 0)
        #expect(record.datagramsUp == 2 && record.datagramsDown == 2 && record.up == 8 && record.down == 10)
        #expect(record.destinations == "\(origin.endpoint) a.example:\(origin.endpoint.port.rawValue)")
    }

    @Test("IPv6 destinations are served beside IPv4 ones")
    func v6() throws {
        let proxy = try RunningProxy()
        let (control, relay) = try Self.open(proxy)
        let client = try Datagrams()
        let origin = try Datagrams(.loopbackV6)
        client.send(Self.header(origin.endpoint) + [1], to: relay)
        let (bytes, from) = try origin.receive()
        #expect(bytes == [1])
        origin.send([2], to: from)
        #expect(try client.receive().bytes == Self.header(origin.endpoint) + [2])
        control.close()
        _ = try proxy.finish()
    }

    @Test("Fragments, malformed headers, strangers and unasked answers are dropped")
    func dropped() throws {
        let proxy = try RunningProxy()
        let (control, relay) = try Self.open(proxy)
        let client = try Datagrams()
        let origin = try Datagrams()
        let stranger = try Datagrams()
        client.send(Self.header(origin.endpoint) + [1], to: relay)
        let (_, outer) = try origin.receive()
        var fragment = Self.header(origin.endpoint)
        fragment[2] = 1
        for datagram in [
            fragment + [9], [], [0, 0, 0], [0, 0, 0, 1, 127], Self.header(Endpoint(.anyV4, Port(9))) + [9],
        ] {
            client.send(datagram, to: relay)
        }
        // Not from the client's port, and not from where something was sent to.
        stranger.send(Self.header(origin.endpoint) + [9], to: relay)
        stranger.send([9], to: outer)
        client.send(Self.header(origin.endpoint) + [2], to: relay)
        #expect(try origin.receive().bytes == [2])
        origin.send([3], to: outer)
        #expect(try client.receive().bytes == Self.header(origin.endpoint) + [3])
        #expect(origin.isEmpty && client.isEmpty)
        control.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.datagramsUp == 2 && record.datagramsDown == 1)
    }

    @Test("Each destination is judged, and one that is refused leaves a record of its own, once")
    func judged() throws {
        let proxy = try RunningProxy(
            policy: "deny to host:no.example by udp\ndeny to ip:10.0.0.0/8\ndefault allow\n",
            names: ["inside.example": .addresses([IPAddress(10, 1, 2, 3)]), "gone.example": .notFound])
        let (control, relay) = try Self.open(proxy)
        let client = try Datagrams()
        let origin = try Datagrams()
        for _ in 0..<2 {
            for name in ["no.example", "inside.example", "gone.example", "SallyPort.internal."] {
                client.send(Self.header(name, Port(53)) + [1], to: relay)
            }
            client.send(Self.header(Endpoint(IPAddress(10, 0, 0, 1), Port(53))) + [1], to: relay)
        }
        try proxy.wait("five refusals") { proxy.server.counts.recorded == 5 }
        client.send(Self.header(origin.endpoint) + [2], to: relay)
        #expect(try origin.receive().bytes == [2])
        control.close()
        let records = try proxy.finish()
        #expect(
            records.map { "\($0.host ?? "-") \($0.outcome)" }.sorted() == [
                "- ok", "10.0.0.1 destination_ip_prohibited", "gone.example dns_error",
                "inside.example destination_ip_prohibited", "no.example http_request_denied",
                "sallyport.internal connection_refused",
            ])
        #expect(Set(records.map(\.conn)).count == 1 && Set(records.map(\.id)).count == 6)
        #expect(!proxy.resolver.asked.contains("sallyport.internal"))
    }

    @Test("An association without datagrams ends in time, and one where they are off is refused")
    func ends() throws {
        let idle = try RunningProxy { $0.datagramIdleTimeout = .milliseconds(50) }
        let (control, _) = try Self.open(idle)
        #expect(try control.receiveToEnd().bytes == [])
        #expect(try idle.finish().map(\.ending) == ["connection_read_timeout proxy relay"])
        let off = try RunningProxy { $0.servesDatagrams = false }
        let client = try off.connect()
        try client.send([5, 1, 0] + Way.socksRequest("0.0.0.0", Port(0), command: 3))
        #expect(try client.receiveToEnd().bytes == [5, 0, 5, 7, 0, 1, 0, 0, 0, 0, 0, 0])
        client.close()
        _ = try off.finish()
    }
}
