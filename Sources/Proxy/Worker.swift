import AccessLog
import Addressing
import EventLoop
import Policy
import Wire

/// One event loop and all that lives on it. Confined to the loop; other threads speak to it through its mailbox.
final class Worker {
    let loop: EventLoop
    private let uncountedLoop: Unmanaged<EventLoop>
    var configuration: Configuration
    let resolver: any Resolver
    private(set) var ruleset: Ruleset
    /// When it came into force; microseconds since the epoch.
    private(set) var policySince = WallClock.microseconds()

    private(set) var handshakeTimers: Timers
    private(set) var lookUpTimers: Timers
    private(set) var idleTimers: Timers
    let lingerTimers: Timers
    private(set) var keepAliveTimers: Timers
    let failureTimers: Timers
    private(set) var datagramTimers: Timers
    let peerTimers: Timers

    /// Storage that requests use one after the other: the head being parsed, the answer being sent.
    var requestHead = HTTP1.RequestHead()
    var responseHead = HTTP1.ResponseHead()
    var answer: [UInt8] = []
    var spareInbox = Inbox()
    var recentTexts = RecentTexts()
    var approaches = WaitingList<Approach>()
    var logins = WaitingList<Login>()
    var associations = WaitingList<Association>()
    private(set) var loopGuard: LoopGuard
    var dialSettings: DialSettings
    /// Of each listener; see `Configuration.Listener`.
    private(set) var balancers: [[IPPrefix]?] = []
    var pageWaiters = WaitingList<HTTPConnection>()
    /// Nil where nothing is limited.
    var limiter: Limiter?
    private lazy var memoryWatch = memory.map { MemoryWatch($0, of: self) }
    private let memory: MemoryGuard?
    let denials: RecentDenials
    let pageMaker: PageMaker
    private var date = HTTPDate()
    let originPool: OriginPool

    let recorder: Recorder
    private(set) lazy var longTunnels = LongTunnels(self, every: configuration.tunnelNoteInterval)
    let tally: Tally
    let counters: WorkerCounters
    /// The other workers.
    var siblings: [Sibling] = []
    /// See `acceptBeyondLimit`.
    var reserve = ReserveDescriptors()
    private(set) var listeners: [Int: Listener] = [:]
    private var connections: UInt64 = 0
    /// Whether the proxy is being stopped: connections end with the request under way.
    private(set) var isDraining = false
    private var idleCompletion: (() -> Void)?
    private var mailboxStorage: Mailbox<Worker>?

    /// How long a refused client may take to close.
    private static let lingering = Duration.seconds(2)

    init(_ plan: Plan, on loop: EventLoop) throws(Errno) {
        self.loop = loop
        uncountedLoop = .passUnretained(loop)
        configuration = plan.configuration
        resolver = plan.resolver
        ruleset = plan.ruleset
        recorder = Recorder(
            plan.log, worker: plan.index, run: plan.run, plan.configuration.privacy)
        tally = plan.tally
        limiter = plan.limiter
        loopGuard = LoopGuard(plan.listeners.destinations)
        dialSettings = DialSettings(plan.configuration, health: plan.originHealth, on: loop)
        counters = plan.counters
        memory = plan.memory
        denials = plan.denials
        pageMaker = plan.pageMaker
        handshakeTimers = loop.timers(after: plan.configuration.handshakeTimeout)
        lookUpTimers = loop.timers(after: plan.configuration.connectTimeout)
        idleTimers = loop.timers(after: plan.configuration.idleTimeout)
        lingerTimers = loop.timers(after: Self.lingering)
        keepAliveTimers = loop.timers(after: plan.configuration.keepAliveTimeout)
        failureTimers = loop.timers(after: Login.delay)
        peerTimers = loop.timers(after: PeerListener.patience)
        datagramTimers = loop.timers(after: plan.configuration.datagramIdleTimeout)
        originPool = OriginPool(plan.configuration.originPool, on: loop)
        mailboxStorage = try Mailbox(of: self, on: loop)
        know(plan.listeners)
        loop.turnEnded = { [unowned self] in self.turnEnded() }
    }

    /// What a worker is made of, handed over to its loop.
    struct Plan: Sendable {
        let index: UInt16
        /// Milliseconds since the epoch when the server started.
        let run: UInt64
        let configuration: Configuration
        let ruleset: Ruleset
        let log: LogWriter?
        let resolver: any Resolver
        let originHealth: OriginHealth
        let tally: Tally
        let listeners: ListenerTable
        let counters: WorkerCounters
        let limiter: Limiter?
        let memory: MemoryGuard?
        let denials: RecentDenials
        let pageMaker: PageMaker
    }

    var mailbox: Mailbox<Worker> {
        guard let mailboxStorage else { preconditionFailure("a worker without a mailbox is still being made") }
        return mailboxStorage
    }

    /// A request's `id` in the log.
    @inline(__always)
    func requestID(_ trace: Trace?) -> String {
        guard let trace else { return "" }
        return recorder.connectionID(trace).id(ofRequest: UInt64(trace.http?.ordinal ?? 1))
    }

    /// The loop, for what is done at every event: calls through `loop` hold it while they last, which costs two counts.
    @inline(__always)
    func withLoop<Result>(_ body: (EventLoop) -> Result) -> Result {
        uncountedLoop._withUnsafeGuaranteedRef(body)
    }

    // MARK: - Connections

