import Addressing
import EventLoop
import Policy

/// A connection to an origin that stands, and what has to be known to use it again.
///
/// Events are for the request that it serves. Those of an idle one, which its pool keeps, come here.
final class OriginConnection: EventHandler {
    var leg: Leg
    /// What the client asked for, not what was dialled: two names on one address are two origins.
    let authority: Authority
    /// The full name of a short one, under which the policy has to agree too.
    let fullName: HostName?
    /// What was dialled.
    let address: IPAddress
    /// Our end.
    let local: Endpoint?

    /// The pool's connections to the same origin, once it has been one of them.
    var siblings: OriginPool.IdleOrigins?
    private unowned let worker: Worker

    init(
        _ leg: Leg, to authority: Authority, fullName: HostName?, address: IPAddress, local: Endpoint?,
        on worker: Worker
    ) {
        self.leg = leg
        self.authority = authority
        self.fullName = fullName
        self.address = address
        self.local = local
        self.worker = worker
    }

    /// Whether it can be used for another request: the origin has neither ended it nor said anything unasked.
    var isQuiet: Bool { Socket.isQuiet(leg.descriptor) }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        // Room to write is no news. All else is an end or something nobody asked for, unless it tells of bytes that were
        // read in the same turn, before the event came to its turn.
        if readiness != .writable && !isQuiet { stop() }
    }

    override func deadlinePassed() {
        stop()
    }

    /// Closes the connection, which is idle.
    func stop() {
        worker.originPool.drop(self)
    }
}

extension Decision {
    /// Why a connection that stands already may be used, if it may: its address is judged anew for the request that has been
    /// decided on.
    func verdict(permitting origin: OriginConnection) -> Policy.Verdict? {
        switch self {
        case .denied: return nil
        case .permitted(let permit): return permit.addresses.contains(origin.address) ? permit.verdict : nil
        case .resolve(let pending):
            guard let permit = pending.judge([origin.address]).permit else { return nil }
            guard let fullName = origin.fullName else { return permit.verdict }
            guard case .resolve(let again) = pending.decide(as: fullName) else { return nil }
            return again.judge([origin.address]).permit?.verdict
        }
    }
}
