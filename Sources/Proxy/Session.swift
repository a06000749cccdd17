import AccessLog
import Addressing
import EventLoop
import Policy
import Wire

/// A client's connection from accept until its tunnel opens or its request is refused.
///
/// The driver of `Negotiation`, the policy, the resolver and the dialler: it carries out what they say. Every way out
/// leads through `end`, which writes the record, or hands the trace to a `Tunnel`, which will.
final class Session: EventHandler, DialObserver {
    private enum Phase {
        /// The request is being read; then `resolving` or `dialling`.
        case negotiating
        /// The name is being looked up; then `dialling`.
        case resolving(PendingJudgement, since: Instant)
        case dialling(Dialler, since: Instant)
        /// The record is written, or the tunnel's to write.
        case ended
    }

    private let worker: Worker
    private var client: Leg
    private var trace: Trace
    private var phase = Phase.negotiating
    private var negotiation = Negotiation()
    /// Bytes read and not consumed: a part of the request, or what came with it for the origin.
    private var input: [UInt8] = []

    /// Takes over the descriptor.
    init(_ descriptor: consuming FileDescriptor, _ trace: Trace, on worker: Worker) throws(Errno) {
        self.worker = worker
        self.trace = trace
        client = Leg(descriptor: descriptor.raw, registration: Registration.none)
        super.init()
        client = Leg(descriptor: descriptor.raw, registration: try worker.loop.register(descriptor.raw, for: self))
        _ = descriptor.take()
        worker.handshakeTimers.start(self)
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        client.note(readiness)
        switch phase {
        case .negotiating: read()
        case .resolving, .dialling:
            // A FIN alone is no farewell: the client may have sent all it has to say. A reset is.
            if !readiness.isDisjoint(with: [.error, .hangUp]) {
                clientLeft(Socket.pendingError(of: client.descriptor))
            }
        case .ended: break
        }
    }

    override func deadlinePassed() {
        switch phase {
        case .negotiating: refuse(.requestTimedOut, at: negotiation.stage)
        case .resolving: resolved(.timedOut)
        case .dialling, .ended: preconditionFailure("the dialler has a timer of its own")
        }
    }

