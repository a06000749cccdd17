import Addressing
import EventLoop
import Policy

/// A connection to an origin that stands, and what has to be known to use it again.
struct OriginConnection {
    var leg: Leg
    /// What the client asked for, not what was dialled: two names on one address are two origins.
    let authority: Authority
    /// The full name of a short one, under which the policy has to agree too.
    let fullName: HostName?
    /// What was dialled.
    let address: IPAddress
    /// Our end.
    let local: Endpoint?

    /// Whether it can be used for another request: the origin has neither ended it nor said anything unasked.
    var isQuiet: Bool { Socket.isQuiet(leg.descriptor) }
}

extension Decision {
    /// Leave to use a connection that stands already: its address is judged anew for the request that has been decided on.
    func permit(for origin: OriginConnection) -> Permit? {
        switch self {
        case .denied: return nil
        case .permitted(let permit): return permit.addresses.contains(origin.address) ? permit : nil
        case .resolve(let pending):
            guard let permit = pending.judge([origin.address]).permit else { return nil }
            guard let fullName = origin.fullName else { return permit }
            guard case .resolve(let again) = pending.decide(as: fullName) else { return nil }
            return again.judge([origin.address]).permit
        }
    }
}
