import AccessLog
import Addressing
import EventLoop
import Wire

// Answers of the proxy's own.
extension HTTPConnection {
    /// Tells the client why, and writes the record. The connection goes on if nothing of the request is left unread.
    func refuse(_ refusal: Refusal, at stage: Stage) {
        let refusal = isForWebsite ? refusal.ofWebsite : refusal
        var ending = Ending(refusal, at: stage)
        switch phase {
        case .approaching(let approach): approach.cancel()
        case .exchanging(let exchange):
            ending.up = payload(exchange).up
            ending.down = payload(exchange).down
        case .loggingIn(let login, _): login.cancel()
        case .resting, .readingHead, .making, .answering, .ended: break
        }
        if let result = refusal.login, trace?.identity?.result != result { trace?.identity = Identity(result) }
        // Behind credentials that are missing or wrong nothing is served.
        let isPersistent =
            refusal.outcome != .httpRequestError && refusal.login == nil && request.method != .connect && mayGoOn
        let page = request.acceptsHTML ? worker.configuration.page ?? .standard : nil
        worker.answer.removeAll(keepingCapacity: true)
        ErrorAnswer(
            refusal: refusal, verdict: trace?.verdict, requestID: worker.requestID(trace),
            destination: trace?.facts.host?.description ?? "",
            address: page == nil ? "" : addressAsked, isForTunnel: request.method == .connect, page: page,
            isPersistent: isPersistent,
            isHeadOnly: request.method == .head, date: worker.dateText()
        ).append(to: &worker.answer)
        ending.told = Told(status: refusal.status)
        respond(ending, persistent: isPersistent)
    }

    /// Answers a request for one of the proxy's own pages.
    func answer(_ asked: OwnRequest) {
        let local = Socket.localEndpoint(of: client.descriptor)
        let visit = Visit(
            client: connection.client.address, user: trace?.identity?.user, way: asked.way,
            proto: inside?.proto ?? .http,
            listener: worker.recorder.listeners[Int(connection.listener)], proxy: asked.name ?? proxyAddress(local),
            settings: worker.configuration.pages, ruleset: worker.ruleset, policySince: worker.policySince,
            now: WallClock.microseconds(), denials: worker.denials)
        guard asked.takesLong else { return answer(OwnPage(asked, visit)) }
        let ticket = worker.pageWaiters.add(self)
        let mailbox = worker.mailbox
        let isTaken = worker.pageMaker.make(asked, visit) { page in
            mailbox.post { worker in worker.pageWaiters.remove(ticket)?.made(page) }
        }
        if isTaken {
            phase = .making
        } else {
            _ = worker.pageWaiters.remove(ticket)
            refuse(.limited(.pages, "Too many ask this at the same time"), at: .reply)
        }
    }

    /// The page is there; whoever asked for it may have left.
    private func made(_ page: OwnPage) {
        guard case .making = phase else { return }
        answer(page)
    }

    /// Whether the proxy is called so. Addresses are those that lead to it: nobody else can make them theirs.
    func isOwn(_ name: Host) -> Bool {
        if worker.configuration.pages.names.contains(name) { return true }
        switch name {
        case .name(let name): return name.text == "localhost"
        case .address(let address):
            return address == Socket.localEndpoint(of: client.descriptor).address
                || worker.loopGuard.isReached(at: address)
        }
    }

    /// Where a client reaches the proxy that doesn't say by which name it does: where it has connected to, or, behind a
    /// load balancer, what the operator calls the proxy.
    private func proxyAddress(_ local: Endpoint) -> Authority {
        let isBalanced = worker.balancers[Int(connection.listener)] != nil
        if isBalanced, let name = worker.configuration.pages.names.first {
            return Authority(host: name, port: local.port)
        }
        return Authority(host: .address(local.address), port: local.port)
    }

    /// Answers a request for the proxy itself.
    func answer(_ page: OwnPage) {
        let isPersistent = mayGoOn
        worker.answer.removeAll(keepingCapacity: true)
        page.append(
            isPersistent: isPersistent, isHeadOnly: request.method == .head, date: worker.dateText(), to: &worker.answer
        )
        respond(
            Ending(
                outcome: .proxyInternalResponse, endedBy: .proxy, stage: .reply, told: Told(status: page.status)),
            persistent: isPersistent)
    }

    /// An answer that could not be sent at once has been waiting for room.
    func finishAnswer(_ persistent: Bool) {
        switch down.flush(to: &client) {
        case nil: finished(persistent: persistent)
        case .waiting: break
        default: close()
        }
    }

    /// Sends what stands in the worker's answer; an error unless all of it went.
    func sendAnswer() -> Errno? {
        switch worker.answer.withUnsafeBytes({ Socket.send(client.descriptor, $0) }) {
        case .bytes(let count): count == worker.answer.count ? nil : .wouldBlock
        case .wouldBlock: .wouldBlock
        case .failed(let error): error
        }
    }

    // MARK: - Private

    /// Without its path, which is nobody's business but the origin's.
    private var addressAsked: String {
        guard let facts = trace?.facts, let host = facts.host, let port = facts.port else { return "" }
        return Authority(host: host, port: port).address(isPlain: facts.proto == .http)
    }

    /// Whether what follows the head can only be another request: no body, and no bytes of another protocol.
    private var mayGoOn: Bool {
        request.isPersistent && request.framing == .none && !request.asksUpgrade && !isLastRequest
    }

    func respond(_ ending: Ending, persistent: Bool) {
        // Behind an interim answer that the client doesn't take there is no place for another.
        guard down.isDrained else {
            var ending = ending
            ending.told = Told()
            record(ending)
            return close()
        }
        record(ending)
        guard worker.answer.withUnsafeBytes({ down.pass($0, to: &client) }) == nil else { return close() }
        if down.isDrained { return finished(persistent: persistent) }
        // The client has not read the answers before this one.
        phase = .answering(persistent: persistent)
        worker.idleTimers.start(self)
    }
}
