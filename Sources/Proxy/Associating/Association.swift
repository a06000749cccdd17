import AccessLog
import Addressing
import EventLoop
import Policy
import Wire

/// A SOCKS5 client's datagrams: what it sends to the relay's socket goes to the destinations that its headers name, and
/// what those answer comes back with a header in front. Lives as long as the TCP connection that asked for it.
///
///     client ◀──header+data──▶ relay socket │ outer sockets, one a family ◀──data──▶ destinations
///
/// Only datagrams from the client's own address pass, and, once one has, from its port alone; only from destinations that
/// were sent to do answers come back. Each destination is judged by the policy, once.
///
/// Spec: RFC 1928 §7.
final class Association: EventHandler {
    /// Where the client is to send.
    let endpoint: Endpoint
    let worker: Worker
    var trace: Trace
    var destinations = Destinations()
    /// Destinations that were refused, each with a record of its own.
    var refusedCount: UInt32 = 0
    private var client: Leg
    private let relay: FileDescriptor
    private var relayRegistration = Registration.none
    /// Our sockets towards destinations, made when they are needed; the IPv4 one first.
    private var outer: (v4: Outer?, v6: Outer?)
    private var clientPort: Port
    private var counts = Counts()
    private var isOver = false

    private struct Outer {
        let descriptor: CInt
        let registration: Registration
    }

    private struct Counts {
        var datagramsUp: UInt64 = 0
        var datagramsDown: UInt64 = 0
        var bytesUp: UInt64 = 0
        var bytesDown: UInt64 = 0
    }

    private static let controlTag: UInt32 = 0
    private static let relayTag: UInt32 = 1
    private static let v4Tag: UInt32 = 2
    private static let v6Tag: UInt32 = 3

    /// - Parameters:
    ///   - client: the TCP connection that asked; taken over by `start`.
    ///   - announced: the port from which the client says that it will send; 0 if it doesn't.
    /// - Throws: an error when no socket is to be had; nothing was taken over.
    init(_ client: Leg, _ announced: Port, _ trace: Trace, on worker: Worker) throws(Errno) {
        self.client = client
        self.worker = worker
        self.trace = trace
        clientPort = announced
        let here = Socket.localEndpoint(of: client.descriptor).address
        let relay = try Socket.datagrams(at: Endpoint(here, Port(0)))
        endpoint = Socket.localEndpoint(of: relay.raw)
        self.relay = relay
        super.init()
        relayRegistration = try worker.loop.register(self.relay.raw, for: self, tag: Self.relayTag)
    }

    /// - Parameter failure: why the client could not be told.
    func start(unless failure: Errno?) {
        worker.loop.hand(client.registration, to: self, tag: Self.controlTag)
        worker.datagramTimers.start(self)
        trace.facts.proto = .udp
        if let failure { return end(.connectionTerminated, by: .client, failure) }
        watchControl()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        guard !isOver else { return }
        switch tag {
        case Self.controlTag:
            client.note(readiness)
            watchControl()
        case Self.relayTag: if readiness.contains(.readable) { receiveFromClient() }
        case Self.v4Tag: if let outer = outer.v4 { receiveAnswers(outer.descriptor) }
        default: if let outer = outer.v6 { receiveAnswers(outer.descriptor) }
        }
    }

    override var isPrompt: Bool { true }

    override func again() {
        guard !isOver else { return }
        receiveFromClient()
        if let outer = outer.v4 { receiveAnswers(outer.descriptor) }
        if let outer = outer.v6 { receiveAnswers(outer.descriptor) }
    }

    override func deadlinePassed() {
        end(.connectionReadTimeout, by: .proxy)
    }

    /// Ends it: the proxy is being stopped, or an operator wants it.
    func stop(_ why: Refusal = .stopping) {
        if !isOver { end(.connectionTerminated, by: why.endedBy) }
    }

    // MARK: - The connection

    /// Nothing more is said on it: its end is the association's.
    private func watchControl() {
        while client.canRead && !isOver {
            switch Socket.receive(client.descriptor, into: worker.loop.scratch) {
            case .bytes(let count): client.received(count, of: worker.loop.scratch.count)
            case .wouldBlock: client.receivedNothing()
            case .end: end(.ok, by: .client)
            case .failed(let error): end(.connectionTerminated, by: .client, error)
            }
        }
    }

    // MARK: - From the client

    private func receiveFromClient() {
        let batch = worker.loop.datagrams
        _ = batch.receive(from: relay.raw)
        guard batch.count > 0 else { return }
        worker.datagramTimers.touch(self)
        var pending: CInt?
        let before = counts.bytesUp
        for index in 0..<batch.count {
            guard isOfClient(batch.source(index)), let (target, start) = target(of: batch.bytes(index)) else {
                continue
            }
            guard let descriptor = outerSocket(for: target.address) else { continue }
            if let pending, pending != descriptor { counts.datagramsUp += UInt64(batch.flush(to: pending)) }
            pending = descriptor
            counts.bytesUp += UInt64(batch.bytes(index).count - start)
            batch.send(index, dropping: start, to: target)
        }
        if let pending { counts.datagramsUp += UInt64(batch.flush(to: pending)) }
        worker.counters.relayed(up: counts.bytesUp &- before, down: 0)
        if batch.count == DatagramBatch.capacity { worker.loop.again(self) }
    }

