import AccessLog
import Addressing
import EventLoop
import Policy
import Wire

// A request from its head to its origin, or to an answer of the proxy's own.
extension HTTPConnection: ApproachObserver {
    /// A complete head of `length` bytes stands at the front of the inbox.
    func handleHead(_ length: Int) {
        worker.loop.stopTimer(of: self)
        var refusal: Refusal?
        var route = Route.none
        inbox.withBytes { bytes in
            let head = UnsafeBufferPointer(rebasing: bytes[..<length])
            do throws(HTTP1.ParseError) {
                try worker.requestHead.parse(head.span)
                takeFacts(head)
                route = self.route(head)
            } catch {
                if case .invalidAuthority = error { trace?.facts.takeTarget(worker.requestHead, from: head.span) }
                refusal = .malformed(error)
            }
        }
        if let refusal { return refuse(refusal, at: .negotiate) }
        inbox.drop(length)
        if let accepted = trace?.accepted {
            trace?.timings.negotiation.set(worker.loop.now.microseconds(since: accepted))
        }
        switch route {
        case .none: preconditionFailure("a head that was read leads somewhere")
        case .refused(let refusal): refuse(refusal, at: .negotiate)
        case .own(let page): answer(page)
        case .tunnel(let authority): decide(authority, via: .connect)
        case .origin(let authority): decide(authority, via: .http)
        }
    }

    /// Where a request leads.
    private enum Route {
        case none
        case refused(Refusal)
        /// To the proxy itself.
        case own(OwnPage)
        case tunnel(Authority)
        case origin(Authority)
    }

    private func takeFacts(_ head: UnsafeBufferPointer<UInt8>) {
        request = ForwardRequest(worker.requestHead, head.span)
        trace?.facts.take(worker.requestHead, from: head.span)
        if let agent = trace?.facts.userAgent { trace?.facts.userAgent = worker.recentTexts.shared(agent) }
        guard let notes = trace?.http else { return }
        let parsed = worker.requestHead
        notes.scheme = parsed.target.scheme.map { $0 == .http ? "http" : "https" } ?? ""
        notes.path = Array(head[parsed.target.path])
        if let referer = parsed.fieldSection.value(of: .referer) { notes.referer = Array(head[referer]) }
    }

    private func route(_ head: UnsafeBufferPointer<UInt8>) -> Route {
        let parsed = worker.requestHead
        switch parsed.target.form {
        case .authority:
            guard let authority = parsed.authority else { return .refused(.malformed("the target names no host")) }
            return .tunnel(authority)
        case .origin, .asterisk: return .own(OwnPage(parsed, head.span))
        case .absolute:
            guard let authority = parsed.authority, parsed.target.scheme == .http else { return .refused(.otherScheme) }
            var maxForwards: Int?
            if parsed.method == .trace || parsed.method == .options,
                let field = parsed.fieldSection.value(of: .maxForwards)
            {
                guard let number = Self.decimal(head[field]) else {
                    return .refused(.malformed("Max-Forwards is no number"))
                }
                if number == 0 { return .own(OwnPage(finalRecipientOf: parsed, head)) }
                maxForwards = number - 1
            }
            if let name = worker.configuration.via, passedThrough(name, head) { return .refused(.loop) }
            outgoing.removeAll(keepingCapacity: true)
            HeadRewriter(head).appendRequest(
                parsed, to: authority, client: trace?.client.address ?? .anyV4, worker.configuration,
                maxForwards: maxForwards, into: &outgoing)
            return .origin(authority)
        }
    }

    /// Whether a `Via` field says that the request came through `name` before. Spec: RFC 9110 §7.6.3.
    private func passedThrough(_ name: String, _ head: UnsafeBufferPointer<UInt8>) -> Bool {
        for field in worker.requestHead.fields where field.known == .via {
            let words = head[field.value].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") || $0 == 0x09 }
            if words.contains(where: { $0.elementsEqual(name.utf8) }) { return true }
        }
        return false
    }

    private static func decimal(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 9 else { return nil }
        var number = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }

    // MARK: - To the origin

    /// - Parameter mayReuse: whether an idle connection to the origin may serve.
    func decide(_ authority: Authority, via: Via, mayReuse: Bool = true) {
        guard let trace, let request = trace.request else { preconditionFailure("a request that leads nowhere") }
        let decision = worker.ruleset.decide(request)
        if via == .http, mayReuse, let (leg, permit) = idleOrigin(authority, decision) {
            self.trace?.verdict = permit.verdict
            self.trace?.http?.reusedAddress = permit.addresses[0]
            return send(to: Exchange(leg, to: authority, permit.addresses[0], body: self.request.framing), reused: true)
        }
        let approach = Approach(trace, on: worker, observer: self)
        phase = .approaching(approach)
        approach.start(decision)
    }

