import EventLoop

// Who the client is: asked anew for each request, since a proxy in front may send those of many users on one connection.
extension HTTPConnection: LoginObserver {
    /// Goes on along `route` once it is known who asks.
    func identify(_ offer: LoginOffer, then route: Route) {
        guard inside != nil || route.asksWho || route.mayAsk && offer.isSomething else { return follow(route) }
        if worker.limiter != nil, let refusal = trace.flatMap(worker.overRate) { return refuse(refusal, at: .accept) }
        if let inside {
            trace?.identity = inside.identity
            return follow(route)
        }
        guard let authenticator = worker.configuration.authenticator else { return follow(route) }
        switch offer {
        case .nothing:
            if authenticator.isRequired { refuse(.login(.missing), at: .authenticate) } else { follow(route) }
        case .malformed: refuse(.login(.malformed), at: .authenticate)
        case .credentials(let credentials):
            let login = Login(on: worker, observer: self)
            phase = .loggingIn(login, route)
            login.start(credentials, of: connection.client.address, by: authenticator)
        }
    }

    func loggedIn(_ answer: Authenticator.Answer, after microseconds: Int64) {
        guard case .loggingIn(_, let route) = phase else { preconditionFailure("a login that nobody waits for") }
        trace?.identity = answer.identity
        if answer.wasHashed { trace?.withNotes { $0.authentication = microseconds } }
        guard answer.identity.result == .ok else { return refuse(.login(answer.identity.result), at: .authenticate) }
        if let refusal = trace.flatMap(countUser) { return refuse(refusal, at: .authenticate) }
        follow(route)
    }

    private func countUser(_ trace: Trace) -> Refusal? {
        // The notes are shared: the place is this request's.
        var trace = trace
        defer { self.trace = trace }
        return worker.beginUser(&trace)
    }
}

extension HTTPConnection.Route {
    /// Those of the proxy's own pages that say nothing about anybody are for everybody, and a request that is refused anyway
    /// tells nothing.
    fileprivate var asksWho: Bool {
        switch self {
        case .none, .refused: false
        case .own(let asked): asked.isPersonal
        case .lastHop, .tunnel, .origin: true
        }
    }

    /// Whether credentials that nobody asked for are looked at all the same: the page then greets its user.
    fileprivate var mayAsk: Bool {
        if case .own = self { true } else { false }
    }
}
