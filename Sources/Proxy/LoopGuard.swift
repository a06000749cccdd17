import Addressing
import EventLoop

/// Knows which destinations are this proxy itself: a request for one would come back as another request, for ever.
struct LoopGuard: Sendable {
    private let listeners: [Endpoint]

    init(_ listeners: [Endpoint]) {
        self.listeners = listeners
    }

    /// Whether a connection to `endpoint` would reach one of our own listeners. Costs no system call unless a listener
    /// takes connections to any address, and the port is its.
    func leadsBack(_ endpoint: Endpoint) -> Bool {
        for listener in listeners where listener.port == endpoint.port {
            if listener.address == endpoint.address { return true }
            let isWildcard = listener.address.isUnspecified && listener.address.isV4 == endpoint.address.isV4
            if isWildcard && Socket.isLocal(endpoint.address) { return true }
        }
        return false
    }
}