    /// A connection to the origin that is there already and that this request may use: its address is judged for it anew.
    private func idleOrigin(_ authority: Authority, _ decision: Decision) -> (Leg, Permit)? {
        var permit: Permit?
        func isPermitted(_ address: IPAddress) -> Bool {
            switch decision {
            case .denied: return false
            case .permitted(let given): permit = given.addresses.contains(address) ? given : nil
            case .resolve(let pending): permit = pending.judge([address]).permit
            }
            return permit != nil
        }
        if let bound {
            guard bound.authority == authority, isPermitted(bound.address), let permit else { return nil }
            self.bound = nil
            return (bound.leg, permit)
        }
        // What can't be sent twice goes on a connection of its own: an idle one could be closing at this moment.
        guard request.isRepeatable, !request.bindsConnection, !request.asksUpgrade,
            let (leg, _) = worker.originPool.take(authority, where: isPermitted), let permit
        else { return nil }
        return (leg, permit)
    }

    func approached(_ origin: Leg) {
        guard case .approaching(let approach) = phase else { preconditionFailure("an approach that nobody waits for") }
        trace = approach.trace
        guard let trace, let host = trace.facts.host, let port = trace.facts.port, let address = trace.dialled else {
            preconditionFailure("an approach without a destination")
        }
        if request.method == .connect { return openTunnel(origin, trace) }
        let authority = Authority(host: host, port: port)
        send(to: Exchange(origin, to: authority, address, body: request.framing), reused: false)
    }

    func approachFailed(_ refusal: Refusal, at stage: Stage) {
        guard case .approaching(let approach) = phase else { preconditionFailure("an approach that nobody waits for") }
        trace = approach.trace
        refuse(refusal, at: stage)
    }

    /// Sends the head, and what has come of the body.
    func send(to exchange: Exchange, reused: Bool) {
        phase = .exchanging(exchange)
        worker.loop.hand(exchange.origin.registration, to: self, tag: Self.originTag)
        worker.idleTimers.start(self)
        trace?.http?.upHead = UInt64(outgoing.count)
        exchange.repeatable = reused && request.isRepeatable ? outgoing : nil
        up = Flow()
        down = Flow()
        exchange.headBytes.up = UInt64(outgoing.count)
        if let stop = outgoing.withUnsafeBytes({ up.pass($0, to: &exchange.origin) }) {
            guard case .sinkFailed(let error) = stop else { preconditionFailure("sending fails at the sink") }
            return originFailed(exchange, error)
        }
        drive(exchange)
    }

    private func openTunnel(_ origin: Leg, _ trace: Trace) {
        worker.answer.removeAll(keepingCapacity: true)
        Dialect.http.appendSuccess(bound: trace.local, to: &worker.answer)
        let input = inbox.contents
        let failure = sendAnswer()
        phase = .ended
        self.trace = nil
        Tunnel(client: client, origin: origin, trace, Dialect.http.toldOfSuccess, on: worker)
            .start(with: input, unless: failure)
    }

    // MARK: - Answers of the proxy's own

    /// Tells the client why, and writes the record. The connection goes on if nothing of the request is left unread.
    func refuse(_ refusal: Refusal, at stage: Stage) {
        if case .approaching(let approach) = phase {
            trace = approach.trace
            approach.cancel()
        }
        let isFramed = refusal.outcome != .httpRequestError && request.framing == .none && !request.asksUpgrade
        let isPersistent = isFramed && request.isPersistent && request.method != .connect && !worker.isDraining
        worker.answer.removeAll(keepingCapacity: true)
        ErrorAnswer(
            refusal: refusal, verdict: trace?.verdict, requestID: worker.requestID(trace),
            destination: trace?.facts.host?.description ?? "",
            page: request.acceptsHTML ? worker.configuration.page ?? .standard : nil, isPersistent: isPersistent,
            isHeadOnly: request.method == .head, date: worker.dateText()
        ).append(to: &worker.answer)
        var ending = Ending(refusal, at: stage)
        ending.told = Told(status: refusal.status)
        respond(ending, persistent: isPersistent)
    }

    private func answer(_ page: OwnPage) {
        let isPersistent = request.framing == .none && request.isPersistent && !worker.isDraining
        worker.answer.removeAll(keepingCapacity: true)
        page.append(
            isPersistent: isPersistent, isHeadOnly: request.method == .head, date: worker.dateText(), to: &worker.answer
        )
        respond(
            Ending(
                outcome: .proxyInternalResponse, endedBy: .proxy, stage: .reply, told: Told(status: page.status)),
            persistent: isPersistent)
    }

    private func respond(_ ending: Ending, persistent: Bool) {
        // Behind an interim answer that the client doesn't take there is no place for another.
        let failure = down.isDrained ? sendAnswer() : .wouldBlock
        record(ending)
        if failure == nil { finished(persistent: persistent) } else { close() }
    }

    /// Sends what stands in the worker's answer; an error unless all of it went.
    func sendAnswer() -> Errno? {
        switch worker.answer.withUnsafeBytes({ Socket.send(client.descriptor, $0) }) {
        case .bytes(let count): count == worker.answer.count ? nil : .wouldBlock
        case .wouldBlock: .wouldBlock
        case .failed(let error): error
        }
    }
}
