import Addressing
import EventLoop
import Policy

// Authentication that belongs to a connection (NTLM, Negotiate): the origin's connection is then this client's alone.
extension HTTPConnection {
    /// Keeps an origin's connection for this client.
    func bind(_ origin: OriginConnection) {
        dropBound()
        bound = origin
        worker.loop.hand(origin.leg.registration, to: self, tag: Self.boundTag)
    }

    /// The bound connection to `authority`, if there is one that works and whose address `decision` permits, and why it does.
    func takeBound(_ authority: Authority, by decision: Decision) -> (OriginConnection, Policy.Verdict)? {
        guard let bound, bound.authority == authority, let verdict = decision.verdict(permitting: bound) else {
            return nil
        }
        boundReady()
        guard let working = self.bound else { return nil }
        self.bound = nil
        return (working, verdict)
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
