import AccessLog
import Addressing
import EventLoop
import Policy
import Wire

// A request from its head to its origin, or to an answer of the proxy's own.
extension HTTPConnection: ApproachObserver {
    /// A complete head of `length` bytes stands at the front of the inbox.
    func handleHead(_ length: Int) {
        worker.withLoop { $0.stopTimer(of: self) }
        var refusal: Refusal?
        var route = Route.none
        var offer = LoginOffer.nothing
        inbox.withBytes { bytes in
            let head = UnsafeBufferPointer(rebasing: bytes[..<length])
            do throws(HTTP1.ParseError) {
                (route, offer) = try read(head, into: &worker.requestHead)
            } catch {
                trace?.facts.takeRefused(head.span)
                refusal = .malformed(error)
            }
        }
        if let refusal { return refuse(refusal, at: .negotiate) }
        inbox.drop(length)
        if let accepted = trace?.accepted {
            trace?.timings.negotiation.set(worker.loop.now.microseconds(since: accepted))
        }
        identify(offer, then: route)
    }

    /// Where a request leads.
    enum Route {
        /// Its head was no head.
        case none
        case refused(Refusal)
        /// To the proxy's own pages.
        case own(OwnRequest)
        /// A question about the way, which the proxy answers because the client says that it shall go no further.
        case lastHop(OwnPage)
        case tunnel(Authority)
        case origin(Authority)
    }

    func follow(_ route: Route) {
        switch route {
        case .none: preconditionFailure("a head that was read leads somewhere")
        case .refused(let refusal): refuse(refusal, at: .negotiate)
        case .own(let asked): answer(asked)
        case .lastHop(let page): answer(page)
        case .tunnel(let authority):
            OwnName.isMeant(authority.host) ? servePages(authority.port) : decide(authority, via: .connect)
        case .origin(let authority): decide(authority, via: .http)
        }
    }

    /// - Parameter parsed: the worker's, which is not to be asked for meanwhile.
    private func read(
        _ head: UnsafeBufferPointer<UInt8>, into parsed: inout HTTP1.RequestHead
    ) throws(HTTP1.ParseError) -> (Route, LoginOffer) {
        try parsed.parse(head.span)
        takeFacts(parsed, head)
        let route = route(parsed, head)
        if case .own(let asked) = route, asked.way == .direct { isForWebsite = true }
        guard worker.configuration.authenticator != nil else { return (route, .nothing) }
        return (route, LoginOffer(parsed, head.span, from: isForWebsite ? .authorization : .proxyAuthorization))
    }

    private func takeFacts(_ parsed: HTTP1.RequestHead, _ head: UnsafeBufferPointer<UInt8>) {
        request = ForwardRequest(parsed, head.span)
        trace?.facts.take(parsed, from: head.span, sharing: &worker.recentTexts)
        guard let notes = trace?.http else { return }
        notes.scheme = parsed.target.scheme.map { $0 == .http ? "http" : "https" } ?? ""
        notes.path.append(contentsOf: UnsafeBufferPointer(rebasing: head[parsed.target.path]))
        if let referer = parsed.fieldSection.value(of: .referer) {
            notes.referer.append(contentsOf: UnsafeBufferPointer(rebasing: head[referer]))
        }
    }

    private func route(_ parsed: HTTP1.RequestHead, _ head: UnsafeBufferPointer<UInt8>) -> Route {
        if inside != nil { return routeInside(parsed, head) }
        switch parsed.target.form {
        case .authority:
            guard let authority = parsed.authority else { return .refused(.malformed("the target names no host")) }
            return .tunnel(authority)
        case .origin, .asterisk: return own(OwnRequest(parsed, head, .direct))
        case .absolute:
            guard let authority = parsed.authority else { return .refused(.otherScheme) }
            if OwnName.isMeant(authority.host) {
                let isServed = parsed.target.scheme == .http && authority.port == OwnName.port
                return isServed ? .own(OwnRequest(parsed, head, .proxied)) : .refused(.ownName)
            }
            guard parsed.target.scheme == .http else { return .refused(.otherScheme) }
            if parsed.maxForwards == 0 { return .lastHop(OwnPage(finalRecipientOf: parsed, head)) }
            if let name = worker.configuration.via, passedThrough(name, parsed, head) { return .refused(.loop) }
            outgoing.removeAll(keepingCapacity: true)
            HeadRewriter(head).appendRequest(
                parsed, to: authority, upgrading: request.asksUpgrade, via: worker.configuration.via,
                for: connection.client.address, worker.configuration.forwarded, into: &outgoing)
            return .origin(authority)
        }
    }

