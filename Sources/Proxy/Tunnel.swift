import AccessLog
import EventLoop
import Policy

/// Two connections joined: what one peer sends, the other gets, each direction ending for itself.
///
///                 up: client → origin            down: origin → client
///     open        bytes pass                     bytes pass
///     half open   one has ended and its end was passed on as a FIN; the other goes on
///     over        both have ended, or one leg failed: a reset is passed on as a reset
final class Tunnel: EventHandler {
    let worker: Worker
    var client: Leg
    var origin: Leg
    var up = Flow()
    private var down = Flow()
    var trace: Trace
    /// What the client was told; nothing, if that failed.
    private var told: Told
    var isOver = false
    /// Bytes of the client's that went to the origin with the SYN and are still to be skipped.
    var openingTaken: UInt32 = 0
    /// See `Tunnel+hello`.
    var hello = Hello.waiting
    /// Whether the log says that it is open.
    private var isNoted = false
    private var asksAgain = false
    private var isUnpaced = false
    /// Whether the user has had as much as is granted for now.
    private var isPaused = false
    /// Who sent the first FIN.
    private var firstToEnd: EndedBy?

    private static let clientTag: UInt32 = 0
    private static let originTag: UInt32 = 1

    /// Takes over both connections and their registrations.
    ///
    /// - Parameter told: how the client was told that its tunnel is open.
    init(client: Leg, origin: Leg, _ trace: Trace, _ told: Told, on worker: Worker) {
        self.client = client
        self.origin = origin
        self.trace = trace
        self.told = told
        if let meter = trace.notes?.userPlace?.meter {
            up.mostPerRead = meter.quantum
            down.mostPerRead = meter.quantum
        }
        // What was upgraded to came out of HTTP: its bytes are no ClientHello.
        if told.status == 101 { hello = .done }
        self.worker = worker
    }

    /// - Parameters:
    ///   - input: bytes that came with the request; they reach the origin first.
    ///   - taken: how many of them it has been sent already.
    ///   - output: bytes that came with the origin's answer; they reach the client first.
    ///   - failure: why the client could not be told that the tunnel is open.
    func start(with input: [UInt8], taken: Int = 0, answering output: [UInt8] = [], unless failure: Errno?) {
        worker.withLoop { loop in
            loop.hand(client.registration, to: self, tag: Self.clientTag)
            loop.hand(origin.registration, to: self, tag: Self.originTag)
        }
        worker.idleTimers.start(self)
        worker.longTunnels.tunnelOpened()
        worker.counters.add(to: .tunnelsOpened)
        if let failure {
            told = Told()
            return fail(.client, failure, at: .reply)
        }
        openingTaken = UInt32(taken)
        up.countDelivered(taken)
        if !input.isEmpty { input.withUnsafeBytes { sawFirst($0) } }
        worker.counters.relayed(up: up.delivered, down: down.delivered)
        guard !isOver else { return }
        output.withUnsafeBytes { down.prepend($0) }
        pump()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        guard !isOver else { return }
        let isClient = tag == Self.clientTag
        if isClient { client.note(readiness) } else { origin.note(readiness) }
        if !isPaused { worker.idleTimers.touch(self) }
        pump()
        // A client that has reset reads nothing more, so there is nothing to wait for, even if the origin is slow to
        // take what is held for it. What an origin sent before its reset, however, the client still gets.
        if isClient && readiness.contains(.error) && !isOver {
            fail(.client, Socket.pendingError(of: client.descriptor) ?? .connectionReset)
        }
    }

    override var isPrompt: Bool { true }

    override func again() {
        asksAgain = false
        guard !isOver, !isPaused else { return }
        worker.idleTimers.touch(self)
        pump()
    }

    override func deadlinePassed() {
        if isPaused {
            isPaused = false
            worker.idleTimers.start(self)
            return pump()
        }
        end(.connectionReadTimeout, by: .proxy)
    }

    /// Notes in the log that the tunnel is open, and its totals so far.
    func note() {
        guard !isOver else { return }
        worker.recorder.write(
            trace, isNoted ? .update : .open, up: up.delivered, down: down.delivered, by: worker.ruleset,
            now: worker.loop.now)
        isNoted = true
    }

    var downDelivered: UInt64 { down.delivered }

    /// Ends the tunnel: the proxy is being stopped, or an operator wants it.
    func stop(_ why: Refusal = .stopping) {
        guard !isOver else { return }
        end(.connectionTerminated, by: why.endedBy)
    }

    // MARK: - Private

