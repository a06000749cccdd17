import AccessLog
import Addressing
import Dispatch
import EventLoop
import Glibc
import Policy
import Synchronization

/// The running proxy: listening sockets and the workers that serve them.
public final class Server: Sendable {
    /// Where it listens, ports resolved.
    public let endpoints: [Endpoint]
    /// Optional listeners that the machine has no address for.
    public let skipped: [Endpoint]
    private let sockets: [ListeningSocket]
    private let workers: [Sibling]
    private let isStopping = Atomic<Bool>(false)

    /// Binds, and serves from then on.
    ///
    /// - Parameters:
    ///   - resolver: looks names up.
    ///   - log: gets every record; the caller closes it after the server has stopped.
    /// - Throws: `StartError`; nothing is left open.
    public init(
        _ configuration: Configuration, ruleset: Ruleset, log: LogWriter, resolver: any Resolver = SystemResolver()
    ) throws(StartError) {
        (sockets, skipped) = try Self.bind(configuration.listeners)
        endpoints = sockets.map(\.endpoint)
        let run = UInt64(WallClock.microseconds() / 1000)
        var workers: [Sibling] = []
        for index in 0..<configuration.workers {
            let plan = Worker.Plan(
                index: UInt16(index), run: run, configuration: configuration, ruleset: ruleset, log: log,
                resolver: resolver, tally: Tally(), listenerEndpoints: endpoints)
            do throws(Errno) {
                workers.append(try Self.startWorker(plan))
            } catch {
                throw .worker(error)
            }
        }
        self.workers = workers
        let descriptors = sockets.map(\.descriptor)
        for (index, worker) in workers.enumerated() {
            let siblings = workers.enumerated().filter { $0.offset != index }.map(\.element)
            worker.mailbox.post { worker in
                worker.siblings = siblings
                worker.listen(on: descriptors)
            }
        }
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
            for socket in self.sockets { socket.close() }
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

    // MARK: - Private

    /// Runs `work` on each worker's loop; the group is complete when each has called `done`.
    private func onEachWorker(_ work: @escaping @Sendable (Worker, _ done: @escaping @Sendable () -> Void) -> Void)
        -> DispatchGroup
    {
        let group = DispatchGroup()
        for worker in workers {
            group.enter()
            worker.mailbox.post { work($0) { group.leave() } }
        }
        return group
    }

    private static func bind(
        _ listeners: [Configuration.Listener]
    ) throws(StartError) -> (bound: [ListeningSocket], skipped: [Endpoint]) {
        var bound: [ListeningSocket] = []
        var skipped: [Endpoint] = []
        for listener in listeners {
            do throws(Errno) {
                bound.append(ListeningSocket(try Socket.listen(on: listener.endpoint)))
            } catch {
                let isAbsent = error.rawValue == EADDRNOTAVAIL || error.rawValue == EAFNOSUPPORT
                guard listener.isOptional && isAbsent else { throw .listen(listener.endpoint, error) }
                skipped.append(listener.endpoint)
            }
        }
        return (bound, skipped)
    }

    /// Starts a worker's loop and waits for its mailbox.
    private static func startWorker(_ plan: Worker.Plan) throws(Errno) -> Sibling {
        let ready = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Mailbox<Worker>, Errno>?>(nil)
        try EventLoop.start(name: "sallyport.worker.\(plan.index)") { loop in
            let made = Result { () throws(Errno) in try Worker(plan, on: loop) }
            result.withLock { $0 = made.map(\.mailbox) }
            ready.signal()
        }
        ready.wait()
        guard let made = result.withLock({ $0 }) else { preconditionFailure("signalled without a result") }
        return Sibling(mailbox: try made.get(), tally: plan.tally)
    }
}

/// Why a server does not start. The description is one line for the operator.
public enum StartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The socket can't be made or bound: in use, not this machine's, not permitted.
    case listen(Endpoint, Errno)
    case worker(Errno)

    public var description: String {
        switch self {
        case .listen(let endpoint, let error): "can't listen on \(endpoint): \(error)"
        case .worker(let error): "can't start a worker: \(error)"
        }
    }
}
