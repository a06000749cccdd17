import AccessLog
import Addressing
import EventLoop
import Wire

// A request and its answer on their way, both directions at once.
extension HTTPConnection {
    /// Moves what can be moved.
    func drive(_ exchange: Exchange) {
        let before = up.delivered &+ down.delivered
        driveRequest(exchange)
        guard case .exchanging(let current) = phase, current === exchange else { return }
        driveResponse(exchange)
        guard case .exchanging = phase else { return }
        if up.delivered &+ down.delivered != before { touch() }
    }

    // MARK: - The request's body

    private func driveRequest(_ exchange: Exchange) {
        guard !exchange.isRequestCut else { return }
        let progress = exchange.requestBody.pump(from: &client, &inbox, to: &exchange.origin, by: &up, on: worker)
        switch progress {
        case .waiting, .complete: break
        case .budgetSpent: askAgain()
        case .sourceEnded: abort(exchange, .connectionTerminated, by: .client)
        case .sourceFailed(let error): abort(exchange, .connectionTerminated, by: .client, error)
        case .malformed(let error): requestMalformed(exchange, error)
        case .sinkFailed(let error):
            // The origin takes no more, perhaps because it has answered already: that answer is what counts.
            exchange.isRequestCut = true
            up.release(on: worker.loop)
            if exchange.responseBody == nil && !exchange.origin.canRead { originFailed(exchange, error) }
        }
    }

    /// The framing of the body is broken: nothing after it is looked at.
    private func requestMalformed(_ exchange: Exchange, _ error: HTTP1.ParseError) {
        guard exchange.responseBody == nil else { return abort(exchange, .httpRequestError, by: .client) }
        reset(exchange)
        refuse(.malformed(error), at: .relay)
    }

    // MARK: - The answer

    private func driveResponse(_ exchange: Exchange) {
        while exchange.responseBody == nil {
            guard readResponseHead(exchange), case .exchanging = phase else { return }
        }
        pumpResponse(exchange)
    }

    /// Reads until a head is there, and sends it on.
    ///
    /// - Returns: whether it is worth going on at once.
    private func readResponseHead(_ exchange: Exchange) -> Bool {
        // An interim answer that the client can't take yet comes before all that follows it.
        if let stop = down.flush(to: &client) { return stopped(stop, exchange) }
        var found: Result<Int?, HTTP1.ParseError> = .success(nil)
        if !exchange.inbox.isEmpty {
            exchange.inbox.withBytes { bytes in
                do throws(HTTP1.ParseError) {
                    found = .success(try exchange.scanner.scan(bytes.span))
                    if case .success(let length?) = found {
                        try worker.responseHead.parse(bytes.extracting(..<length).span)
                    }
                } catch {
                    found = .failure(error)
                }
            }
        }
        switch found {
        case .failure(let error):
            reset(exchange)
            refuse(.badResponse(HTTP1.ResponseError(error)), at: .relay)
            return false
        case .success(let length?): return forwardHead(exchange, length)
        case .success(nil): return receiveHead(exchange)
        }
    }

    private func receiveHead(_ exchange: Exchange) -> Bool {
        guard exchange.origin.canRead else { return false }
        switch Socket.receive(exchange.origin.descriptor, into: worker.loop.scratch) {
        case .bytes(let count):
            exchange.origin.received(count, of: worker.loop.scratch.count)
            exchange.inbox.append(UnsafeRawBufferPointer(rebasing: worker.loop.scratch[..<count]))
            noteFirstByte()
            return true
        case .wouldBlock:
            exchange.origin.receivedNothing()
            return false
        case .end:
            originFailed(exchange, nil)
            return false
        case .failed(let error):
            originFailed(exchange, error)
            return false
        }
    }

