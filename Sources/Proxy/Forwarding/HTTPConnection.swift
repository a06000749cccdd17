import AccessLog
import Addressing
import EventLoop
import Policy
import Wire

/// A client's connection that carries plain HTTP requests, one after the other, each to whatever origin it names.
///
///     resting ──first byte──▶ readingHead ──▶ approaching ──▶ exchanging ──▶ resting, or ended
///                                 │              │  (CONNECT: handed to a tunnel; 101: likewise)
///                                 └──────────────┴─ answered by the proxy itself: answering ──▶ resting, or ended
///
/// Each request is judged, timed and recorded alone. Answers go out in the order of the requests because the next head is
/// looked at only when the last answer is through; what has come of it waits in the inbox, and beyond that in the kernel.
final class HTTPConnection: EventHandler {
    enum Phase {
        /// No request is under way.
        case resting
        case readingHead
        /// The client's credentials are being verified.
        case loggingIn(Login, Route)
        case approaching(Approach)
        /// One of the proxy's own pages is being made.
        case making
        case exchanging(Exchange)
        /// An answer of the proxy's own is on its way; its record is written.
        case answering(persistent: Bool)
        case ended
    }

    let worker: Worker
    var client: Leg
    var inbox: Inbox
    var phase = Phase.resting
    /// Of the request under way; nil while there is none.
    var trace: Trace?
    var request = ForwardRequest()
    /// Whether it is for the proxy as a website, not as a proxy.
    var isForWebsite = false
    /// The head to be sent to the origin.
    var outgoing: [UInt8] = []
    /// From client to origin and back, of the request under way.
    var up = Flow()
    var down = Flow()
    /// What of their totals the worker's counters have.
    private var counted: (up: UInt64, down: UInt64) = (0, 0)
    /// A connection to an origin that has authenticated this client for all that comes over it; no other may use it.
    var bound: OriginConnection?
    private var scanner = HTTP1.HeadScanner(.request)
    private var ordinal: UInt32 = 1
    /// Those of the last request, for the next one.
    private var spareNotes: Trace.HTTPNotes?
    let connection: (number: UInt64, client: Endpoint, listener: UInt16)
    private var asksAgain = false
    private var isReadingHeads = false
    /// Whether a part of a head has come, whose rest has to come in time.
    private var isAwaitingHead = false
    /// Whether the present wait is the short one for a client that has sent its FIN.
    private var isLastWait = false
    /// Whether the user has had as much as is granted for now.
    private(set) var isPaused = false
    /// What the connection holds of its limits.
    private var place: Limiter.Place?
    /// The tunnel to the proxy's own pages in which requests come; nil where they come as to a proxy.
    var inside: Inside?

    /// What requests for the proxy's own pages have from the tunnel that brings them.
    struct Inside {
        let proto: RequestProtocol
        let identity: Identity?
    }

    /// Requests answered in one go; then others have their turn.
    private static let budget = 16
    /// Storage that a connection keeps for its next head.
    private static let keptCapacity = 4096
    private static let clientTag: UInt32 = 0
    private static let originTag: UInt32 = 1
    static let boundTag: UInt32 = 2

    /// Takes over a session's connection with its first request.
    init(_ client: Leg, _ input: [UInt8], _ trace: Trace, on worker: Worker) {
        self.client = client
        self.worker = worker
        self.trace = trace
        inbox = Inbox(input)
        place = trace.notes?.place
        connection = (trace.number, trace.client, trace.listener)
        super.init()
        self.trace?.http = Trace.HTTPNotes(ordinal: ordinal)
        phase = .readingHead
        worker.loop.hand(client.registration, to: self, tag: Self.clientTag)
    }

    /// The first limit has come while the connection is open.
    func count(for limiter: Limiter) {
        place = limiter.count(connection.client.address)
        let userPlace = trace?.identity?.user.map { limiter.count(user: $0) }
        trace?.withNotes { notes in
            notes.place = place
            notes.userPlace = userPlace
        }
    }

    /// Takes over the connection of a session that has let its client into the proxy's own pages.
    convenience init(inside trace: Trace, _ client: Leg, _ input: [UInt8], on worker: Worker) {
        self.init(client, input, trace, on: worker)
        inside = Inside(proto: trace.facts.proto ?? .connect, identity: trace.identity)
    }

    /// The tunnel has its record: on to the first request in it.
    func startInside() {
        finished(persistent: true)
    }

