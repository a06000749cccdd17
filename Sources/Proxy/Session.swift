import AccessLog
import Addressing
import EventLoop
import Policy
import Wire

/// A client's connection from accept until its tunnel opens or its request is refused.
///
/// The driver of `Negotiation` and `Approach`: it carries out what they say. Every way out leads through `end`, which
/// writes the record, or hands the trace to a `Tunnel`, which will.
final class Session: EventHandler, LoginObserver, ApproachObserver, PeerObserver {
    private enum Phase {
        /// The request is being read; then `approaching`.
        case negotiating
        /// The client's credentials are being verified, in SOCKS5 before the request is read.
        case loggingIn(Login)
        /// The request is on its way to the origin.
        case approaching(Approach)
        /// The peer that the client has announced is to connect.
        case awaitingPeer(PeerListener)
        /// The record is written, or the tunnel's to write.
        case ended
    }

    private let worker: Worker
    /// Why the request will be refused, whatever it is.
    private var limit: Refusal?
    /// Whether the connection is to begin with a PROXY header, which has not come yet.
    private var awaitsBalancer: Bool
    private var client: Leg
    var trace: Trace
    private var phase = Phase.negotiating
    private var negotiation: Negotiation
    /// Bytes read and not consumed: a part of the request, or what came with it for the origin.
    private var input: [UInt8] = []

    /// Takes over the descriptor.
    init(_ descriptor: consuming FileDescriptor, _ trace: Trace, on worker: Worker) throws(Errno) {
        self.worker = worker
        awaitsBalancer = worker.balancers[Int(trace.listener)] != nil
        self.trace = trace
        negotiation = Negotiation(Negotiation.Asking(worker.configuration.authenticator))
        client = Leg(descriptor: descriptor.raw, registration: Registration.none)
        super.init()
        client = Leg(descriptor: descriptor.raw, registration: try worker.loop.register(descriptor.raw, for: self))
        _ = descriptor.take()
        worker.handshakeTimers.start(self)
    }

    /// - Parameter limit: why the request will be refused, whatever it is.
    func start(beyond limit: Refusal?) {
        self.limit = limit
        if !awaitsBalancer { admit() }
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        client.note(readiness)
        switch phase {
        case .negotiating: read()
        case .awaitingPeer:
            // Nobody says all there is to say before the second reply: a FIN is a farewell here.
            if client.peerClosed { clientLeft(Socket.pendingError(of: client.descriptor)) }
        case .loggingIn, .approaching:
            // A FIN alone is no farewell: the client may have sent all it has to say. A reset is.
            if !readiness.isDisjoint(with: [.error, .hangUp]) {
                clientLeft(Socket.pendingError(of: client.descriptor))
            }
        case .ended: break
        }
    }

    override func deadlinePassed() {
        guard case .negotiating = phase else { preconditionFailure("an approach has a timer of its own") }
        refuse(.requestTimedOut, at: negotiation.stage)
    }

    /// Ends whatever is under way: the proxy is being stopped, or an operator wants it.
    func stop(_ why: Refusal = .stopping) {
        if case .ended = phase { return }
        refuse(why, at: stage)
    }

    // MARK: - The request

    private func read() {
        while client.canRead, case .negotiating = phase {
            switch Socket.receive(client.descriptor, into: worker.loop.scratch) {
            case .bytes(let count):
                client.received(count, of: worker.loop.scratch.count)
                input.append(contentsOf: worker.loop.scratch[..<count])
                negotiate()
            case .wouldBlock: client.receivedNothing()
            case .end: clientLeft(nil)
            case .failed(let error): clientLeft(error)
            }
        }
    }

    /// Whether clients' connections are limited is asked once it is known whose this is.
    private func admit() {
        guard let limiter = worker.limiter, limit == nil else { return }
        do throws(Refusal) {
            if let place = try limiter.admit(trace.client.address) { trace.withNotes { $0.place = place } }
        } catch {
            limit = error
        }
    }

    /// Takes the PROXY header off the front of the input.
    ///
    /// - Returns: whether the client's own bytes are next.
    private func passBalancer() -> Bool {
        guard awaitsBalancer else { return true }
        do throws(ProxyProtocol.ParseError) {
            let bytes = input
            guard case .complete(let header, let consumed) = try ProxyProtocol.parse(bytes.span) else { return false }
            input.removeFirst(consumed)
            awaitsBalancer = false
            if !header.isLocal, let ends = header.endpoints {
                let balancer = trace.client
                trace.withNotes { $0.balancer = balancer }
                trace.client = ends.source
            }
            admit()
            return true
        } catch {
            refuse(.malformed(error), at: .negotiate)
            return false
        }
    }

