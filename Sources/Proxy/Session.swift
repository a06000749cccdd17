import AccessLog
import Addressing
import EventLoop
import Policy
import Wire

/// A client's connection from accept until its tunnel opens or its request is refused.
///
/// The driver of `Negotiation` and `Approach`: it carries out what they say. Every way out leads through `end`, which
/// writes the record, or hands the trace to a `Tunnel`, which will.
final class Session: EventHandler, LoginObserver {
    enum Phase {
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

    let worker: Worker
    /// Why the request will be refused, whatever it is.
    private var limit: Refusal?
    /// Whether the connection is to begin with a PROXY header, which has not come yet.
    private var awaitsBalancer: Bool
    var client = Leg(descriptor: -1, registration: Registration.none)
    var trace: Trace
    var phase = Phase.negotiating
    var negotiation: Negotiation
    /// Bytes read and not consumed: a part of the request, or what came with it for the origin.
    var input: [UInt8] = []

    init(_ trace: consuming Trace, on worker: Worker) {
        self.worker = worker
        awaitsBalancer = worker.balancers[Int(trace.listener)] != nil
        self.trace = trace
        negotiation = Negotiation(Negotiation.Asking(worker.configuration.authenticator))
    }

    /// Takes over the descriptor and begins; the loop keeps the session from here on.
    ///
    /// - Parameter limit: why the request will be refused, whatever it is.
    /// - Throws: what the kernel lacks for it; the record is then still to be written.
    func start(_ descriptor: consuming FileDescriptor, beyond limit: Refusal?) throws(Errno) {
        let registration = try worker.loop.register(descriptor.raw, for: self)
        client = Leg(descriptor: descriptor.take(), registration: registration)
        worker.handshakeTimers.start(self)
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
        let scratch = worker.loop.scratch
        while client.canRead, case .negotiating = phase {
            switch Socket.receive(client.descriptor, into: scratch) {
            case .bytes(let count):
                client.received(count, of: scratch.count)
                received(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
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

    /// Reads bytes where they lie; of what was not used yet a copy is kept.
    private func received(_ bytes: UnsafeRawBufferPointer) {
        if input.isEmpty {
            if let used = negotiate(bytes) { keep(bytes, from: used) }
            return
        }
        input.append(contentsOf: bytes)
        var all: [UInt8] = []
        swap(&all, &input)
        guard let used = all.withUnsafeBytes(negotiate) else { return }
        // A head that comes in small pieces is not copied for each.
        if used > 0 { all.removeFirst(used) }
        swap(&all, &input)
    }

    private func keep(_ bytes: UnsafeRawBufferPointer, from start: Int) {
        if start < bytes.count { input = Array(bytes[start...]) }
    }

    /// Takes the PROXY header off the front of the bytes.
    ///
    /// - Returns: its length; nil while it is not there, or if there is none.
    private func passBalancer(_ bytes: Span<UInt8>) -> Int? {
        guard awaitsBalancer else { return 0 }
        do throws(ProxyProtocol.ParseError) {
            guard case .complete(let header, let consumed) = try ProxyProtocol.parse(bytes) else { return nil }
            awaitsBalancer = false
            if !header.isLocal, let ends = header.endpoints {
                let balancer = trace.client
                trace.withNotes { $0.balancer = balancer }
                trace.client = ends.source
            }
            admit()
            return consumed
        } catch {
            refuse(.malformed(error), at: .negotiate)
            return nil
        }
    }

    /// Goes on with what the client has sent. Before anybody else is told, what follows the request is in `input`.
    ///
    /// - Returns: how many bytes were used, if more are needed; nil when others go on from here.
    private func negotiate(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let all = bytes.bindMemory(to: UInt8.self).span
        guard var used = passBalancer(all) else { return awaitsBalancer && !isOver ? 0 : nil }
        while true {
            let step = negotiation.received(all.extracting(used...), &trace.facts, head: &worker.requestHead)
            if let limit, step.isRequest {
                refuse(limit, at: .accept)
                return nil
            }
            switch step {
            case .incomplete: return used
            case .select(let method, let consumed):
                used += consumed
                guard select(method) else { return nil }
                continue
            case .logIn(let credentials, let consumed):
                keep(bytes, from: used + consumed)
                logIn(credentials)
            case .request(_, _, let consumed):
                keep(bytes, from: used + consumed)
                requested()
            case .associate(let announced, let consumed):
                keep(bytes, from: used + consumed)
                associate(announced)
            case .forward:
                keep(bytes, from: used)
                forward()
            case .refuse(let refusal):
                refuse(refusal, at: refusal.login == nil ? negotiation.stage : .authenticate)
            }
            return nil
        }
    }

    private func forward() {
        phase = .ended
        worker.loop.stopTimer(of: self)
        HTTPConnection(client, input, trace.take(), on: worker).start()
    }

    /// - Returns: whether the client could be told.
    private func select(_ method: SOCKS5.Method) -> Bool {
        worker.answer.removeAll(keepingCapacity: true)
        SOCKS5.appendMethodSelection(method, to: &worker.answer)
        guard let error = sendAnswer() else { return true }
        clientLeft(error)
        return false
    }

    private func requested() {
        worker.withLoop { $0.stopTimer(of: self) }
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
        // What came behind the credentials.
        received(UnsafeRawBufferPointer(start: nil, count: 0))
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

    // MARK: - Ends

    /// Tells the client why, writes the record, and closes once the client has had time to read.
    func refuse(_ refusal: Refusal, at stage: Stage) {
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
    func clientLeft(_ error: Errno?) {
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
        worker.record(trace.take(), ending)
    }

    private var isOver: Bool {
        if case .ended = phase { true } else { false }
    }

    /// Sends what stands in the worker's answer; an error unless all of it went. A fresh connection's send buffer has
    /// room for any answer of ours, so a client that can't take one has closed its window on purpose.
    func sendAnswer() -> Errno? {
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