    /// Begins with the bytes that are there.
    func start() {
        readHead()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        if tag == Self.boundTag { return boundReady() }
        let hasClientGone = tag == Self.clientTag && !readiness.isDisjoint(with: [.error, .hangUp])
        if tag == Self.clientTag { client.note(readiness) }
        switch phase {
        case .resting, .readingHead: readHead()
        case .loggingIn, .approaching, .making:
            // A FIN alone is no farewell: the client may have sent all it has to say. A reset is.
            if hasClientGone { clientLeft(Socket.pendingError(of: client.descriptor)) }
        case .exchanging(let exchange):
            if hasClientGone { return clientLeft(Socket.pendingError(of: client.descriptor)) }
            if tag == Self.originTag { exchange.origin.leg.note(readiness) }
            drive(exchange)
        case .answering(let persistent): finishAnswer(persistent)
        case .ended: break
        }
    }

    override func again() {
        asksAgain = false
        switch phase {
        case .resting, .readingHead: readHead()
        case .exchanging(let exchange): drive(exchange)
        case .loggingIn, .approaching, .making, .answering, .ended: break
        }
    }

    func askAgain() {
        guard !asksAgain else { return }
        asksAgain = true
        worker.loop.again(self)
    }

    override func deadlinePassed() {
        switch phase {
        case .resting, .answering: close()
        case .readingHead: refuse(.requestTimedOut, at: .negotiate)
        case .exchanging(let exchange):
            if isPaused {
                isPaused = false
                (isLastWait ? worker.lingerTimers : worker.idleTimers).start(self)
                drive(exchange)
            } else if isLastWait {
                clientLeft(nil)
            } else {
                exchangeTimedOut(exchange)
            }
        case .loggingIn, .approaching, .making, .ended:
            preconditionFailure("an approach and a login have timers of their own, and a page has none")
        }
    }

    /// Ends whatever is under way: the proxy is being stopped, or an operator wants it.
    func stop(_ why: Refusal = .stopping) {
        switch phase {
        case .resting, .answering: close()
        case .readingHead: refuse(why, at: .negotiate)
        case .loggingIn: refuse(why, at: .authenticate)
        case .approaching(let approach): refuse(why, at: approach.stage)
        case .making: refuse(why, at: .reply)
        case .exchanging(let exchange) where exchange.responseBody == nil:
            reset(exchange)
            refuse(why, at: .relay)
        case .exchanging(let exchange): abort(exchange, .connectionTerminated, by: .operator)
        case .ended: break
        }
    }

    /// Closes the connection if no request is under way.
    func stopIfResting() {
        if case .resting = phase { close() }
    }

    // MARK: - Reading heads

    private func readHead() {
        // An answer that is through at once comes back here from within; the loop below then goes on.
        guard !isReadingHeads else { return }
        isReadingHeads = true
        defer { isReadingHeads = false }
        var requests = 0
        while true {
            switch phase {
            case .readingHead: break
            case .resting:
                requests += 1
                if requests > Self.budget { return askAgain() }
            case .loggingIn, .approaching, .making, .exchanging, .answering, .ended: return
            }
            if !inbox.isEmpty {
                begin()
                guard scanHead() else { continue }
                waitForHead()
            }
            guard client.canRead else { return }
            switch Socket.receive(client.descriptor, into: worker.loop.scratch) {
            case .bytes(let count):
                client.received(count, of: worker.loop.scratch.count)
                inbox.append(UnsafeRawBufferPointer(rebasing: worker.loop.scratch[..<count]))
            case .wouldBlock: client.receivedNothing()
            case .end: clientLeft(nil)
            case .failed(let error): clientLeft(error)
            }
        }
    }

    /// A request's first byte is there: from now on it is owed a record.
    private func begin() {
        guard case .resting = phase else { return }
        phase = .readingHead
        isAwaitingHead = false
        request = ForwardRequest()
        isForWebsite = false
        ordinal += 1
        var next = worker.nextRequest(connection.number, connection.client, connection.listener, nextNotes())
        next.facts.proto = .http
        if let place { next.withNotes { $0.place = place } }
        trace = consume next
    }

    private func nextNotes() -> Trace.HTTPNotes {
        guard isKnownUniquelyReferenced(&spareNotes), let notes = spareNotes else {
            return Trace.HTTPNotes(ordinal: ordinal)
        }
        notes.reset(ordinal: ordinal)
        return notes
    }

    /// Begins the wait for the rest of a head. One that is there at once never waits.
    private func waitForHead() {
        guard !isAwaitingHead else { return }
        isAwaitingHead = true
        worker.handshakeTimers.start(self)
    }