    private func forwardHead(_ exchange: Exchange, _ length: Int) -> Bool {
        let head = worker.responseHead
        exchange.scanner = HTTP1.HeadScanner(.response)
        if head.isInterim && request.isHTTP10 {
            exchange.inbox.drop(length)
            return true
        }
        if head.status == 101 { return upgrade(exchange, length) }
        let framing = head.framing(answering: request.method)
        let persistence = self.persistence(after: head, framing, exchange)
        let isChunked = head.fieldSection.isChunked && !request.isHTTP10
        worker.answer.removeAll(keepingCapacity: true)
        exchange.inbox.withBytes { bytes in
            HeadRewriter(UnsafeBufferPointer(rebasing: bytes[..<length])).appendResponse(
                head, persistence, isChunked: isChunked, date: head.isInterim ? nil : worker.dateText(),
                into: &worker.answer)
        }
        exchange.inbox.drop(length)
        exchange.headBytes.down += UInt64(worker.answer.count)
        if !head.isInterim {
            exchange.status = UInt16(head.status)
            exchange.repeatable = nil
            trace?.http?.originStatus = UInt16(head.status)
            exchange.responseBody = BodyTransfer(framing, unwrapsChunks: framing == .chunked && request.isHTTP10)
        }
        return sendHead(exchange, with: framing)
    }

    /// Sends the head that stands in the worker's answer, together with a small body that is there already.
    private func sendHead(_ exchange: Exchange, with framing: HTTP1.BodyFraming) -> Bool {
        if case .length(let length) = framing, exchange.responseBody != nil, length <= 16 * 1024,
            UInt64(exchange.inbox.count) >= length
        {
            exchange.inbox.withBytes { worker.answer.append(contentsOf: $0[..<Int(length)]) }
            exchange.inbox.drop(Int(length))
            exchange.responseBody = BodyTransfer(.none)
        }
        guard let stop = worker.answer.withUnsafeBytes({ down.pass($0, to: &client) }) else { return true }
        return stopped(stop, exchange)
    }

    private func persistence(
        after head: HTTP1.ResponseHead, _ framing: HTTP1.BodyFraming, _ exchange: Exchange
    ) -> HeadRewriter.Persistence {
        if head.isInterim { return .persistent }
        exchange.isOriginPersistent = head.isPersistent && framing != .untilClose
        for field in head.fields where field.known == .wwwAuthenticate {
            exchange.inbox.withBytes { bytes in
                if bytes.extracting(field.value).span.namesConnectionAuthentication { request.bindsConnection = true }
            }
        }
        exchange.isClientPersistent =
            request.isPersistent && framing != .untilClose && exchange.requestBody.isRead && !exchange.isRequestCut
            && !worker.isDraining
        return exchange.isClientPersistent ? .persistent : .closing
    }

    private func pumpResponse(_ exchange: Exchange) {
        guard var body = exchange.responseBody else { return }
        let progress = body.pump(from: &exchange.origin, &exchange.inbox, to: &client, by: &down, on: worker)
        exchange.responseBody = body
        switch progress {
        case .waiting: break
        case .budgetSpent: askAgain()
        case .complete: complete(exchange)
        case .sourceEnded: abort(exchange, .httpResponseIncomplete, by: .origin)
        case .sourceFailed(let error): abort(exchange, .httpResponseIncomplete, by: .origin, error)
        case .malformed: abort(exchange, .httpResponseTransferCoding, by: .origin)
        case .sinkFailed(let error): abort(exchange, .connectionTerminated, by: .client, error)
        }
    }

    private func stopped(_ stop: Flow.Progress, _ exchange: Exchange) -> Bool {
        if case .sinkFailed(let error) = stop { abort(exchange, .connectionTerminated, by: .client, error) }
        return false
    }

