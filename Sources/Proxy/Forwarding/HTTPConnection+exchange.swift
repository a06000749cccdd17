import AccessLog
import EventLoop
import Wire

// A request and its answer on their way, both directions at once.
extension HTTPConnection {
    /// Moves what can be moved.
    func drive(_ exchange: Exchange) {
        guard !isPaused else { return }
        let before = up.delivered &+ down.delivered
        driveRequest(exchange)
        guard isUnderWay(exchange) else { return }
        driveResponse(exchange)
        guard isUnderWay(exchange) else { return }
        let passed = up.delivered &+ down.delivered &- before
        if passed > 0 {
            touch()
            countRelayed()
            charge(passed)
        }
        waitShorterIfClientEnded()
    }

    func isUnderWay(_ exchange: Exchange) -> Bool {
        if case .exchanging(let current) = phase { current === exchange } else { false }
    }

    private func driveRequest(_ exchange: Exchange) {
        guard exchange.requestCut == nil, !isRequestThrough(exchange) else { return }
        let progress = exchange.requestBody.pump(from: &client, &inbox, to: &exchange.origin.leg, by: &up, on: worker)
        switch progress {
        case .waiting, .complete: break
        case .budgetSpent: askAgain()
        case .sourceEnded: abort(exchange, .connectionTerminated, by: .client)
        case .sourceFailed(let error): abort(exchange, .connectionTerminated, by: .client, error)
        case .malformed(let error): requestMalformed(exchange, error)
        case .sinkFailed(let error):
            // The origin takes no more, perhaps because it has answered already: that answer is what counts.
            exchange.requestCut = error
            up.release(on: worker.loop)
        }
    }

    /// Whether the origin's kernel has all of the request.
    private func isRequestThrough(_ exchange: Exchange) -> Bool {
        exchange.requestBody.isRead && up.isDrained
    }

    /// The framing of the body is broken: nothing after it is looked at.
    private func requestMalformed(_ exchange: Exchange, _ error: HTTP1.ParseError) {
        guard exchange.responseBody == nil else { return abort(exchange, .httpRequestError, by: .client) }
        reset(exchange)
        refuse(.malformed(error), at: .relay)
    }

    // MARK: - Ends

    /// The answer is through.
    func complete(_ exchange: Exchange) {
        let isWhole = isRequestThrough(exchange) && exchange.requestCut == nil
        record(ending(exchange, .ok, by: .origin))
        worker.withLoop { loop in
            loop.stopTimer(of: self)
            up.release(on: loop)
        }
        giveBack(&exchange.inbox)
        if isWhole && exchange.isOriginPersistent && isClean(exchange) {
            release(exchange)
        } else {
            worker.close(exchange.origin.leg)
        }
        finished(persistent: exchange.isClientPersistent && isWhole)
    }

    /// Leaves the storage of what the origin has sent to the next answer.
    private func giveBack(_ inbox: inout Inbox) {
        inbox.rest()
        if inbox.isEmpty && inbox.capacity > 0 { swap(&inbox, &worker.spareInbox) }
    }

    /// Whether nothing is to be read from the origin.
    private func isClean(_ exchange: Exchange) -> Bool {
        guard exchange.inbox.isEmpty, !exchange.origin.leg.peerClosed else { return false }
        return !exchange.origin.leg.canRead || exchange.origin.isQuiet
    }

    private func release(_ exchange: Exchange) {
        if request.bindsConnection { bind(exchange.origin) } else { worker.originPool.keep(exchange.origin) }
    }

    /// The origin is gone before it has answered.
    func originFailed(_ exchange: Exchange, _ error: Errno?) {
        if let again = exchange.repeatable {
            // It had been idle, and was closed as the request was on its way: nothing of it was served.
            worker.close(exchange.origin.leg)
            up.release(on: worker.loop)
            worker.loop.stopTimer(of: self)
            outgoing = again
            trace?.http?.reusedAddress = nil
            return decide(exchange.origin.authority, via: .http, mayReuse: false)
        }
        reset(exchange)
        let error = error ?? exchange.requestCut
        refuse(exchange.hasAnswered ? .cutResponse(error) : .noResponse(error), at: .relay)
    }

    func exchangeTimedOut(_ exchange: Exchange) {
        guard exchange.responseBody == nil else {
            return abort(exchange, .connectionReadTimeout, by: .proxy)
        }
        let refusal = isOwed(exchange) ? Refusal.requestTimedOut : .responseTimedOut
        reset(exchange)
        refuse(refusal, at: .relay)
    }

    /// Whether it is the client who holds things up: the origin has all that came of a body that is not through. A client
    /// that waits for 100 before it begins is waiting for the origin.
    private func isOwed(_ exchange: Exchange) -> Bool {
        guard !exchange.requestBody.isRead, up.isDrained, exchange.requestCut == nil else { return false }
        return !request.expectsContinue || payload(exchange).up > 0
    }

    /// Breaks off in the middle: neither peer may take what it has for whole.
    func abort(_ exchange: Exchange, _ outcome: Outcome, by endedBy: EndedBy, _ error: Errno? = nil) {
        var ending = ending(exchange, outcome, by: endedBy)
        ending.errno = error?.rawValue
        record(ending)
        reset(exchange)
        Socket.resetOnClose(client.descriptor)
        close()
    }

    /// Lets the origin see that something went wrong; the client's connection goes on.
    func reset(_ exchange: Exchange) {
        worker.loop.stopTimer(of: self)
        up.release(on: worker.loop)
        down.release(on: worker.loop)
        Socket.resetOnClose(exchange.origin.leg.descriptor)
        worker.close(exchange.origin.leg)
    }

    /// Bytes of the two bodies that have been delivered.
    func payload(_ exchange: Exchange) -> (up: UInt64, down: UInt64) {
        (
            up.delivered - min(up.delivered, exchange.headBytes.up),
            down.delivered - min(down.delivered, exchange.headBytes.down)
        )
    }

    private func ending(_ exchange: Exchange, _ outcome: Outcome, by endedBy: EndedBy) -> Ending {
        trace?.http?.downHead = exchange.headBytes.down
        let payload = payload(exchange)
        return Ending(
            outcome: outcome, endedBy: endedBy, stage: .relay, told: Told(status: exchange.status), up: payload.up,
            down: payload.down)
    }
}
