import Addressing
import EventLoop
import Policy

/// Whoever waits for a peer to connect.
protocol PeerObserver: AnyObject {
    /// The announced peer has connected. The leg's registration is to be handed over by the observer.
    func peerConnected(_ peer: Leg, from endpoint: Endpoint, after microseconds: Int64)
    /// It has not, in time.
    func peerStayedAway()
}

/// A socket on which the peer of a SOCKS `BIND` may connect, once: the announced one, from an address that the policy
/// permits; whoever else tries is closed on.
///
/// Spec: RFC 1928 §4, "SOCKS: A protocol for TCP proxy across firewalls".
final class PeerListener: EventHandler {
    /// Where the peer is to connect.
    let endpoint: Endpoint
    private let worker: Worker
    private let permit: Permit
    private let socket: FileDescriptor
    private var registration = Registration.none
    private let start: Instant
    /// Kept until it has been told, or has cancelled.
    private var observer: (any PeerObserver)?

    /// How long a peer may take to connect: a server that was told of the port does so at once.
    static let patience = Duration.seconds(60)

    /// - Throws: an error when no socket is to be had.
    init(_ permit: Permit, on worker: Worker, observer: any PeerObserver) throws(Errno) {
        self.permit = permit
        self.worker = worker
        self.observer = observer
        start = worker.loop.now
        let peer = Endpoint(permit.addresses[0], permit.port)
        // The address from which the kernel would reach the peer is one that the peer can reach.
        let own: IPAddress
        if let source = worker.configuration.source.address(for: peer.address) {
            own = source
        } else {
            own = Socket.localEndpoint(of: try Socket.datagrams(to: peer).raw).address
        }
        socket = try Socket.listen(on: Endpoint(own, Port(0)), backlog: 4)
        endpoint = Socket.localEndpoint(of: socket.raw)
        super.init()
    }

    /// Takes the peer from now on.
    ///
    /// - Throws: an error of the loop's.
    func listen() throws(Errno) {
        registration = try worker.loop.register(socket.raw, for: self)
        worker.peerTimers.start(self)
    }

    /// Gives up; the observer hears nothing more.
    func cancel() {
        observer = nil
        close()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        while observer != nil, let accepted = try? Socket.accept(from: socket.raw) {
            let peer = accepted.peer
            let descriptor = accepted.take()
            guard permit.addresses.contains(peer.address),
                let registration = try? worker.loop.register(descriptor, for: self)
            else {
                _ = FileDescriptor(owning: descriptor)
                continue
            }
            close()
            let leg = Leg(descriptor: descriptor, registration: registration)
            take()?.peerConnected(leg, from: peer, after: worker.loop.now.microseconds(since: start))
        }
    }

    override func deadlinePassed() {
        close()
        take()?.peerStayedAway()
    }

    // MARK: - Private

    private func take() -> (any PeerObserver)? {
        defer { observer = nil }
        return observer
    }

    private func close() {
        guard registration != .none else { return }
        worker.loop.stopTimer(of: self)
        worker.loop.deregister(registration, keeping: socket.raw)
        registration = .none
    }
}