    /// `101 Switching Protocols`: from here on the connections are a tunnel.
    private func upgrade(_ exchange: Exchange, _ length: Int) -> Bool {
        guard request.asksUpgrade, exchange.requestBody.isRead, let trace else {
            reset(exchange)
            refuse(.unaskedUpgrade, at: .relay)
            return false
        }
        worker.answer.removeAll(keepingCapacity: true)
        exchange.inbox.withBytes { bytes in
            HeadRewriter(UnsafeBufferPointer(rebasing: bytes[..<length])).appendResponse(
                worker.responseHead, .upgraded, isChunked: false, date: worker.dateText(), into: &worker.answer)
        }
        exchange.inbox.drop(length)
        trace.http?.originStatus = 101
        trace.http?.downHead = UInt64(worker.answer.count)
        let output = exchange.inbox.contents
        let failure = sendAnswer()
        worker.loop.stopTimer(of: self)
        phase = .ended
        self.trace = nil
        Tunnel(client: client, origin: exchange.origin, trace, Told(status: 101), on: worker)
            .start(with: inbox.contents, answering: output, unless: failure)
        return false
    }

    // MARK: - Ends

    /// The answer is through.
    private func complete(_ exchange: Exchange) {
        let isWhole = exchange.requestBody.isRead && up.isDrained
        record(ending(exchange, .ok, by: .origin))
        worker.loop.stopTimer(of: self)
        up.release(on: worker.loop)
        if isWhole && exchange.isOriginPersistent && isClean(exchange) {
            release(exchange)
        } else {
            worker.close(exchange.origin)
        }
        finished(persistent: exchange.isClientPersistent && isWhole)
    }

    /// Whether nothing is to be read from the origin.
    private func isClean(_ exchange: Exchange) -> Bool {
        guard exchange.inbox.isEmpty, !exchange.origin.peerClosed else { return false }
        guard exchange.origin.canRead else { return true }
        return Socket.isQuiet(exchange.origin.descriptor)
    }

    private func release(_ exchange: Exchange) {
        if request.bindsConnection {
            bound = (exchange.origin, exchange.authority, exchange.address)
        } else {
            worker.originPool.keep(exchange.origin, to: exchange.authority, exchange.address)
        }
    }

    /// The origin is gone before it has answered.
    func originFailed(_ exchange: Exchange, _ error: Errno?) {
        if let again = exchange.repeatable, !exchange.hasAnswered, let trace {
            // It had been idle, and was closed as the request was on its way: nothing of it was served.
            worker.close(exchange.origin)
            up.release(on: worker.loop)
            worker.loop.stopTimer(of: self)
            outgoing = again
            trace.http?.reusedAddress = nil
            return decide(exchange.authority, via: .http, mayReuse: false)
        }
        reset(exchange)
        refuse(exchange.hasAnswered ? .cutResponse(error) : .noResponse(error), at: .relay)
    }

    func exchangeTimedOut(_ exchange: Exchange) {
        guard exchange.responseBody == nil else {
            return abort(exchange, .connectionReadTimeout, by: .proxy)
        }
        reset(exchange)
        refuse(.responseTimedOut, at: .relay)
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

    private func reset(_ exchange: Exchange) {
        worker.loop.stopTimer(of: self)
        up.release(on: worker.loop)
        down.release(on: worker.loop)
        Socket.resetOnClose(exchange.origin.descriptor)
        worker.close(exchange.origin)
    }

    private func ending(_ exchange: Exchange, _ outcome: Outcome, by endedBy: EndedBy) -> Ending {
        trace?.http?.downHead = exchange.headBytes.down
        return Ending(
            outcome: outcome, endedBy: endedBy, stage: .relay, told: Told(status: exchange.status),
            up: up.delivered - min(up.delivered, exchange.headBytes.up),
            down: down.delivered - min(down.delivered, exchange.headBytes.down))
    }

    private func noteFirstByte() {
        guard trace?.timings.firstByte.microseconds == nil, let accepted = trace?.accepted else { return }
        let negotiation = trace?.timings.negotiation.microseconds ?? 0
        trace?.timings.firstByte.set(worker.loop.now.microseconds(since: accepted) - negotiation)
    }
}
