import Addressing
import EventLoop
import Policy

/// Whoever waits for a connection to the origin.
protocol DialObserver: AnyObject {
    /// The connection stands. The leg's registration is to be handed over or ended by the observer.
    func dialled(_ leg: Leg, to origin: Endpoint, from local: Endpoint, after failures: [DialPlan.Failure])
    /// All addresses have failed; there is at least one failure.
    func dialFailed(_ failures: [DialPlan.Failure])
}

/// Connects to the first address of a permit that answers.
///
/// Takes a `Permit`, which only the policy can make: an address that was not judged is not dialled.
final class Dialler: EventHandler {
    private struct Attempt {
        let descriptor: CInt
        let registration: Registration
        let endpoint: Endpoint
    }

    private let loop: EventLoop
    private var plan: DialPlan
    private var attempt: Attempt?
    /// Kept until it has been told, or has cancelled: the two hold each other no longer than the dial takes.
    private var observer: (any DialObserver)?

    init(_ permit: Permit, timeout: Duration, on loop: EventLoop, observer: any DialObserver) {
        plan = DialPlan(permit, timeout: timeout)
        self.loop = loop
        self.observer = observer
    }

    /// Begins; the observer may be called before this returns.
    func start() {
        while let endpoint = plan.next(at: loop.now) {
            do throws(Errno) {
                try begin(endpoint)
                return
            } catch {
                plan.failed(error, at: loop.now)
            }
        }
        take()?.dialFailed(plan.failures)
    }

    /// Gives up; the observer hears nothing more.
    func cancel() {
        observer = nil
        abandonAttempt()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        guard let attempt, !readiness.isDisjoint(with: [.writable, .error, .hangUp]) else { return }
        if !readiness.isDisjoint(with: [.error, .hangUp]) {
            attemptFailed(Socket.pendingError(of: attempt.descriptor) ?? .connectionReset)
        } else {
            connected(attempt)
        }
    }

    override func deadlinePassed() {
        attemptFailed(.timedOut)
    }

    // MARK: - Private

    private func begin(_ endpoint: Endpoint) throws(Errno) {
        let socket = try Socket.make(for: endpoint.address)
        Socket.setNoDelay(socket.raw)
        if endpoint.address.isLoopback { Socket.setUnpaced(socket.raw) }
        // Connected or not: the kernel says "writable" either way, and there is one path on from there.
        _ = try Socket.connect(socket.raw, to: endpoint)
        let registration = try loop.register(socket.raw, for: self)
        attempt = Attempt(descriptor: socket.take(), registration: registration, endpoint: endpoint)
        loop.timers(after: plan.attemptTimeout).start(self)
    }

    private func connected(_ attempt: Attempt) {
        let local = Socket.localEndpoint(of: attempt.descriptor)
        // TCP lets a socket on loopback connect to itself when its own free port is the one asked for.
        if local == attempt.endpoint { return attemptFailed(.connectionReset) }
        loop.stopTimer(of: self)
        self.attempt = nil
        let leg = Leg(descriptor: attempt.descriptor, registration: attempt.registration)
        take()?.dialled(leg, to: attempt.endpoint, from: local, after: plan.failures)
    }

    private func take() -> (any DialObserver)? {
        defer { observer = nil }
        return observer
    }

    private func attemptFailed(_ error: Errno) {
        plan.failed(error, at: loop.now)
        abandonAttempt()
        start()
    }

    private func abandonAttempt() {
        loop.stopTimer(of: self)
        guard let attempt else { return }
        self.attempt = nil
        loop.deregister(attempt.registration)
        _ = FileDescriptor(owning: attempt.descriptor)
    }
}
