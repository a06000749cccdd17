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

    /// Whether `address` is one at which clients reach our listeners; costs a system call where one of them takes
    /// connections to any address.
    func isReached(at address: IPAddress) -> Bool {
        listeners.contains { listener in
            if listener.address == address { return true }
            let isWildcard = listener.address.isUnspecified && listener.address.isV4 == address.isV4
            return isWildcard && Socket.isLocal(address)
        }
    }
}
