import Addressing
import EventLoop

// Authentication that belongs to a connection (NTLM, Negotiate): the origin's connection is then this client's alone.
extension HTTPConnection {
    /// Keeps an origin's connection for this client.
    func bind(_ origin: OriginConnection) {
        dropBound()
        bound = origin
        worker.loop.hand(origin.leg.registration, to: self, tag: Self.boundTag)
    }

    /// The bound connection to `authority`, if there is one that works and that `isPermitted` lets the client use now.
    func takeBound(_ authority: Authority, where isPermitted: (OriginConnection) -> Bool) -> OriginConnection? {
        guard let bound, bound.authority == authority, isPermitted(bound) else { return nil }
        boundReady()
        defer { self.bound = nil }
        return self.bound
    }

    /// News of the bound connection: the origin has ended it, or says something unasked.
    func boundReady() {
        if let bound, !bound.isQuiet { dropBound() }
    }

    func dropBound() {
        guard let bound else { return }
        self.bound = nil
        worker.close(bound.leg)
    }
}