    /// In a tunnel to the proxy's pages there is nothing but them.
    private func routeInside(_ parsed: HTTP1.RequestHead, _ head: UnsafeBufferPointer<UInt8>) -> Route {
        switch parsed.target.form {
        case .origin, .asterisk: break
        case .authority: return .refused(.ownName)
        case .absolute:
            guard parsed.target.scheme == .http, let host = parsed.authority?.host, OwnName.isMeant(host) else {
                return .refused(.ownName)
            }
        }
        return own(OwnRequest(parsed, head, .inside))
    }

    /// Who asks for a page by a wrong name isn't even asked for a password.
    private func own(_ asked: OwnRequest) -> Route {
        if asked.isNamed, let name = asked.name, !isOwn(name.host) { return .refused(.misdirected) }
        return .own(asked)
    }

    /// Whether a `Via` field says that the request came through `name` before. Spec: RFC 9110 §7.6.3.
    private func passedThrough(
        _ name: String, _ parsed: HTTP1.RequestHead, _ head: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        for field in parsed.fields where field.known == .via {
            let words = head[field.value].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") || $0 == 0x09 }
            if words.contains(where: { $0.elementsEqual(name.utf8) }) { return true }
        }
        return false
    }

    // MARK: - To the origin

    /// - Parameter mayReuse: whether an idle connection to the origin may serve.
    func decide(_ authority: Authority, via: Via, mayReuse: Bool = true) {
        guard let asked = trace?.request else { preconditionFailure("a request that leads nowhere") }
        let decision = worker.ruleset.decide(asked)
        if via == .http, mayReuse, let (origin, verdict) = idleOrigin(authority, decision) {
            trace?.reuse(origin, by: verdict)
            return send(on: origin, isReused: true)
        }
        let approach = Approach(on: worker, observer: self)
        phase = .approaching(approach)
        approach.start(decision, on: asked.host)
    }

    /// A connection to the origin that is there already and that this request may use, and why it may.
    private func idleOrigin(_ authority: Authority, _ decision: Decision) -> (OriginConnection, Policy.Verdict)? {
        if let bound = takeBound(authority, by: decision) { return bound }
        // What can't be sent twice goes on a connection of its own: an idle one could be closing at this moment.
        guard request.isRepeatable, !request.bindsConnection, !request.asksUpgrade else { return nil }
        return worker.originPool.take(authority, by: decision)
    }

    func note(_ fact: (inout Trace) -> Void) {
        guard trace != nil else { preconditionFailure("a request without a trace") }
        fact(&trace!)
    }

    func approached(_ origin: Leg) {
        guard let trace, let host = trace.facts.host, let port = trace.facts.port, let address = trace.dialled else {
            preconditionFailure("an approach without a destination")
        }
        if request.method == .connect { return openTunnel(origin, trace) }
        send(
            on: OriginConnection(
                origin, to: Authority(host: host, port: port), fullName: trace.notes?.fullName, address: address,
                local: trace.local, on: worker),
            isReused: false)
    }

    func permitted(_ permit: Permit) {
        preconditionFailure("no HTTP request asks for a connection from the other side")
    }

    func approachFailed(_ refusal: Refusal, at stage: Stage) {
        refuse(refusal, at: stage)
    }

    /// Sends the head, and what has come of the body.
    private func send(on origin: OriginConnection, isReused: Bool) {
        let exchange = Exchange(origin, body: request.framing)
        exchange.repeatable = isReused && request.isRepeatable ? outgoing : nil
        exchange.headBytes.up = UInt64(outgoing.count)
        trace?.http?.upHead = exchange.headBytes.up
        beginExchange(exchange)
        if let stop = outgoing.withUnsafeBytes({ up.pass($0, to: &exchange.origin.leg) }) {
            guard case .sinkFailed(let error) = stop else { preconditionFailure("sending fails at the sink") }
            return originFailed(exchange, error)
        }
        drive(exchange)
    }

    /// Lets the client into the proxy's own pages: what comes next on its connection are requests for them.
    private func servePages(_ port: Port) {
        guard port == OwnName.port else { return refuse(.ownName, at: .decide) }
        worker.answer.removeAll(keepingCapacity: true)
        Dialect.http.appendSuccess(bound: nil, to: &worker.answer)
        inside = Inside(proto: .connect, identity: trace?.identity)
        respond(
            Ending(
                outcome: .proxyInternalResponse, endedBy: .proxy, stage: .reply, told: Dialect.http.toldOfSuccess),
            persistent: true)
    }

    private func openTunnel(_ origin: Leg, _ trace: Trace) {
        worker.answer.removeAll(keepingCapacity: true)
        Dialect.http.appendSuccess(bound: trace.local, to: &worker.answer)
        let failure = sendAnswer()
        handOver()
        Tunnel(client: client, origin: origin, trace, Dialect.http.toldOfSuccess, on: worker)
            .start(with: inbox.contents, unless: failure)
    }
}