    /// Listens where the table says, and no longer where it doesn't.
    func listen(by table: ListenerTable) {
        know(table)
        // The proxy may be stopped before it has begun.
        guard !isDraining else { return }
        for (index, place) in table.places.enumerated() {
            if let listener = listeners[index], listener.descriptor != place.socket?.descriptor {
                listener.stop()
                listeners[index] = nil
            }
            if let socket = place.socket, listeners[index] == nil {
                listeners[index] = Listener(socket.descriptor, index: UInt16(index), on: self)
            }
        }
    }

    private func know(_ table: ListenerTable) {
        balancers = table.places.map(\.balancers)
        loopGuard = LoopGuard(table.destinations)
        recorder.listeners = table.places.map(\.endpoint)
    }

    /// Takes the times of the configuration for waits that begin from now on.
    func setTimers() {
        handshakeTimers = loop.timers(after: configuration.handshakeTimeout)
        lookUpTimers = loop.timers(after: configuration.connectTimeout)
        idleTimers = loop.timers(after: configuration.idleTimeout)
        keepAliveTimers = loop.timers(after: configuration.keepAliveTimeout)
        datagramTimers = loop.timers(after: configuration.datagramIdleTimeout)
    }

    /// A connection was accepted, here or by another worker that has more of them.
    ///
    /// - Parameter limit: what the proxy lacks for serving it: its request is refused.
    func adopt(
        _ descriptor: consuming FileDescriptor, from client: Endpoint, listener: UInt16, beyond limit: Errno? = nil
    ) {
        let trace = accept(client, listener)
        if let balancers = balancers[Int(listener)], !balancers.contains(where: { $0.contains(client.address) }) {
            counters.add(to: .connectionsClosed)
            return record(trace, Ending(Refusal.notBalancer, at: .accept))
        }
        let session = Session(consume trace, on: self)
        do throws(Errno) {
            let limit = limit.map { Refusal.outOfResources($0) } ?? memoryWatch?.connectionCame()
            try session.start(descriptor, beyond: limit)
        } catch {
            counters.add(to: .connectionsClosed)
            record(session.trace, Ending(Refusal.unconnected(error), at: .accept))
        }
    }

    /// A connection is counted, and so is owed a record.
    func accept(_ client: Endpoint, _ listener: UInt16) -> Trace {
        connections += 1
        counters.add(to: .connectionsAccepted)
        tally.accepted()
        return Trace(number: connections, client: client, listener: listener, at: loop.now)
    }

    /// A further request on a connection is counted, and so is owed a record of its own.
    func nextRequest(
        _ connection: UInt64, _ client: Endpoint, _ listener: UInt16, _ notes: consuming Trace.HTTPNotes
    ) -> Trace {
        tally.accepted()
        return Trace(number: connection, client: client, listener: listener, at: loop.now, http: notes)
    }

    /// The value of a `Date` field, now.
    func dateText() -> [UInt8] {
        date.text(at: WallClock.microseconds())
    }

    /// Closes the connection of a client.
    func closeClient(_ leg: Leg) {
        counters.add(to: .connectionsClosed)
        close(leg)
    }

    func close(_ leg: Leg) {
        loop.close(leg)
    }

    var hasConnections: Bool { counters[.connectionsAccepted] != counters[.connectionsClosed] }

    // MARK: - The policy

    /// Puts another policy in force.
    func judge(by ruleset: Ruleset) {
        self.ruleset = ruleset
        policySince = WallClock.microseconds()
        if configuration.closesForbidden { _ = TunnelRound(on: loop) { $0.judgeAgain() } }
    }

    // MARK: - Records

    /// Writes a request's one record, and counts it.
    func record(_ trace: Trace, _ ending: Ending) {
        recorder.write(trace, ending, by: ruleset, now: loop.now)
        counters.count(trace, ending, now: loop.now)
        if ending.endedBy == .policy { remember(trace) }
        tally.recorded()
    }

    /// Keeps a denial for the client to look at.
    private func remember(_ trace: Trace) {
        guard let denial = RecentDenials.Denial(trace, at: WallClock.microseconds(), request: requestID(trace)) else {
            return
        }
        denials.note(denial, for: RecentDenials.Viewer(client: trace.client.address, user: trace.identity?.user))
    }

    private func turnEnded() {
        recorder.turnEnded()
        // Before anybody else takes what has come free.
        reserve.restore()
        if let idleCompletion, tally.open == 0 {
            self.idleCompletion = nil
            idleCompletion()
        }
    }

    // MARK: - Stopping

    func stopListening() {
        isDraining = true
        for listener in listeners.values { listener.stop() }
        listeners = [:]
        for handler in loop.handlers { (handler as? HTTPConnection)?.stopIfResting() }
    }

    /// Calls `completion` at the end of the turn in which no connection is owed a record any more.
    func whenIdle(_ completion: @escaping () -> Void) {
        idleCompletion = completion
    }

    /// Ends every session and tunnel, with record.
    func endAll() {
        for handler in loop.handlers {
            (handler as? Session)?.stop()
            (handler as? Tunnel)?.stop()
            (handler as? Association)?.stop()
            (handler as? HTTPConnection)?.stop()
        }
    }

    /// Closes what is left, after the worker has become idle: refused clients who have not read their answer.
    func shutDown(completion: @escaping @Sendable () -> Void) {
        for handler in loop.handlers {
            (handler as? LingeringClose)?.deadlinePassed()
            (handler as? OriginConnection)?.stop()
            (handler as? HTTPConnection)?.stop()
        }
        loop.stop(completion: completion)
    }
}

extension EventLoop {
    /// Closes a connection.
    func close(_ leg: Leg) {
        deregister(leg.registration)
        _ = FileDescriptor(owning: leg.descriptor)
    }
}
