import EventLoop

/// What came within a time, and what there was at its end: a point of the dashboard's plots.
struct Sample {
    /// Its end, in seconds since the epoch.
    let time: Double
    let seconds: Double
    let grown: Totals
    let gauges: Gauges

    /// As an object of JSON: what came as numbers per second, but for the log's losses, which are numbers.
    var json: [UInt8] {
        var object = JSONObject()
        object.add("t", time)
        object.add("s", Self.short(seconds))
        for count in Totals.Count.allCases where count != .logLost {
            object.add(count.rawValue, Self.short(Double(grown[count]) / seconds))
        }
        object.add("log_lost", Double(grown[.logLost]))
        for (index, stage) in Totals.Stage.allCases.enumerated() {
            guard let half = grown.quantile(0.5, of: index), let most = grown.quantile(0.99, of: index) else {
                continue
            }
            object.add(stage.rawValue + "_p50", Self.short(half))
            object.add(stage.rawValue + "_p99", Self.short(most))
        }
        for (name, value) in gauges.named { object.add(name, value) }
        object.end()
        return object.bytes
    }

    /// To three decimals.
    private static func short(_ value: Double) -> Double {
        (value * 1000).rounded() / 1000
    }
}

/// What there is at one time.
struct Gauges {
    var connections: UInt64 = 0
    var tunnels: UInt64 = 0
    var requests: UInt64 = 0
    var lookUps: UInt64 = 0
    var logBacklog = 0
    var isLogStalled = false
    var memory: UInt64 = 0

    init() {}

    init(_ server: Server) {
        for worker in server.workers {
            let counters = worker.counters
            connections += Self.open(counters, .connectionsAccepted, .connectionsClosed)
            tunnels += Self.open(counters, .tunnelsOpened, .tunnelsEnded)
            requests += UInt64(max(0, worker.tally.open))
        }
        lookUps = server.resolver.counts.inFlight
        logBacklog = server.log?.backlogBytes ?? 0
        isLogStalled = server.log?.isStalled ?? false
        memory = ResidentMemory.bytes() ?? 0
    }

    var named: [(String, Double)] {
        [
            ("connections", Double(connections)), ("tunnels", Double(tunnels)), ("requests", Double(requests)),
            ("lookups_open", Double(lookUps)), ("log_queue", Double(logBacklog)),
            ("log_stalled", isLogStalled ? 1 : 0), ("memory", Double(memory)),
        ]
    }

    private static func open(
        _ counters: WorkerCounters, _ begun: WorkerCounters.Cell, _ ended: WorkerCounters.Cell
    ) -> UInt64 {
        let over = counters[ended]
        let all = counters[begun]
        return all > over ? all - over : 0
    }
}
