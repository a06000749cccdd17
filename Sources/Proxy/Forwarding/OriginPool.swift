import Addressing
import EventLoop

/// Idle connections to origins, kept by one worker for requests to come.
///
/// Only connections whose last answer was framed cleanly, with nothing left over, come here. Each is watched: when the
/// origin closes it, or says anything unasked, it goes.
final class OriginPool {
    private let worker: Worker
    private let timers: TimerList
    private var idle: [Authority: [IdleOrigin]] = [:]
    private var count = 0

    /// How long an idle connection is kept. Below the 60 s after which many origins close it.
    private static let patience = Duration.seconds(30)
    private static let most = 512
    private static let mostPerOrigin = 128

    init(_ worker: Worker) {
        self.worker = worker
        timers = worker.loop.timers(after: Self.patience)
    }

    /// The connection to `authority` that was used last, whose address the caller may connect to now.
    func take(_ authority: Authority, where isPermitted: (IPAddress) -> Bool) -> (leg: Leg, address: IPAddress)? {
        guard let candidates = idle[authority], let origin = candidates.last(where: { isPermitted($0.address) }) else {
            return nil
        }
        remove(origin)
        return (origin.leg, origin.address)
    }

    /// Keeps a connection, which must have nothing to read; one too many is closed.
    func keep(_ leg: Leg, to authority: Authority, _ address: IPAddress) {
        guard count < Self.most, idle[authority]?.count ?? 0 < Self.mostPerOrigin else { return worker.close(leg) }
        let origin = IdleOrigin(leg, authority, address, in: self)
        worker.loop.hand(leg.registration, to: origin, tag: 0)
        timers.start(origin)
        idle[authority, default: []].append(origin)
        count += 1
    }

    fileprivate func drop(_ origin: IdleOrigin) {
        remove(origin)
        worker.close(origin.leg)
    }

    private func remove(_ origin: IdleOrigin) {
        worker.loop.stopTimer(of: origin)
        count -= 1
        idle[origin.authority]?.removeAll { $0 === origin }
        if idle[origin.authority]?.isEmpty == true { idle[origin.authority] = nil }
    }
}

/// A connection to an origin that waits for a request.
final class IdleOrigin: EventHandler {
    let leg: Leg
    let authority: Authority
    let address: IPAddress
    private unowned let pool: OriginPool

    fileprivate init(_ leg: Leg, _ authority: Authority, _ address: IPAddress, in pool: OriginPool) {
        self.leg = leg
        self.authority = authority
        self.address = address
        self.pool = pool
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        // Room to write is no news; everything else is an end, or something nobody asked for.
        if readiness != .writable { pool.drop(self) }
    }

    override func deadlinePassed() {
        pool.drop(self)
    }

    /// Closes the connection: the worker is shutting down.
    func stop() {
        pool.drop(self)
    }
}
