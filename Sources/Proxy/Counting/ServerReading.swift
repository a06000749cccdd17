import AccessLog
import EventLoop

/// All that is counted and measured, read at one time. Reading holds up nobody: counters are read where they stand.
struct ServerReading: Sendable {
    let version: String
    /// Seconds since the epoch.
    let now: Double
    let start: Double
    let workers: [Worker]
    let log: (counters: LogWriter.Counters, backlogBytes: Int, isStalled: Bool)?
    let policy: PolicyStatus
    let resolver: ResolverCounts
    let process: ProcessReading
    let isOverMemory: Bool

    struct Worker: Sendable {
        let counters: WorkerCounters
        let load: LoopLoad
        let owed: (accepted: Int, recorded: Int)
    }

    /// Of all workers together.
    func sum(_ value: (WorkerCounters) -> UInt64) -> UInt64 {
        workers.reduce(0) { $0 &+ value($1.counters) }
    }

    func sum(_ cell: WorkerCounters.Cell) -> UInt64 { sum { $0[cell] } }

    /// What was begun less what has ended, which may be read a moment later.
    func open(_ worker: Worker, _ begun: WorkerCounters.Cell, _ ended: WorkerCounters.Cell) -> UInt64 {
        let over = worker.counters[ended]
        let all = worker.counters[begun]
        return all > over ? all - over : 0
    }
}

extension Server {
    func reading() -> ServerReading {
        ServerReading(
            version: configuration.version, now: Double(WallClock.microseconds()) / 1e6,
            start: Double(startTime) / 1e6,
            workers: workers.map {
                ServerReading.Worker(counters: $0.counters, load: $0.load, owed: $0.tally.counts)
            },
            log: log.map { ($0.counters, $0.backlogBytes, $0.isStalled) }, policy: policy.withLock { $0 },
            resolver: resolver.counts, process: .now(), isOverMemory: memory?.isOver ?? false)
    }
}