    /// Whether a datagram is the client's own; the first fixes its port.
    private func isOfClient(_ source: Endpoint?) -> Bool {
        guard let source, source.address == trace.client.address else { return false }
        if clientPort.rawValue == 0 { clientPort = source.port }
        return source.port == clientPort
    }

    /// Where a datagram of the client's goes, and where its data begins; nil if it is dropped, or waits for a look-up.
    private func target(of datagram: UnsafeRawBufferPointer) -> (Endpoint, Int)? {
        let bytes = datagram.bindMemory(to: UInt8.self)
        guard let header = try? SOCKS5.UDPHeader.parse(bytes.span) else { return nil }
        guard let destination = Destination(header) else { return nil }
        switch destinations.state(of: destination) {
        case .permitted(let endpoint): return (endpoint, header.length)
        case .refused, .full: return nil
        case .resolving:
            destinations.hold(Array(bytes[header.length...]), for: destination)
            return nil
        case .unknown: break
        }
        judge(destination, holding: bytes[header.length...])
        guard case .permitted(let endpoint) = destinations.state(of: destination) else { return nil }
        return (endpoint, header.length)
    }

    /// Sends what has waited for a look-up.
    func release(_ held: [[UInt8]], to target: Endpoint) {
        guard !isOver, let descriptor = outerSocket(for: target.address) else { return }
        for datagram in held where Socket.send(datagram, to: target, descriptor) {
            counts.datagramsUp += 1
            counts.bytesUp += UInt64(datagram.count)
            worker.counters.relayed(up: UInt64(datagram.count), down: 0)
        }
    }

    private func outerSocket(for address: IPAddress) -> CInt? {
        if let outer = address.isV4 ? outer.v4 : outer.v6 { return outer.descriptor }
        let source = worker.configuration.source.address(for: address)
        let own = source ?? (address.isV4 ? .anyV4 : .anyV6)
        guard let socket = try? Socket.datagrams(at: Endpoint(own, Port(0))) else { return nil }
        let tag = address.isV4 ? Self.v4Tag : Self.v6Tag
        guard let registration = try? worker.loop.register(socket.raw, for: self, tag: tag) else { return nil }
        let made = Outer(descriptor: socket.take(), registration: registration)
        if address.isV4 { outer.v4 = made } else { outer.v6 = made }
        return made.descriptor
    }

    // MARK: - To the client

    private func receiveAnswers(_ descriptor: CInt) {
        let batch = worker.loop.datagrams
        // An error is about one that was sent, such as a port that nobody listens on: datagrams get lost.
        _ = batch.receive(from: descriptor)
        guard batch.count > 0 else { return }
        worker.datagramTimers.touch(self)
        guard clientPort.rawValue > 0 else { return }
        let client = Endpoint(trace.client.address, clientPort)
        let before = counts.bytesDown
        for index in 0..<batch.count {
            guard let source = batch.source(index), destinations.expects(source) else { continue }
            worker.answer.removeAll(keepingCapacity: true)
            SOCKS5.appendUDPHeader(from: source, to: &worker.answer)
            counts.bytesDown += UInt64(batch.bytes(index).count)
            batch.send(index, behind: worker.answer, to: client)
        }
        counts.datagramsDown += UInt64(batch.flush(to: relay.raw))
        worker.counters.relayed(up: 0, down: counts.bytesDown &- before)
        if batch.count == DatagramBatch.capacity { worker.loop.again(self) }
    }

    // MARK: - The end

    private func end(_ outcome: Outcome, by endedBy: EndedBy, _ error: Errno? = nil) {
        isOver = true
        worker.loop.stopTimer(of: self)
        worker.loop.deregister(relayRegistration, keeping: relay.raw)
        for outer in [outer.v4, outer.v6] {
            guard let outer else { continue }
            worker.loop.deregister(outer.registration)
            _ = FileDescriptor(owning: outer.descriptor)
        }
        let statistics = Socket.statistics(of: client.descriptor)
        worker.closeClient(client)
        trace.withNotes { notes in
            notes.datagrams = Trace.DatagramNotes(
                up: counts.datagramsUp, down: counts.datagramsDown, destinations: destinations.summary)
        }
        worker.record(
            trace,
            Ending(
                outcome: outcome, endedBy: endedBy, stage: .relay, errno: error?.rawValue,
                told: Told(reply: SOCKS5.Reply.succeeded.rawValue), up: counts.bytesUp, down: counts.bytesDown,
                client: statistics))
    }
}

extension Association: LiveRequest {
    var clientRegistration: Registration { client.registration }
    var live: LiveEntry? {
        isOver ? nil : LiveEntry(trace: trace, stage: .relay, up: counts.bytesUp, down: counts.bytesDown)
    }
}
