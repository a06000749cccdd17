import AccessLog
import Addressing
import Dispatch
import EventLoop
import Policy
import Synchronization

/// The running proxy: listening sockets and the workers that serve them.
public final class Server: Sendable {
    let workers: [Sibling]
    let listeners: Mutex<ListenerTable>
    /// Nil while nothing is limited.
    let limiter: Mutex<Limiter?>
    let configuration: Configuration
    let log: LogWriter?
    let resolver: any Resolver
    let memory: MemoryGuard?
    let policy: Mutex<PolicyStatus>
    /// Microseconds since the epoch.
    let startTime = WallClock.microseconds()
    private let isStopping = Atomic<Bool>(false)

    /// Binds; clients can connect, and wait for `serve`.
    ///
    /// - Parameters:
    ///   - resolver: looks names up.
    ///   - log: gets every record; the caller closes it after the server has stopped. Nil where records are not wanted:
    ///     they are counted all the same.
    /// - Throws: `StartError`; nothing is left open.
    public convenience init(
        _ configuration: Configuration, ruleset: Ruleset, log: LogWriter?, resolver: any Resolver = SystemResolver()
    ) throws(StartError) {
        let listeners = try BoundListeners(configuration.listeners)
        try self.init(configuration, on: listeners, ruleset: ruleset, log: log, resolver: resolver)
    }

    /// - Parameters:
    ///   - listeners: what it serves; closed when it stops.
    ///   - resolver: looks names up.
    ///   - log: gets every record; the caller closes it after the server has stopped.
    /// - Throws: `StartError`.
    public init(
        _ configuration: Configuration, on listeners: BoundListeners, ruleset: Ruleset, log: LogWriter?,
        resolver: any Resolver = SystemResolver()
    ) throws(StartError) {
        let table = listeners.table
        self.listeners = Mutex(table)
        self.configuration = configuration
        self.log = log
        self.resolver = resolver
        policy = Mutex(PolicyStatus(ruleset))
        memory = configuration.limits.memory.map { MemoryGuard(limit: $0, read: configuration.readsMemory) }
        let run = UInt64(startTime / 1000)
        let originHealth = OriginHealth()
        let limiter = Limiter(configuration.limits)
        self.limiter = Mutex(limiter)
        let denials = RecentDenials()
        let pageMaker = PageMaker()
        var workers: [Sibling] = []
        for index in 0..<configuration.workers {
            let plan = Worker.Plan(
                index: UInt16(index), run: run, configuration: configuration, ruleset: ruleset, log: log,
                resolver: resolver, originHealth: originHealth, tally: Tally(), listeners: table,
                counters: WorkerCounters(), limiter: limiter, memory: memory, denials: denials,
                pageMaker: pageMaker)
            do throws(Errno) {
                workers.append(try Self.startWorker(plan))
            } catch {
                throw .worker(error)
            }
        }
        self.workers = workers
    }

    /// Where it listens, ports resolved.
    public var endpoints: [Endpoint] { listeners.withLock { $0.endpoints } }

    /// The listening sockets, for another process that is to serve them too. Valid until a change of configuration or `stop`.
    public var listeningDescriptors: [CInt] { listeners.withLock { $0.sockets.map(\.descriptor) } }

    /// Serves from now on. To be called once, when all else is in place that needs descriptors: clients may take the rest.
    public func serve() {
        let table = listeners.withLock { $0 }
        for (index, worker) in workers.enumerated() {
            let siblings = workers.enumerated().filter { $0.offset != index }.map(\.element)
            worker.mailbox.post { worker in
                worker.siblings = siblings
                worker.listen(by: table)
            }
        }
    }

    /// Judges every request from now on by `ruleset`. Open tunnels go on, unless the configuration says that those now
    /// denied are to end.
    ///
    /// - Parameter former: what has been judged by, where it is large. It is kept until no worker does any more, and then let go on a queue on
    ///   which giving its memory back, milliseconds for millions of names, holds up no connection.
    public func judge(by ruleset: Ruleset, insteadOf former: Ruleset? = nil) {
        policy.withLock { $0.replaced(by: ruleset) }
        onEachWorker { worker, done in
            worker.judge(by: ruleset)
            done()
        }.notify(queue: .global()) { withExtendedLifetime(former) {} }
    }

    /// Counts a faulty policy that was not put in force.
    func refusedPolicy() {
        policy.withLock { $0.refusedReload() }
    }

    /// Connections accepted, and records written for them.
    public var counts: (accepted: Int, recorded: Int) {
        workers.reduce((0, 0)) { sum, worker in
            let counts = worker.tally.counts
            return (sum.0 + counts.accepted, sum.1 + counts.recorded)
        }
    }

    /// Takes no more connections, lets those that are open finish for up to `grace`, then ends them, each with its
    /// record, and calls `completion` once, on a queue of its own.
    public func stop(grace: Duration, completion: @escaping @Sendable () -> Void) {
        guard !isStopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let queue = DispatchQueue(label: "sallyport.stop")
        queue.async {
            // First all stop listening, so that what one has handed to another is in the other's mailbox by then.
            self.onEachWorker { worker, done in
                worker.stopListening()
                done()
            }.wait()
            for socket in self.listeners.withLock({ $0.sockets }) { socket.close() }
            let idle = self.onEachWorker { worker, done in worker.whenIdle(done) }
            if idle.wait(timeout: .now() + .nanoseconds(Int(grace.nanoseconds))) == .timedOut { self.endAll() }
            idle.wait()
            self.onEachWorker { worker, done in worker.shutDown(completion: done) }.wait()
            completion()
        }
    }

    /// Ends every connection at once, with its record. Only after `stop`, whose completion is then near.
    public func endAll() {
        for worker in workers { worker.mailbox.post { $0.endAll() } }
    }

    /// Connections that are owed a record, worker by worker.
    public var openConnections: [Int] { workers.map(\.tally.open) }

    /// Calls `answer` once every worker's loop has come round; never while one of them is stuck.
    public func whenWorkersAnswer(_ answer: @escaping @Sendable () -> Void) {
        onEachWorker { _, done in done() }.notify(queue: .global(), execute: answer)
    }

    // MARK: - Private

    /// Runs `work` on each worker's loop; the group is complete when each has called `done`.
    func onEachWorker(_ work: @escaping @Sendable (Worker, _ done: @escaping @Sendable () -> Void) -> Void)
        -> DispatchGroup
    {
        let group = DispatchGroup()
        for worker in workers {
            group.enter()
            worker.mailbox.post { work($0) { group.leave() } }
        }
        return group
    }

    /// Starts a worker's loop and waits for its mailbox.
    private static func startWorker(_ plan: Worker.Plan) throws(Errno) -> Sibling {
        let made = Handover<Result<Sibling, Errno>>()
        try EventLoop.start(name: "sallyport.worker.\(plan.index)") { loop in
            made.give(
                Result { () throws(Errno) in try Worker(plan, on: loop) }.map { worker in
                    Sibling(mailbox: worker.mailbox, tally: plan.tally, counters: plan.counters, load: loop.load)
                })
        }
        return try made.take().get()
    }
}