    /// Looks for a head in the inbox.
    ///
    /// - Returns: whether more bytes are needed.
    private func scanHead() -> Bool {
        var found: Result<Int?, HTTP1.ParseError> = .success(nil)
        var scanner = scanner
        inbox.withBytes { bytes in
            do throws(HTTP1.ParseError) {
                found = .success(try scanner.scan(bytes.span))
            } catch {
                found = .failure(error)
            }
        }
        switch found {
        case .success(nil):
            self.scanner = scanner
            return true
        case .success(let length?):
            self.scanner = HTTP1.HeadScanner(.request)
            handleHead(length)
        case .failure(let error):
            inbox.withBytes { trace?.facts.takeRefused($0.span) }
            refuse(.malformed(error), at: .negotiate)
        }
        return false
    }

    /// Something has passed: whether the user may go on at once.
    func charge(_ bytes: UInt64) {
        guard let meter = trace?.notes?.userPlace?.meter, let instant = meter.charge(bytes, at: worker.loop.now) else {
            return
        }
        isPaused = true
        worker.loop.wake(self, at: instant)
    }

    // MARK: - The request's time with its origin

    /// The request has its origin; from here on something has to move.
    func beginExchange(_ exchange: Exchange) {
        phase = .exchanging(exchange)
        countRelayed()
        up = Flow()
        down = Flow()
        counted = (0, 0)
        isLastWait = false
        isPaused = false
        if let meter = trace?.notes?.userPlace?.meter {
            up.mostPerRead = meter.quantum
            down.mostPerRead = meter.quantum
        }
        worker.withLoop { $0.hand(exchange.origin.leg.registration, to: self, tag: Self.originTag) }
        worker.idleTimers.start(self)
    }

    /// Counts what has passed since it was last counted.
    func countRelayed() {
        worker.counters.relayed(up: up.delivered &- counted.up, down: down.delivered &- counted.down)
        counted = (up.delivered, down.delivered)
    }

    /// Something has moved.
    func touch() {
        if isPaused { return }
        (isLastWait ? worker.lingerTimers : worker.idleTimers).touch(self)
    }

    /// A client that has sent its FIN may still be reading. It gets its answer if that comes soon; if nothing moves for a
    /// while the client is taken to have left, and the origin is let go.
    func waitShorterIfClientEnded() {
        guard client.peerClosed, !isLastWait, !isPaused else { return }
        isLastWait = true
        worker.lingerTimers.start(self)
    }

    // MARK: - Ends

    /// Whether no other request is taken after this one: the proxy is being stopped, or the log takes nothing, and who
    /// comes then has to wait with those who are not accepted.
    var isLastRequest: Bool { worker.isDraining || worker.recorder.isStalled }

    /// The answer is through: on to the next request, or the end.
    func finished(persistent: Bool) {
        trace = nil
        guard persistent && !isLastRequest else {
            handOver()
            LingeringClose.take(client, on: worker)
            return
        }
        phase = .resting
        inbox.rest()
        if outgoing.capacity > Self.keptCapacity { outgoing = [] }
        worker.keepAliveTimers.start(self)
        readHead()
    }

    /// Closes without a word: nothing is under way.
    func close() {
        handOver()
        worker.closeClient(client)
    }

    /// Lets go of everything but the client's connection, which is somebody else's from now on.
    func handOver() {
        phase = .ended
        trace = nil
        worker.loop.stopTimer(of: self)
        dropBound()
    }

    /// The client has closed or reset its connection.
    func clientLeft(_ error: Errno?) {
        switch phase {
        case .resting, .answering: close()
        case .readingHead:
            record(Ending(outcome: .httpRequestError, endedBy: .client, stage: .negotiate, errno: error?.rawValue))
            close()
        case .loggingIn(let login, _):
            login.cancel()
            record(
                Ending(outcome: .connectionTerminated, endedBy: .client, stage: .authenticate, errno: error?.rawValue))
            close()
        case .approaching(let approach):
            let stage = approach.stage
            approach.cancel()
            record(Ending(outcome: .connectionTerminated, endedBy: .client, stage: stage, errno: error?.rawValue))
            close()
        case .making:
            record(Ending(outcome: .connectionTerminated, endedBy: .client, stage: .reply, errno: error?.rawValue))
            close()
        case .exchanging(let exchange): abort(exchange, .connectionTerminated, by: .client, error)
        case .ended: break
        }
    }

    /// Writes the request's one record.
    func record(_ ending: Ending) {
        guard let trace = trace.take() else { preconditionFailure("a second record for a request") }
        countRelayed()
        worker.record(trace, ending)
        spareNotes = trace.http
    }
}
