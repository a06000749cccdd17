import Addressing
import EventLoop
import Policy

/// Whoever waits for a connection to the origin.
protocol DialObserver: AnyObject {
    /// The connection stands. The leg's registration is to be handed over or ended by the observer.
    ///
    /// - Parameter taken: bytes of the dial's opening that have gone to the origin already.
    func dialled(
        _ leg: Leg, to origin: Endpoint, from local: Endpoint, taken: Int, after failures: [DialPlan.Failure])
    /// All addresses have failed; there is at least one failure.
    func dialFailed(_ failures: [DialPlan.Failure])
}

/// How connections to origins are made. One for all dials of a worker.
final class DialSettings {
    /// For all attempts together; nanoseconds.
    let timeout: Int64
    /// The waits for as long.
    let timers: Timers
    let source: Configuration.Source
    let fastOpen: Bool
    let health: OriginHealth

    init(_ configuration: Configuration, health: OriginHealth, on loop: EventLoop) {
        timeout = configuration.connectTimeout.nanoseconds
        timers = loop.timers(after: configuration.connectTimeout)
        source = configuration.source
        fastOpen = configuration.fastOpen
        self.health = health
    }
}

/// Connects to the first address of a permit that answers: carries out a `DialPlan`.
///
/// Takes a `Permit`, which only the policy can make: an address that was not judged is not dialled.
final class Dialler: EventHandler {
    private struct Attempt {
        let number: Int
        let endpoint: Endpoint
        let descriptor: CInt
        let registration: Registration
        /// Bytes that went with the SYN.
        let taken: Int
    }

    private let loop: EventLoop
    private let settings: DialSettings
    let permit: Permit
    private var plan: DialPlan
    private var running = Few<Attempt>()
    /// What the client has sent for the origin already.
    private let opening: [UInt8]
    /// Kept until it has been told, or has cancelled: the two hold each other no longer than the dial takes.
    private var observer: (any DialObserver)?

    init(
        _ permit: consuming Permit, opening: consuming [UInt8] = [], _ settings: DialSettings, on loop: EventLoop,
        observer: any DialObserver
    ) {
        self.loop = loop
        self.settings = settings
        self.observer = observer
        self.opening = opening
        plan = DialPlan(
            settings.health.order(permit.addresses, permit.port, at: loop.now), timeout: settings.timeout, at: loop.now)
        self.permit = permit
    }

    /// Begins; the observer may be called before this returns.
    func start() {
        advance()
    }

    /// Gives up; the observer hears nothing more.
    func cancel() {
        observer = nil
        closeAll()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        guard let index = running.firstIndex(where: { $0.number == tag }),
            !readiness.isDisjoint(with: [.writable, .error, .hangUp])
        else { return }
        if readiness.isDisjoint(with: [.error, .hangUp]) {
            connected(index, readiness)
        } else {
            let attempt = running[index]
            attemptFailed(attempt, Socket.pendingError(of: attempt.descriptor) ?? .connectionReset)
        }
    }

    override func deadlinePassed() {
        advance()
    }

    // MARK: - Private

    /// Does what the plan says, until it is to wait or has come to its end.
    private func advance() {
        while true {
            switch plan.next(at: loop.now) {
            case .connect(let number, let address):
                do throws(Errno) {
                    try begin(number, Endpoint(address, permit.port))
                } catch {
                    plan.failed(number, error, at: loop.now)
                }
            case .abandon(let number):
                guard let index = running.firstIndex(where: { $0.number == number }) else {
                    preconditionFailure("an attempt is abandoned that is not under way")
                }
                settings.health.failed(running[index].endpoint, at: loop.now)
                close(running.remove(at: index))
            case .wait(let instant):
                // A single attempt has all the time, and nobody who waits for its end to the millisecond.
                return plan.hasAlternatives ? loop.wake(self, at: instant) : settings.timers.start(self)
            case .fail:
                closeAll()
                return take { $0.dialFailed(plan.failures) }
            }
        }
    }

    private func begin(_ number: Int, _ endpoint: Endpoint) throws(Errno) {
        let socket = try Socket.make(for: endpoint.address)
        if let source = settings.source.address(for: endpoint.address) { try Socket.leave(from: source, socket.raw) }
        var taken = 0
        // Only with the first attempt: those after it are made because the first may have got the bytes and be slow.
        if settings.fastOpen && number == 0 && !opening.isEmpty {
            taken = try Self.connect(socket.raw, to: endpoint, opening: opening)
        } else {
            // Connected or not: the kernel says "writable" either way, and there is one path on from there.
            _ = try Socket.connect(socket.raw, to: endpoint)
        }
        let registration = try loop.register(socket.raw, for: self, tag: UInt32(number))
        running.append(
            Attempt(
                number: number, endpoint: endpoint, descriptor: socket.take(), registration: registration, taken: taken)
        )
    }

    private static func connect(
        _ descriptor: CInt, to endpoint: Endpoint, opening: [UInt8]
    ) throws(Errno) -> Int {
        let result = opening.withUnsafeBytes { bytes in
            Result { () throws(Errno) in try Socket.connect(descriptor, to: endpoint, opening: bytes) }
        }
        return try result.get()
    }

    private func connected(_ index: Int, _ readiness: Readiness) {
        let attempt = running[index]
        let local = Socket.localEndpoint(of: attempt.descriptor)
        // TCP lets a socket on loopback connect to itself when its own free port is the one asked for.
        if local == attempt.endpoint { return attemptFailed(attempt, .connectionReset) }
        running.remove(at: index)
        plan.connected(attempt.number, at: loop.now)
        let hasOvertakenV6 = attempt.endpoint.address.isV4 && running.contains { !$0.endpoint.address.isV4 }
        for index in running.indices where running[index].number < attempt.number {
            settings.health.failed(running[index].endpoint, at: loop.now)
        }
        settings.health.connected(to: attempt.endpoint, overtookV6: hasOvertakenV6, at: loop.now)
        closeAll()
        // What went with the SYN was the first write.
        let hasWritten = attempt.taken > 0
        if hasWritten { Socket.setNoDelay(attempt.descriptor) }
        let leg = Leg(
            descriptor: attempt.descriptor, registration: attempt.registration, readiness, isUndelayed: hasWritten)
        take { observer in
            observer.dialled(leg, to: attempt.endpoint, from: local, taken: attempt.taken, after: plan.failures)
        }
    }

    private func attemptFailed(_ attempt: Attempt, _ error: Errno) {
        plan.failed(attempt.number, error, at: loop.now)
        settings.health.failed(attempt.endpoint, at: loop.now)
        if let index = running.firstIndex(where: { $0.number == attempt.number }) { running.remove(at: index) }
        close(attempt)
        advance()
    }

    /// Tells the observer, who hears nothing more.
    private func take(_ tell: (any DialObserver) -> Void) {
        guard let observer else { return }
        self.observer = nil
        tell(observer)
    }

    private func closeAll() {
        loop.stopTimer(of: self)
        for index in running.indices { close(running[index]) }
        running.removeAll()
    }

    private func close(_ attempt: Attempt) {
        loop.deregister(attempt.registration)
        _ = FileDescriptor(owning: attempt.descriptor)
    }
}
