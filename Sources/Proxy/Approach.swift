import AccessLog
import Addressing
import EventLoop
import Policy

/// Whoever wants to reach an origin.
protocol ApproachObserver: AnyObject {
    /// Something has become known of the request's way that its trace is to keep.
    func note(_ fact: (inout Trace) -> Void)
    /// The connection stands; its registration is to be handed over or ended by the observer.
    func approached(_ origin: Leg)
    /// The policy permits that the permit's addresses connect to the client; the approach is over.
    func permitted(_ permit: Permit)
    /// The request goes no further.
    func approachFailed(_ refusal: Refusal, at stage: Stage)
}

/// A request's way to its origin: judged, looked up, judged again, dialled.
///
///     judge ──▶ denied                      resolving ──▶ no address, all denied
///       ├──▶ (address) dialling             dialling ──▶ approached, or all attempts failed
///       └──▶ (name) resolving ──▶ dialling
///
/// The observer hears exactly once, perhaps before `start` returns, unless it cancels.
final class Approach: EventHandler, DialObserver {
    private enum Phase {
        case idle
        case resolving(PendingJudgement, since: Instant)
        case dialling(Dialler, since: Instant)
        case over
    }

    private let worker: Worker
    /// What the client has sent for the origin already.
    private let opening: [UInt8]
    /// Whether it ends with the permit, and nothing is dialled.
    private let isBind: Bool
    /// How many bytes of it the origin has been sent.
    private(set) var openingTaken = 0
    private var phase = Phase.idle
    /// Kept until it has been told: the two hold each other no longer than the way takes.
    private var observer: (any ApproachObserver)?

    init(opening: consuming [UInt8] = [], isBind: Bool = false, on worker: Worker, observer: any ApproachObserver) {
        self.isBind = isBind
        self.opening = opening
        self.worker = worker
        self.observer = observer
    }

    /// Goes on from the policy's decision about the request.
    ///
    /// - Parameter host: what was asked for.
    func start(_ decision: Decision, on host: Host?) {
        switch decision {
        case .denied(let verdict):
            note { $0.verdict = verdict }
            fail(.denied(verdict, of: host), at: .decide)
        case .permitted(let permit): dial(permit)
        case .resolve(let pending): resolve(pending)
        }
    }

    /// Gives up; the observer hears nothing more.
    func cancel() {
        finish()
        observer = nil
    }

    /// The stage at which it is.
    var stage: Stage {
        switch phase {
        case .idle, .over: .decide
        case .resolving: .resolve
        case .dialling: .dial
        }
    }

    // MARK: - Looking up

    private func resolve(_ pending: PendingJudgement) {
        guard case .name(let name) = pending.request.host else {
            preconditionFailure("the policy wants an address looked up")
        }
        let now = worker.loop.now
        if let known = worker.resolver.known(name, at: now) { return judge(pending, by: known, after: 0) }
        phase = .resolving(pending, since: now)
        worker.lookUpTimers.start(self)
        let ticket = worker.approaches.add(self)
        let mailbox = worker.mailbox
        worker.resolver.resolve(name) { resolution in
            mailbox.post { worker in worker.approaches.remove(ticket)?.resolved(resolution) }
        }
    }

    override func deadlinePassed() {
        resolved(Resolution(.timedOut, from: worker.resolver.source))
    }

    private func resolved(_ resolution: Resolution) {
        guard case .resolving(let pending, let since) = phase else { return }
        worker.loop.stopTimer(of: self)
        judge(pending, by: resolution, after: worker.loop.now.microseconds(since: since))
    }

    /// - Parameter microseconds: how long the look-up took.
    private func judge(
        _ pending: PendingJudgement, by resolution: Resolution, after microseconds: Int64
    ) {
        guard case .addresses(let addresses) = resolution.answer else {
            noteLookUp(resolution, [], [], microseconds)
            return fail(.unresolved(resolution.answer), at: .resolve)
        }
        let judgement = ResolvedJudgement(pending, addresses, fullName: resolution.fullName)
        noteLookUp(resolution, addresses, judgement.refused, microseconds)
        switch judgement.outcome {
        case .permitted(let permit): dial(permit)
        case .denied, .addressDenied:
            note { $0.verdict = judgement.outcome.verdict }
            fail(judgement.outcome.refusal ?? .addressDenied(nil), at: .decide)
        }
    }

    private func noteLookUp(
        _ resolution: Resolution, _ addresses: [IPAddress], _ refused: [IPAddress], _ microseconds: Int64
    ) {
        let (source, fullName) = (resolution.source, resolution.fullName)
        note { trace in
            trace.timings.resolution.set(microseconds)
            trace.withNotes { notes in
                notes.resolver = source
                notes.fullName = fullName
                notes.resolved = addresses
                notes.refused = refused
            }
        }
    }

    // MARK: - Dialling

    private func dial(_ permit: Permit) {
        note { $0.verdict = permit.verdict }
        if isBind {
            phase = .over
            take()?.permitted(permit)
            return
        }
        if permit.addresses.contains(where: { worker.loopGuard.leadsBack(Endpoint($0, permit.port)) }) {
            return fail(.loop, at: .decide)
        }
        // Where a rule asks for the TLS server name, the client's first bytes are judged before they go anywhere.
        let opening = worker.ruleset.asksForServerName ? [] : opening
        let dialler = Dialler(permit, opening: opening, worker.dialSettings, on: worker.loop, observer: self)
        phase = .dialling(dialler, since: worker.loop.now)
        dialler.start()
    }

    func dialFailed(_ failures: [DialPlan.Failure]) {
        guard let last = failures.last else { preconditionFailure("a dial failed without an attempt") }
        if last.error.isDescriptorExhaustion, case .dialling(let dialler, _) = phase, worker.originPool.giveWay() {
            return dial(dialler.permit)
        }
        noteDetails { $0.failures = failures }
        fail(.unconnected(last.error), at: .dial)
    }

    func dialled(
        _ origin: Leg, to endpoint: Endpoint, from local: Endpoint, taken: Int, after failures: [DialPlan.Failure]
    ) {
        guard case .dialling(_, let since) = phase else {
            preconditionFailure("dialled for an approach that is over")
        }
        note { trace in
            trace.timings.connection.set(worker.loop.now.microseconds(since: since))
            trace.dialled(endpoint.address)
            trace.local = local
        }
        openingTaken = taken
        if !failures.isEmpty { noteDetails { $0.failures = failures } }
        phase = .over
        take()?.approached(origin)
    }

    // MARK: - Private

    private func note(_ fact: (inout Trace) -> Void) {
        observer?.note(fact)
    }

    private func noteDetails(_ fact: (Trace.Notes) -> Void) {
        note { $0.withNotes(fact) }
    }

    private func fail(_ refusal: Refusal, at stage: Stage) {
        phase = .over
        take()?.approachFailed(refusal, at: stage)
    }

    private func take() -> (any ApproachObserver)? {
        defer { observer = nil }
        return observer
    }

    private func finish() {
        worker.loop.stopTimer(of: self)
        if case .dialling(let dialler, _) = phase { dialler.cancel() }
        phase = .over
    }
}
