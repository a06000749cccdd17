import Addressing
import EventLoop

/// A client that opens a UDP association and keeps a few datagrams under way through it.
final class DatagramClient: LoadClient {
    private var step = 0
    private var reply: [UInt8] = []
    private var flights: Flights?

    private static let messages: [[UInt8]] = [[5, 1, 0], [5, 3, 0, 1, 0, 0, 0, 0, 0, 0]]

    override func connected() {
        step = 0
        reply = []
        _ = send(Self.messages[0])
    }

    override func work() {
        guard leg?.canRead == true, let bytes = receive() else { return }
        guard step < Self.messages.count else { return fail("more came than the reply") }
        reply += bytes
        switch Dialect.socks5.reply(to: step, reply) {
        case .incomplete: break
        case .refused(let code): fail("refused with \(code)")
        case .nonsense: fail("the proxy's reply is no SOCKS5 reply")
        case .accepted(let length):
            let answer = reply.prefix(length)
            reply.removeFirst(length)
            step += 1
            if step < Self.messages.count { _ = send(Self.messages[step]) } else { associated(Array(answer)) }
        }
    }

    override func closed() {
        flights?.end()
        flights = nil
    }

    private func associated(_ answer: [UInt8]) {
        guard answer.count == 10, case .endpoint(let origin) = plan.destination else {
            return fail("the relay's address is no IPv4 one")
        }
        let port = Port(UInt16(answer[8]) << 8 | UInt16(answer[9]))
        // Some say 0.0.0.0: their own address.
        let relay = Endpoint(plan.proxy.address, port)
        do throws(Errno) {
            flights = try Flights(to: relay, origin: origin, traffic)
        } catch {
            fail("a socket for datagrams: \(error)")
        }
    }
}

/// The datagrams of one client: each that comes back is sent again. Those that get lost are sent again after a while, and
/// counted as errors.
private final class Flights: EventHandler {
    private unowned let traffic: Traffic
    private let socket: FileDescriptor
    private var registration = Registration.none
    private let datagram: [UInt8]
    private var began: [Instant]
    private var underWay = 0

    /// Few enough for every socket buffer on the way.
    private static let most = 4
    private static let dataBytes = 512
    private static let patience = Duration.milliseconds(200)

    init(to relay: Endpoint, origin: Endpoint, _ traffic: Traffic) throws(Errno) {
        self.traffic = traffic
        socket = try Socket.datagrams(to: relay)
        let address = origin.address.v4Bits ?? 0
        let header: [UInt8] =
            [0, 0, 0, 1] + (0..<4).map { UInt8(truncatingIfNeeded: address >> (24 - 8 * UInt32($0))) }
            + [UInt8(origin.port.rawValue >> 8), UInt8(truncatingIfNeeded: origin.port.rawValue)]
        datagram = header + [UInt8](repeating: UInt8(ascii: "x"), count: Self.dataBytes)
        began = []
        super.init()
        registration = try traffic.loop.register(socket.raw, for: self)
        fill()
    }

    func end() {
        traffic.loop.stopTimer(of: self)
        traffic.loop.deregister(registration, keeping: socket.raw)
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        guard readiness.contains(.readable) else { return }
        let now = Instant.now()
        while case .bytes(let count) = Socket.receive(socket.raw, into: traffic.loop.scratch) {
            guard count == datagram.count, underWay > 0 else {
                traffic.failed("a datagram came back with \(count) bytes")
                continue
            }
            underWay -= 1
            traffic.count.operations += 1
            traffic.count.latencies.add(nanoseconds: now.nanoseconds - began.removeFirst().nanoseconds)
        }
        fill()
    }

    override func deadlinePassed() {
        traffic.failed("\(underWay) datagrams were lost")
        underWay = 0
        began = []
        fill()
    }

    private func fill() {
        guard traffic.isUnderWay else { return }
        while underWay < Self.most {
            guard case .bytes = datagram.withUnsafeBytes({ Socket.send(socket.raw, $0) }) else { break }
            underWay += 1
            began.append(Instant.now())
        }
        traffic.loop.timers(after: Self.patience).start(self)
    }
}
