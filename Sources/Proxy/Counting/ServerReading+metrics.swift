// How the proxy itself is doing.
extension ServerReading {
    /// Everything, in the order in which it is shown.
    var metrics: [Metric] {
        [info] + trafficMetrics + resolverMetrics + logMetrics + policyMetrics + loadMetrics + processMetrics
    }

    private var info: Metric {
        Metric(
            name: "info", kind: .gauge, help: "Always 1; the labels say what runs and what it judges by.",
            samples: [
                Metric.Sample(labels: [("version", version), ("policy", policy.fingerprint)], value: 1)
            ])
    }

    private var resolverMetrics: [Metric] {
        [
            .counter("dns_lookups_total", "Look-ups of names begun.", resolver.lookUps),
            .gauge("dns_lookups_open", "Look-ups of names under way.", Double(resolver.inFlight)),
            .by(
                "result", .counter, "dns_results_total", "Look-ups of names that have ended, by what they came to.",
                [
                    ("found", Double(resolver.found)), ("not_found", Double(resolver.notFound)),
                    ("failed", Double(resolver.failed)), ("timed_out", Double(resolver.timedOut)),
                ]),
            .by(
                "transport", .counter, "dns_queries_total", "Queries sent to name servers.",
                [("udp", Double(resolver.datagramQueries)), ("tcp", Double(resolver.streamQueries))]),
            .counter("dns_responses_total", "Answers of name servers to a query of ours.", resolver.responses),
        ]
    }

    private var logMetrics: [Metric] {
        let counters = log?.counters
        return [
            .counter("log_lines_submitted_total", "Lines handed to the log.", counters?.submitted ?? 0),
            .counter("log_lines_written_total", "Lines that the log's file has taken.", counters?.written ?? 0),
            .counter("log_lines_lost_total", "Lines that were dropped.", counters?.lost ?? 0),
            .counter("log_bytes_written_total", "Bytes that the log's file has taken.", counters?.bytes ?? 0),
            .counter("log_seals_total", "Seals that the log's file has taken.", counters?.seals ?? 0),
            .gauge("log_queue_bytes", "Bytes of lines that wait for the log's file.", Double(log?.backlogBytes ?? 0)),
            .gauge(
                "log_stalled", "Whether nobody is accepted because the log takes nothing.",
                log?.isStalled == true ? 1 : 0),
        ]
    }

    private var policyMetrics: [Metric] {
        [
            .gauge("policy_rules", "Rules of the policy in force.", Double(policy.rules)),
            .gauge("policy_entries", "Entries of its lists.", Double(policy.entries)),
            .gauge(
                "policy_loaded_time_seconds", "When it came into force, since the epoch.", Double(policy.since) / 1e6),
            .gauge(
                "policy_age_seconds", "For how long it has been in force.", max(0, now - Double(policy.since) / 1e6)),
            .counter("policy_reloads_total", "Policies put in force since the start.", policy.reloads),
            .counter("policy_reloads_refused_total", "Faulty policies that were not put in force.", policy.refused),
        ]
    }

    private var loadMetrics: [Metric] {
        [
            byWorker(.counter, "worker_turns_total", "Rounds of events that a worker has dealt with.") {
                Double($0.load.turns)
            },
            byWorker(
                .counter, "worker_busy_seconds_total", "Time that a worker was busy, measured in every 17th round."
            ) { Double($0.load.busyNanoseconds) / 1e9 },
            byWorker(.gauge, "pipes_lent", "Pipes that carry the bulk of tunnels.") { Double($0.load.pipes.lent) },
            byWorker(.gauge, "pipes_spare", "Pipes kept for the next bulk.") { Double($0.load.pipes.spare) },
        ]
    }

    private var processMetrics: [Metric] {
        [
            .gauge("start_time_seconds", "When the server started, since the epoch.", start),
            .gauge("uptime_seconds", "For how long it has run.", max(0, now - start)),
            Metric(
                name: "cpu_seconds_total", kind: .counter, help: "Processor time of the process.",
                samples: [Metric.Sample(labels: [], value: Double(process.processorMicroseconds) / 1e6)]),
            .gauge("resident_memory_bytes", "Memory that the process holds.", Double(process.residentBytes)),
            .gauge(
                "over_memory", "Whether new connections are turned away because of --max-memory.", isOverMemory ? 1 : 0),
            .gauge("descriptors_open", "Descriptors that are open.", Double(process.descriptors)),
            .gauge("descriptors_limit", "Descriptors that may be open.", Double(process.mostDescriptors)),
        ]
    }
}
