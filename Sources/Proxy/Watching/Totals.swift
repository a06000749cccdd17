import AccessLog
import EventLoop

/// What has been counted since the start, as far as the dashboard shows how it grows.
struct Totals {
    private(set) var counts = [UInt64](repeating: 0, count: Count.allCases.count)
    /// The classes of how long stages took.
    private(set) var durations = [[UInt64]](
        repeating: [UInt64](repeating: 0, count: Histogram.bounds + 1), count: Stage.allCases.count)

    /// The raw value names it in samples.
    enum Count: String, CaseIterable {
        case accepted, records, allow, deny
        case unjudged = "none"
        case up, down
        case refused
        case lookUps = "lookups"
        case failedLookUps = "dns_failed"
        case lateLookUps = "dns_timeout"
        case queries
        case logWritten = "log_written"
        case logLost = "log_lost"

        var index: Int { ordinal }
    }

    enum Stage: String, CaseIterable {
        case resolve, connect
        case firstByte = "first_byte"

        var span: WorkerCounters.Span {
            switch self {
            case .resolve: .resolve
            case .connect: .connect
            case .firstByte: .firstByte
            }
        }
    }

    init() {}

    subscript(count: Count) -> UInt64 {
        get { counts[count.index] }
        set { counts[count.index] = newValue }
    }

    /// What has come since `earlier`.
    func since(_ earlier: Totals) -> Totals {
        var grown = self
        for index in counts.indices { grown.counts[index] = counts[index] &- min(counts[index], earlier.counts[index]) }
        for stage in durations.indices {
            for index in durations[stage].indices {
                let before = min(durations[stage][index], earlier.durations[stage][index])
                grown.durations[stage][index] = durations[stage][index] - before
            }
        }
        return grown
    }

    /// Milliseconds within which `share` of a stage's durations were; nil where there were none. Within the class in which
    /// it is, it is taken to be as far up as its share is.
    func quantile(_ share: Double, of stage: Int) -> Double? {
        let classes = durations[stage]
        let all = classes.reduce(0, +)
        guard all > 0 else { return nil }
        var left = Double(all) * share
        for (place, count) in classes.enumerated() {
            guard left > Double(count) || count == 0 else {
                let top = Double(Histogram.bound(min(place, Histogram.bounds - 1))) / 1000
                let bottom = place == 0 ? 0 : top / 2
                return bottom + (top - bottom) * left / Double(count)
            }
            left -= Double(count)
        }
        return Double(Histogram.bound(Histogram.bounds - 1)) / 1000
    }

    init(_ server: Server) {
        for worker in server.workers {
            let counters = worker.counters
            self[.accepted] += counters[.connectionsAccepted]
            self[.records] += UInt64(worker.tally.counts.recorded)
            self[.allow] += counters[Verdict.allow as Verdict?]
            self[.deny] += counters[Verdict.deny as Verdict?]
            self[.unjudged] += counters[nil as Verdict?]
            self[.up] += counters[.relayedUp]
            self[.down] += counters[.relayedDown]
            for limit in ReachedLimit.allCases { self[.refused] += counters[limit] }
            for (index, stage) in Stage.allCases.enumerated() {
                for (place, count) in counters[stage.span].dropLast().enumerated() { durations[index][place] += count }
            }
        }
        let resolver = server.resolver.counts
        self[.lookUps] = resolver.lookUps
        self[.failedLookUps] = resolver.failed
        self[.lateLookUps] = resolver.timedOut
        self[.queries] = resolver.datagramQueries + resolver.streamQueries
        self[.logWritten] = server.log?.counters.written ?? 0
        self[.logLost] = server.log?.counters.lost ?? 0
    }
}