    /// Ends whatever is under way: the proxy is being stopped.
    func stop() {
        switch phase {
        case .ended: break
        case .negotiating: refuse(.stopping, at: negotiation.stage)
        case .resolving: refuse(.stopping, at: .resolve)
        case .dialling: refuse(.stopping, at: .dial)
        }
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

    private func negotiate() {
        while case .negotiating = phase {
            let step = negotiation.received(input.span, head: &worker.requestHead)
            trace.facts = negotiation.facts
            switch step {
            case .incomplete: return
            case .select(let method, let consumed):
                input.removeFirst(consumed)
                select(method)
            case .request(let host, let port, let consumed):
                input.removeFirst(consumed)
                requested(host, port)
            case .refuse(let refusal):
                refuse(refusal, at: negotiation.stage)
            }
        }
    }

    private func select(_ method: SOCKS5.Method) {
        worker.answer.removeAll(keepingCapacity: true)
        SOCKS5.appendMethodSelection(method, to: &worker.answer)
        if let error = sendAnswer() { clientLeft(error) }
    }

    private func requested(_ host: Host, _ port: Port) {
        worker.loop.stopTimer(of: self)
        trace.facts.userAgent = worker.recentTexts.shared(trace.facts.userAgent)
        trace.timings.negotiation.set(worker.loop.now.microseconds(since: trace.accepted))
        let request = Policy.Request(
            client: trace.client.address, host: host, port: port,
            via: trace.facts.proto == .connect ? .connect : .socks5,
            time: trace.start / 1_000_000)
        switch worker.ruleset.decide(request) {
        case .denied(let verdict):
            trace.verdict = verdict
            // An address that the policy denies as such is told apart from a name or a port that it denies.
            let isAddress = if case .address = host { verdict.ground.concernsAddress } else { false }
            refuse(isAddress ? .addressDenied(verdict) : .denied(verdict), at: .decide)
        case .permitted(let permit):
            dial(permit)
        case .resolve(let pending):
            resolve(pending)
        }
    }

    // MARK: - The way to the origin

    private func resolve(_ pending: PendingJudgement) {
        guard case .name(let name) = pending.request.host else {
            preconditionFailure("the policy wants an address looked up")
        }
        phase = .resolving(pending, since: worker.loop.now)
        worker.lookUpTimers.start(self)
        let registration = client.registration
        let mailbox = worker.mailbox
        worker.resolver.resolve(name) { resolution in
            // By the registration: a session that has ended meanwhile is not found, whoever uses its descriptor now.
            mailbox.post { worker in
                (worker.loop.handler(of: registration) as? Session)?.resolved(resolution)
            }
        }
    }

    private func resolved(_ resolution: Resolution) {
        guard case .resolving(let pending, let since) = phase else { return }
        worker.loop.stopTimer(of: self)
        trace.timings.resolution.set(worker.loop.now.microseconds(since: since))
        guard case .addresses(let addresses) = resolution else {
            return refuse(.unresolved(resolution), at: .resolve)
        }
        // The unspecified addresses lead to this machine itself, whatever the policy says of addresses.
        let judgement = pending.judge(addresses.filter { !$0.isUnspecified })
        trace.withNotes { notes in
            notes.resolved = addresses
            notes.refused = addresses.filter { $0.isUnspecified } + judgement.refused.map(\.address)
        }
        guard let permit = judgement.permit else {
            trace.verdict = judgement.refused.first?.verdict
            return refuse(.addressDenied(trace.verdict), at: .decide)
        }
        dial(permit)
    }

    private func dial(_ permit: Permit) {
        trace.verdict = permit.verdict
        let dialler = Dialler(permit, timeout: worker.configuration.connectTimeout, on: worker.loop, observer: self)
        phase = .dialling(dialler, since: worker.loop.now)
        dialler.start()
    }

    func dialFailed(_ failures: [DialPlan.Failure]) {
        trace.withNotes { $0.failures = failures }
        guard let last = failures.last else { preconditionFailure("a dial failed without an attempt") }
        refuse(.unconnected(last.error), at: .dial)
    }

    func dialled(_ origin: Leg, to endpoint: Endpoint, from local: Endpoint, after failures: [DialPlan.Failure]) {
        guard case .dialling(_, let since) = phase else { preconditionFailure("dialled for a session that has ended") }
        phase = .ended
        trace.timings.connection.set(worker.loop.now.microseconds(since: since))
        trace.dialled(endpoint.address)
        trace.local = local
        if !failures.isEmpty { trace.withNotes { $0.failures = failures } }
        worker.answer.removeAll(keepingCapacity: true)
        negotiation.dialect.appendSuccess(bound: local, to: &worker.answer)
        let failure = sendAnswer()
        let tunnel = Tunnel(client: client, origin: origin, trace, opened: negotiation.dialect, on: worker)
        tunnel.start(with: input, unless: failure)
    }

    // MARK: - Ends

    /// Tells the client why, writes the record, and closes once the client has had time to read.
    private func refuse(_ refusal: Refusal, at stage: Stage) {
        let dialect = negotiation.dialect
        worker.answer.removeAll(keepingCapacity: true)
        let requestID = "\(worker.connectionID(trace.number)).1"
        dialect.append(refusal, verdict: trace.verdict, requestID: requestID, to: &worker.answer)
        let failure = worker.answer.isEmpty ? nil : sendAnswer()
        var ending = Ending(refusal, at: stage)
        if !worker.answer.isEmpty { (ending.status, ending.reply) = dialect.told(refusal) }
        end(ending)
        if failure == nil && !worker.answer.isEmpty {
            LingeringClose.take(client, on: worker)
        } else {
            worker.close(client)
        }
    }

    /// The client has closed or reset its connection before there was an answer.
    private func clientLeft(_ error: Errno?) {
        let stage: Stage
        switch phase {
        case .negotiating: stage = negotiation.stage
        case .resolving: stage = .resolve
        case .dialling, .ended: stage = .dial
        }
        let outcome: Outcome = trace.facts.host == nil ? .httpRequestError : .connectionTerminated
        end(Ending(outcome: outcome, endedBy: .client, stage: stage, errno: error?.rawValue))
        worker.close(client)
    }

    private func end(_ ending: Ending) {
        if case .dialling(let dialler, _) = phase { dialler.cancel() }
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