    private func pump() {
        guard !isPaused else { return }
        let before = (up: up.delivered, down: down.delivered)
        move()
        let passed = (up: up.delivered &- before.up, down: down.delivered &- before.down)
        guard passed.up | passed.down != 0 else { return }
        worker.counters.relayed(up: passed.up, down: passed.down)
        guard !isOver, let meter = trace.notes?.userPlace?.meter,
            let instant = meter.charge(passed.up &+ passed.down, at: worker.loop.now)
        else { return }
        isPaused = true
        worker.loop.wake(self, at: instant)
    }

    private func move() {
        if !knowsHello { watchHello() }
        guard !isOver else { return }
        // Until it is known how the client's stream begins, only what is known to be harmless goes on.
        let sent =
            knowsHello
            ? worker.withLoop { up.pump(from: &client, to: &origin, on: $0) } : up.flush(to: &origin) ?? .waiting
        if case .sinkFailed(let error) = sent { return originFailed(error) }
        if up.isBulk { unpaceOrigin() }
        progressed(sent, from: .client, to: .origin)
        guard !isOver else { return }
        let answered = worker.withLoop { down.pump(from: &origin, to: &client, on: $0) }
        if down.delivered > 0 { noteFirstByte() }
        progressed(answered, from: .origin, to: .client)
    }

    /// The origin takes no more. It may have said why before it reset the connection: that goes out first, even if the
    /// kernel has not told of it yet.
    func originFailed(_ error: Errno) {
        origin.note(.error)
        _ = down.pump(from: &origin, to: &client, on: worker.loop)
        if down.delivered > 0 { noteFirstByte() }
        fail(.origin, error)
    }

    private func progressed(_ progress: Flow.Progress, from source: EndedBy, to sink: EndedBy) {
        switch progress {
        case .waiting: break
        case .limitReached: preconditionFailure("a tunnel's flow has no limit")
        case .budgetSpent:
            guard !asksAgain else { return }
            asksAgain = true
            worker.loop.again(self)
        case .ended:
            firstToEnd = firstToEnd ?? source
            if up.phase == .ended && down.phase == .ended {
                end(.ok, by: firstToEnd ?? source)
            } else {
                Socket.shutDownWriting(sink == .origin ? origin.descriptor : client.descriptor)
            }
        case .sourceFailed(let error): fail(source, error)
        case .sinkFailed(let error): fail(sink, error)
        }
    }

    /// Not when it is dialled: most tunnels within the machine carry less than the call costs.
    private func unpaceOrigin() {
        guard !isUnpaced else { return }
        isUnpaced = true
        if trace.dialled?.isLoopback == true { Socket.setUnpaced(origin.descriptor) }
    }

    private func noteFirstByte() {
        guard trace.timings.firstByte.microseconds == nil else { return }
        trace.timings.firstByte.set(
            worker.loop.now.microseconds(since: trace.accepted) - (trace.timings.negotiation.microseconds ?? 0))
    }

    /// One leg has failed: the other's peer sees a reset.
    func fail(_ who: EndedBy, _ error: Errno, at stage: Stage = .relay) {
        Socket.resetOnClose(who == .client ? origin.descriptor : client.descriptor)
        end(.connectionTerminated, by: who, error, at: stage)
    }

    /// A rule with `sni` denies the tunnel, now that its first bytes are there.
    func denied(_ verdict: Policy.Verdict) {
        trace.verdict = verdict
        end(.httpRequestDenied, by: .policy)
    }

    /// Ends the tunnel if the policy that is in force now denies it.
    func judgeAgain() {
        guard !isOver, let request = trace.request, let address = trace.dialled else { return }
        switch worker.ruleset.decide(request) {
        case .denied(let verdict): denied(verdict)
        case .permitted: break
        case .resolve(let pending):
            if let refusal = pending.judge([address]).refused.first { denied(refusal.verdict) }
        }
    }

    private var knowsHello: Bool {
        if case .done = hello { true } else { false }
    }

    private func end(_ outcome: Outcome, by endedBy: EndedBy, _ error: Errno? = nil, at stage: Stage = .relay) {
        isOver = true
        worker.counters.add(to: .tunnelsEnded)
        worker.withLoop { loop in
            loop.stopTimer(of: self)
            up.release(on: loop)
            down.release(on: loop)
        }
        let ending = Ending(
            outcome: outcome, endedBy: endedBy, stage: stage, errno: error?.rawValue, told: told, up: up.delivered,
            down: down.delivered,
            client: Socket.statistics(of: client.descriptor), origin: Socket.statistics(of: origin.descriptor))
        worker.close(origin)
        worker.closeClient(client)
        worker.record(trace.take(), ending)
    }
}