    private func negotiate() {
        guard passBalancer() else { return }
        while case .negotiating = phase {
            let step = step(after: input)
            trace.facts = negotiation.facts
            if let limit, step.isRequest { return refuse(limit, at: .accept) }
            switch step {
            case .incomplete: return
            case .select(let method, let consumed):
                input.removeFirst(consumed)
                select(method)
            case .logIn(let credentials, let consumed):
                input.removeFirst(consumed)
                logIn(credentials)
            case .request(_, _, let consumed):
                input.removeFirst(consumed)
                requested()
            case .associate(let announced, let consumed):
                input.removeFirst(consumed)
                associate(announced)
            case .forward:
                phase = .ended
                worker.loop.stopTimer(of: self)
                HTTPConnection(client, input, trace, on: worker).start()
            case .refuse(let refusal):
                refuse(refusal, at: refusal.login == nil ? negotiation.stage : .authenticate)
            }
        }
    }

    private func step(after bytes: [UInt8]) -> Negotiation.Step {
        negotiation.received(bytes.span, head: &worker.requestHead)
    }

    private func select(_ method: SOCKS5.Method) {
        worker.answer.removeAll(keepingCapacity: true)
        SOCKS5.appendMethodSelection(method, to: &worker.answer)
        if let error = sendAnswer() { clientLeft(error) }
    }

    private func requested() {
        worker.loop.stopTimer(of: self)
        trace.facts.userAgent = worker.recentTexts.shared(trace.facts.userAgent)
        if let refusal = worker.overRate(trace) { return refuse(refusal, at: .accept) }
        if !negotiation.claimedUser.isEmpty { trace.identity = Identity(claimed: negotiation.claimedUser) }
        guard let authenticator = worker.configuration.authenticator, trace.identity?.user == nil else {
            return approach()
        }
        switch negotiation.offer {
        case .nothing:
            if authenticator.isRequired { refuse(.login(.missing), at: .authenticate) } else { approach() }
        case .malformed: refuse(.login(.malformed), at: .authenticate)
        case .credentials(let credentials): logIn(credentials)
        }
    }

    private func approach() {
        if let host = trace.facts.host, OwnName.isMeant(host) { return servePages() }
        if let refusal = worker.beginUser(&trace) { return refuse(refusal, at: .authenticate) }
        trace.timings.negotiation.set(worker.loop.now.microseconds(since: trace.accepted))
        guard let request = trace.request else { preconditionFailure("a request that leads nowhere") }
        let isBind = negotiation.isBind
        let approach = Approach(opening: isBind ? [] : input, isBind: isBind, on: worker, observer: self)
        phase = .approaching(approach)
        approach.start(worker.ruleset.decide(request), on: request.host)
    }

    /// A tunnel to the proxy's own pages leads nowhere else: what comes in it are requests for them, each with a record of
    /// its own.
    private func servePages() {
        guard trace.facts.port == OwnName.port, !negotiation.isBind else { return refuse(.ownName, at: .decide) }
        trace.timings.negotiation.set(worker.loop.now.microseconds(since: trace.accepted))
        worker.answer.removeAll(keepingCapacity: true)
        negotiation.dialect.appendSuccess(bound: nil, to: &worker.answer)
        if let error = sendAnswer() { return clientLeft(error) }
        let told = negotiation.dialect.toldOfSuccess
        let connection = HTTPConnection(inside: trace, client, input, on: worker)
        end(Ending(outcome: .proxyInternalResponse, endedBy: .proxy, stage: .reply, told: told))
        connection.startInside()
    }

    // MARK: - Who it is

    private func logIn(_ credentials: Credentials) {
        guard let authenticator = worker.configuration.authenticator else {
            preconditionFailure("credentials that nobody asked for")
        }
        worker.loop.stopTimer(of: self)
        let login = Login(on: worker, observer: self)
        phase = .loggingIn(login)
        login.start(credentials, of: trace.client.address, by: authenticator)
    }

    func loggedIn(_ answer: Authenticator.Answer, after microseconds: Int64) {
        trace.identity = answer.identity
        if answer.wasHashed { trace.withNotes { $0.authentication = microseconds } }
        phase = .negotiating
        guard answer.identity.result == .ok else { return refuse(.login(answer.identity.result), at: .authenticate) }
        guard case .socks5Credentials = negotiation.dialect else { return approach() }
        negotiation.loggedIn()
        worker.answer.removeAll(keepingCapacity: true)
        SOCKS5.appendCredentialsStatus(succeeded: true, to: &worker.answer)
        if let error = sendAnswer() { return clientLeft(error) }
        worker.handshakeTimers.start(self)
        negotiate()
        read()
    }

    // MARK: - Datagrams

    private func associate(_ announced: Port) {
        worker.loop.stopTimer(of: self)
        trace.timings.negotiation.set(worker.loop.now.microseconds(since: trace.accepted))
        guard worker.configuration.servesDatagrams else { return refuse(.unsupportedCommand, at: .negotiate) }
        if let refusal = worker.overRate(trace) { return refuse(refusal, at: .accept) }
        if worker.configuration.authenticator?.isRequired == true, trace.identity?.user == nil {
            return refuse(.login(.missing), at: .authenticate)
        }
        if let refusal = worker.beginUser(&trace) { return refuse(refusal, at: .authenticate) }
        do throws(Errno) {
            let association = try Association(client, announced, trace, on: worker)
            phase = .ended
            worker.answer.removeAll(keepingCapacity: true)
            SOCKS5.appendReply(.succeeded, bound: association.endpoint, to: &worker.answer)
            association.start(unless: sendAnswer())
        } catch {
            refuse(.unconnected(error), at: .dial)
        }
    }

