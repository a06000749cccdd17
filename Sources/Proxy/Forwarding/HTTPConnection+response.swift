import AccessLog
import EventLoop
import Wire

// The origin's answer on its way to the client.
extension HTTPConnection {
    /// Heads and pieces of heads that are read in one go.
    private static let headBudget = 32
    /// A body that goes out together with its head.
    private static let smallBody: UInt64 = 16 * 1024

    func driveResponse(_ exchange: Exchange) {
        for _ in 0..<Self.headBudget {
            if exchange.responseBody != nil { return pumpResponse(exchange) }
            guard readResponseHead(exchange), isUnderWay(exchange) else { return }
        }
        // An origin that says 100 for ever keeps nobody else waiting.
        askAgain()
    }

    /// Reads until a head is there, and sends it on.
    ///
    /// - Returns: whether it is worth going on at once.
    private func readResponseHead(_ exchange: Exchange) -> Bool {
        // An interim answer that the client can't take yet comes before all that follows it.
        if !down.isDrained, let stop = down.flush(to: &client) { return stopped(stop, exchange) }
        var found: Result<Int?, HTTP1.ParseError> = .success(nil)
        var scanner = exchange.scanner
        exchange.inbox.withBytes { bytes in
            guard !bytes.isEmpty else { return }
            do throws(HTTP1.ParseError) {
                found = .success(try scanner.scan(bytes.span))
                if case .success(let length?) = found {
                    try worker.responseHead.parse(bytes.extracting(..<length).span)
                }
            } catch {
                found = .failure(error)
            }
        }
        exchange.scanner = scanner
        switch found {
        case .failure(let error):
            reset(exchange)
            refuse(.badResponse(HTTP1.ResponseError(error)), at: .relay)
            return false
        case .success(let length?): return forwardHead(&worker.responseHead, of: exchange, length)
        case .success(nil): return receiveHead(exchange)
        }
    }

    private func receiveHead(_ exchange: Exchange) -> Bool {
        guard exchange.origin.leg.canRead else { return false }
        switch Socket.receive(exchange.origin.leg.descriptor, into: worker.loop.scratch) {
        case .bytes(let count):
            exchange.origin.leg.received(count, of: worker.loop.scratch.count)
            if exchange.inbox.capacity == 0 { swap(&exchange.inbox, &worker.spareInbox) }
            exchange.inbox.append(UnsafeRawBufferPointer(rebasing: worker.loop.scratch[..<count]))
            exchange.hasAnswered = true
            exchange.repeatable = nil
            noteFirstByte()
            return true
        case .wouldBlock:
            exchange.origin.leg.receivedNothing()
            return false
        case .end:
            originFailed(exchange, nil)
            return false
        case .failed(let error):
            originFailed(exchange, error)
            return false
        }
    }

    private func noteFirstByte() {
        guard trace?.timings.firstByte.microseconds == nil, let accepted = trace?.accepted else { return }
        let negotiation = trace?.timings.negotiation.microseconds ?? 0
        trace?.timings.firstByte.set(worker.loop.now.microseconds(since: accepted) - negotiation)
    }

    // MARK: - The head

    /// - Parameter head: the worker's, lent and not copied.
    private func forwardHead(_ head: inout HTTP1.ResponseHead, of exchange: Exchange, _ length: Int) -> Bool {
        exchange.scanner = HTTP1.HeadScanner(.response)
        if head.isInterim && request.isHTTP10 {
            exchange.inbox.drop(length)
            return true
        }
        if head.status == 101 { return upgrade(exchange, head, length) }
        let framing = head.framing(answering: request.method)
        let persistence = self.persistence(after: head, framing, exchange)
        let needsDate = !head.isInterim && head.fieldSection.value(of: .date) == nil
        worker.answer.removeAll(keepingCapacity: true)
        exchange.inbox.withBytes { bytes in
            HeadRewriter(UnsafeBufferPointer(rebasing: bytes[..<length])).appendResponse(
                head, persistence, isChunked: head.fieldSection.isChunked && !request.isHTTP10,
                date: needsDate ? worker.dateText() : nil, into: &worker.answer)
        }
        exchange.inbox.drop(length)
        exchange.headBytes.down += UInt64(worker.answer.count)
        if !head.isInterim {
            exchange.status = UInt16(head.status)
            trace?.http?.originStatus = UInt16(head.status)
            exchange.responseBody = BodyTransfer(framing, unwrapsChunks: framing == .chunked && request.isHTTP10)
        }
        return sendHead(exchange, with: framing)
    }

