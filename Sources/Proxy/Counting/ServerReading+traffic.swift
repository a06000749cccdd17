import AccessLog

// What clients asked for, and what became of it.
extension ServerReading {
    var trafficMetrics: [Metric] {
        connectionMetrics + requestMetrics + volumeMetrics + [durationMetric]
    }

    private var connectionMetrics: [Metric] {
        [
            byWorker(.counter, "connections_accepted_total", "Connections of clients taken from the kernel.") {
                Double($0.counters[.connectionsAccepted])
            },
            byWorker(.gauge, "connections_open", "Connections of clients that are open.") {
                Double(open($0, .connectionsAccepted, .connectionsClosed))
            },
            byWorker(.gauge, "tunnels_open", "Tunnels that are open.") {
                Double(open($0, .tunnelsOpened, .tunnelsEnded))
            },
            .counter("tunnels_opened_total", "Tunnels that were opened.", sum(.tunnelsOpened)),
            byWorker(.gauge, "requests_open", "Requests under way, each of which is owed a record.") {
                Double($0.owed.accepted - $0.owed.recorded)
            },
        ]
    }

    private var requestMetrics: [Metric] {
        [
            .counter(
                "records_total", "Requests that have ended, each with its one record.",
                workers.reduce(0) { $0 + UInt64($1.owed.recorded) }),
            by("proto", RequestProtocol.allCases, "requests_total", "Requests that have ended, by protocol.") {
                $0[$1]
            },
            by("verdict", Verdict.allCases, "verdicts_total", "Requests that have ended, by what the policy said.") {
                $0[$1]
            },
            .counter("would_deny_total", "Requests that a report rule would have denied.", sum(.wouldDeny)),
            all("outcome", "outcomes_total", "Requests that have ended, by outcome (RFC 9209).", Outcome.allCases) {
                $0[$1]
            },
            all("by", "ended_by_total", "Requests that have ended, by who ended them.", EndedBy.allCases) { $0[$1] },
            all("stage", "ended_at_total", "Requests that have ended, by the stage they had come to.", Stage.allCases) {
                $0[$1]
            },
            all("limit", "refused_total", "Requests turned away by a limit of ours.", ReachedLimit.allCases) { $0[$1] },
            all(
                "source", "resolutions_total", "Requests whose name was looked up, by where the answer was from.",
                Resolution.Source.allCases
            ) { $0[$1] },
            .counter("connect_failures_total", "Attempts to connect to an origin that failed.", sum(.attemptsFailed)),
            .counter("origins_reused_total", "Requests sent over an idle connection.", sum(.originsReused)),
        ]
    }

    private var volumeMetrics: [Metric] {
        [
            directions(
                "bytes_total", "Payload of requests that have ended, as their records have it.", .bytesUp, .bytesDown),
            directions("relayed_bytes_total", "Bytes passed on, counted as they pass.", .relayedUp, .relayedDown),
            directions("datagrams_total", "Datagrams of associations that have ended.", .datagramsUp, .datagramsDown),
        ]
    }

    private var durationMetric: Metric {
        let names: [(WorkerCounters.Span, String)] = [
            (.negotiate, "negotiate"), (.authenticate, "auth"), (.resolve, "resolve"), (.connect, "connect"),
            (.firstByte, "first_byte"), (.total, "total"),
        ]
        return Metric(
            name: "duration_seconds", kind: .histogram,
            help: "How long the stages of requests took, as their records have it.",
            distributions: names.map { span, name in
                var cells = [UInt64](repeating: 0, count: Histogram.cells)
                for worker in workers {
                    for (index, value) in worker.counters[span].enumerated() { cells[index] &+= value }
                }
                return Metric.Distribution(
                    labels: [("stage", name)], counts: Array(cells.dropLast()),
                    sum: Double(cells[cells.count - 1]) / 1e6)
            })
    }

    // MARK: - Private

    func byWorker(_ kind: Metric.Kind, _ name: String, _ help: String, _ value: (Worker) -> Double) -> Metric {
        .by("worker", kind, name, help, workers.enumerated().map { (String($0.offset), value($0.element)) })
    }

    private func directions(
        _ name: String, _ help: String, _ up: WorkerCounters.Cell, _ down: WorkerCounters.Cell
    ) -> Metric {
        .by("direction", .counter, name, help, [("up", Double(sum(up))), ("down", Double(sum(down)))])
    }

    private func all<Case: RawRepresentable>(
        _ label: StaticString, _ name: String, _ help: String, _ cases: [Case],
        _ value: (WorkerCounters, Case) -> UInt64
    ) -> Metric where Case.RawValue == String {
        .by(label, .counter, name, help, cases.map { word in (word.rawValue, Double(sum { value($0, word) })) })
    }

    /// As above, where a request may have none.
    private func by<Case: RawRepresentable>(
        _ label: StaticString, _ cases: [Case], _ name: String, _ help: String,
        _ value: (WorkerCounters, Case?) -> UInt64
    ) -> Metric where Case.RawValue == String {
        let values = cases.map { word in (word.rawValue, Double(sum { value($0, word) })) }
        return .by(label, .counter, name, help, values + [("none", Double(sum { value($0, nil) }))])
    }
}