    // MARK: - The way to the origin

    func note(_ fact: (inout Trace) -> Void) {
        fact(&trace)
    }

    func approachFailed(_ refusal: Refusal, at stage: Stage) {
        refuse(refusal, at: stage)
    }

    func approached(_ origin: Leg) {
        guard case .approaching(let approach) = phase else { preconditionFailure("an approach that nobody waits for") }
        let taken = approach.openingTaken
        phase = .ended
        worker.answer.removeAll(keepingCapacity: true)
        negotiation.dialect.appendSuccess(bound: trace.local, to: &worker.answer)
        let failure = sendAnswer()
        let tunnel = Tunnel(client: client, origin: origin, trace, negotiation.dialect.toldOfSuccess, on: worker)
        tunnel.start(with: input, taken: taken, unless: failure)
    }

    // MARK: - A connection from the other side

    func permitted(_ permit: Permit) {
        do throws(Errno) {
            let listener = try PeerListener(permit, on: worker, observer: self)
            phase = .awaitingPeer(listener)
            trace.local = listener.endpoint
            worker.answer.removeAll(keepingCapacity: true)
            negotiation.dialect.appendSuccess(bound: listener.endpoint, to: &worker.answer)
            if let error = sendAnswer() { return clientLeft(error) }
            try listener.listen()
        } catch {
            refuse(.unconnected(error), at: .dial)
        }
    }

    func peerConnected(_ peer: Leg, from endpoint: Endpoint, after microseconds: Int64) {
        phase = .ended
        trace.timings.connection.set(microseconds)
        trace.dialled(endpoint.address)
        worker.answer.removeAll(keepingCapacity: true)
        negotiation.dialect.appendSuccess(bound: endpoint, to: &worker.answer)
        let failure = sendAnswer()
        Tunnel(client: client, origin: peer, trace, negotiation.dialect.toldOfSuccess, on: worker)
            .start(with: input, unless: failure)
    }

    func peerStayedAway() {
        refuse(.unconnected(.timedOut), at: .dial)
    }

    // MARK: - Ends

    /// Tells the client why, writes the record, and closes once the client has had time to read.
    private func refuse(_ refusal: Refusal, at stage: Stage) {
        let dialect = negotiation.dialect
        if let result = refusal.login, trace.identity?.result != result {
            trace.identity = Identity(result, claimed: trace.identity?.claimed ?? [])
        }
        worker.answer.removeAll(keepingCapacity: true)
        dialect.append(
            refusal, verdict: trace.verdict, requestID: worker.requestID(trace),
            destination: trace.facts.host?.description ?? "", isForTunnel: trace.facts.proto == .connect,
            to: &worker.answer)
        let failure = worker.answer.isEmpty ? nil : sendAnswer()
        var ending = Ending(refusal, at: stage)
        if !worker.answer.isEmpty { ending.told = dialect.told(refusal) }
        end(ending)
        if failure == nil && !worker.answer.isEmpty {
            LingeringClose.take(client, on: worker)
        } else {
            worker.closeClient(client)
        }
    }

    /// The client has closed or reset its connection before there was an answer.
    private func clientLeft(_ error: Errno?) {
        let outcome: Outcome = trace.facts.host == nil ? .httpRequestError : .connectionTerminated
        end(Ending(outcome: outcome, endedBy: .client, stage: stage, errno: error?.rawValue))
        worker.closeClient(client)
    }

    private var stage: Stage {
        switch phase {
        case .approaching(let approach): approach.stage
        case .awaitingPeer: .dial
        case .loggingIn: .authenticate
        case .negotiating, .ended: negotiation.stage
        }
    }

    private func end(_ ending: Ending) {
        switch phase {
        case .approaching(let approach): approach.cancel()
        case .awaitingPeer(let listener): listener.cancel()
        case .loggingIn(let login): login.cancel()
        case .negotiating, .ended: break
        }
        phase = .ended
        worker.loop.stopTimer(of: self)
        worker.record(trace, ending)
    }

    /// Sends what stands in the worker's answer; an error unless all of it went. A fresh connection's send buffer has
    /// room for any answer of ours, so a client that can't take one has closed its window on purpose.
    private func sendAnswer() -> Errno? {
        let sent = worker.answer.withUnsafeBytes { Socket.send(client.descriptor, $0) }
        switch sent {
        case .bytes(let count): return count == worker.answer.count ? nil : .wouldBlock
        case .wouldBlock: return .wouldBlock
        case .failed(let error): return error
        }
    }
}

extension Session: LiveRequest {
    var clientRegistration: Registration { client.registration }
    var live: LiveEntry? {
        switch phase {
        case .negotiating, .loggingIn, .approaching, .awaitingPeer: LiveEntry(trace: trace, stage: stage)
        case .ended: nil
        }
    }
}