    /// Sends the head that stands in the worker's answer, together with a small body that is there already.
    ///
    /// - Returns: whether it is worth going on at once.
    private func sendHead(_ exchange: Exchange, with framing: HTTP1.BodyFraming) -> Bool {
        var isWhole = false
        if case .length(let length) = framing, exchange.responseBody != nil, length <= Self.smallBody,
            UInt64(exchange.inbox.count) >= length
        {
            isWhole = true
            exchange.inbox.withBytes { worker.answer.append(contentsOf: $0[..<Int(length)]) }
            exchange.inbox.drop(Int(length))
        }
        if let stop = worker.answer.withUnsafeBytes({ down.pass($0, to: &client) }) { return stopped(stop, exchange) }
        guard isWhole else { return true }
        guard down.isDrained else {
            exchange.responseBody = BodyTransfer(.none)
            return true
        }
        complete(exchange)
        return false
    }

    private func persistence(
        after head: HTTP1.ResponseHead, _ framing: HTTP1.BodyFraming, _ exchange: Exchange
    ) -> HeadRewriter.Persistence {
        if head.isInterim { return .persistent }
        exchange.isOriginPersistent = head.isPersistent && framing != .untilClose
        for field in head.fields where field.known == .wwwAuthenticate {
            exchange.inbox.withBytes { bytes in
                let challenges = bytes.extracting(field.value).span
                if challenges.offersConnectionAuthentication { request.bindsConnection = true }
            }
        }
        exchange.isClientPersistent =
            request.isPersistent && framing != .untilClose && exchange.requestBody.isRead
            && exchange.requestCut == nil && !isLastRequest
        return exchange.isClientPersistent ? .persistent : .closing
    }

    /// `101 Switching Protocols`: from here on the connections are a tunnel.
    private func upgrade(_ exchange: Exchange, _ head: HTTP1.ResponseHead, _ length: Int) -> Bool {
        guard request.asksUpgrade, exchange.requestBody.isRead, up.isDrained, let trace else {
            reset(exchange)
            refuse(.unaskedUpgrade, at: .relay)
            return false
        }
        worker.answer.removeAll(keepingCapacity: true)
        exchange.inbox.withBytes { bytes in
            HeadRewriter(UnsafeBufferPointer(rebasing: bytes[..<length])).appendResponse(
                head, .upgraded, isChunked: false, date: worker.dateText(), into: &worker.answer)
        }
        exchange.inbox.drop(length)
        trace.http?.originStatus = 101
        trace.http?.downHead = exchange.headBytes.down + UInt64(worker.answer.count)
        let failure = sendAnswer()
        handOver()
        Tunnel(client: client, origin: exchange.origin.leg, trace, Told(status: 101), on: worker)
            .start(with: inbox.contents, answering: exchange.inbox.contents, unless: failure)
        return false
    }

    // MARK: - The body

    private func pumpResponse(_ exchange: Exchange) {
        guard var body = exchange.responseBody else { return }
        let progress = body.pump(from: &exchange.origin.leg, &exchange.inbox, to: &client, by: &down, on: worker)
        exchange.responseBody = body
        switch progress {
        case .waiting: break
        case .budgetSpent: askAgain()
        case .complete where body.endsByClosing && exchange.isOriginBroken:
            // The kernel told of the reset when the request was sent, and tells of a plain end since.
            abort(exchange, .httpResponseIncomplete, by: .origin, exchange.requestCut)
        case .complete: complete(exchange)
        case .sourceEnded: abort(exchange, .httpResponseIncomplete, by: .origin, exchange.requestCut)
        case .sourceFailed(let error): abort(exchange, .httpResponseIncomplete, by: .origin, error)
        case .malformed(let error):
            let token = HTTP1.ResponseError(error).token
            abort(exchange, Outcome(rawValue: token) ?? .httpResponseTransferCoding, by: .origin)
        case .sinkFailed(let error): abort(exchange, .connectionTerminated, by: .client, error)
        }
    }

    private func stopped(_ stop: Flow.Progress, _ exchange: Exchange) -> Bool {
        if case .sinkFailed(let error) = stop { abort(exchange, .connectionTerminated, by: .client, error) }
        return false
    }
}
