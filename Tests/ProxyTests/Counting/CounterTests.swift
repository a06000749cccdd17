import AccessLog
import Addressing
import EventLoop
import Glibc
import Policy
import Testing

@testable import Proxy

@Suite("Counters")
struct CounterTests {
    @Test("A case's place is that among all cases")
    func ordinals() {
        func check<Case: CaseIterable & Equatable>(_ type: Case.Type) {
            for (index, value) in Case.allCases.enumerated() { #expect(value.ordinal == index, "\(value)") }
        }
        check(Outcome.self)
        check(RequestProtocol.self)
        check(AccessLog.Verdict.self)
        check(EndedBy.self)
        check(Stage.self)
        check(Resolution.Source.self)
        check(ReachedLimit.self)
    }

    @Test("Every counter has a cell of its own: writing one changes no other")
    func cells() {
        let counters = WorkerCounters()
        var trace = Trace(number: 1, client: Endpoint(.loopbackV4, Port(1)), listener: 0, at: Instant(nanoseconds: 0))
        for proto in RequestProtocol.allCases {
            for outcome in Outcome.allCases {
                trace.facts.proto = proto
                counters.count(trace, Ending(outcome: outcome, endedBy: .operator, stage: .relay), now: trace.accepted)
            }
        }
        let outcomes = UInt64(Outcome.allCases.count)
        let protocols = UInt64(RequestProtocol.allCases.count)
        #expect(RequestProtocol.allCases.allSatisfy { counters[$0] == outcomes })
        #expect(Outcome.allCases.allSatisfy { counters[$0] == protocols })
        #expect(counters[EndedBy.operator] == outcomes * protocols && counters[EndedBy.client] == 0)
        #expect(counters[Stage.relay] == outcomes * protocols && counters[Stage.accept] == 0)
        #expect(counters[nil as AccessLog.Verdict?] == outcomes * protocols && counters[AccessLog.Verdict.deny] == 0)
        #expect(ReachedLimit.allCases.allSatisfy { counters[$0] == 0 })
        #expect(WorkerCounters.Cell.allCases.allSatisfy { counters[$0] == 0 })
        #expect(counters[.total].reduce(0, +) == outcomes * protocols && counters[.connect].reduce(0, +) == 0)
    }

    @Test("A duration is in the first class whose bound is not below it")
    func histogram() {
        #expect(Histogram.place(of: -1) == 0 && Histogram.place(of: 0) == 0 && Histogram.place(of: 64) == 0)
        for place in 0..<Histogram.bounds {
            let bound = Histogram.bound(place)
            #expect(Histogram.place(of: bound) == place)
            #expect(Histogram.place(of: bound + 1) == place + 1)
        }
        #expect(Histogram.place(of: .max) == Histogram.bounds)
    }

    @Test("Counters are the records, counted: by protocol, verdict, outcome and ender, and their bytes")
    func records() throws {
        let proxy = try RunningProxy(
            policy: "deny to host:no.example\ndefault allow\n", names: ["gone.example": .notFound]
        ) { $0.workers = 2 }
        let origin = try Origin()
        for greeting in ["", "x"] {
            let client = try proxy.connect()
            try client.send("CONNECT \(origin.endpoint) HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\r\n\(greeting)")
            _ = try client.receiveHead()
            let accepted = try origin.accept()
            try client.send("hello")
            _ = try accepted.receive(5 + greeting.utf8.count)
            try accepted.send("answer")
            _ = try client.receive(6)
            client.close()
            accepted.close()
        }
        for host in ["no.example", "gone.example"] {
            let client = try proxy.connect()
            try client.send("GET http://\(host)/ HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            _ = try client.receiveHead()
            client.close()
        }
        let plain = try proxy.connect()
        try plain.send("GET http://\(origin.endpoint)/ HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\r\n")
        let served = try origin.accept()
        let head = try served.receiveHead()
        try served.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody")
        _ = try plain.receiveHead()
        _ = try plain.receive(4)
        plain.close()
        served.close()
        let silent = try proxy.connect()
        try silent.send([0xff])
        silent.close()
        // A connection may be closed before its record is counted.
        try proxy.wait("the end") {
            proxy.server.reading().sum(.connectionsClosed) == 6 && proxy.server.counts.recorded == 6
        }
        let reading = proxy.server.reading()
        let exposition = try ExpositionParser(MetricText.text(reading.metrics))
        let records = try proxy.finish()
        func expect(_ label: String, _ name: String, _ key: (RecordLine) -> String?) {
            let found = Dictionary(grouping: records, by: { key($0) ?? "none" }).mapValues { Double($0.count) }
            for sample in exposition.samples where sample.name == "sallyport_\(name)" {
                #expect(sample.value == found[sample.labels[label]!] ?? 0, "\(sample)")
            }
            #expect(exposition.samples.filter { $0.name == "sallyport_\(name)" }.map(\.value).reduce(0, +) == 6)
        }
        expect("proto", "requests_total") { $0.proto }
        expect("verdict", "verdicts_total") { $0.verdict }
        expect("outcome", "outcomes_total") { $0.outcome }
        expect("by", "ended_by_total") { $0.endedBy }
        #expect(exposition.value("sallyport_records_total") == 6)
        #expect(exposition.value("sallyport_bytes_total", ["direction": "up"]) == 11)
        #expect(exposition.value("sallyport_bytes_total", ["direction": "down"]) == 16)
        let heads = Double(head.utf8.count)
        #expect(exposition.value("sallyport_relayed_bytes_total", ["direction": "up"]) == 11 + heads)
        #expect(exposition.value("sallyport_duration_seconds_count", ["stage": "total"]) == 6)
        #expect(exposition.value("sallyport_resolutions_total", ["source": "query"]) == 1)
        #expect(reading.workers.allSatisfy { reading.open($0, .connectionsAccepted, .connectionsClosed) == 0 })
        #expect(reading.workers.allSatisfy { reading.open($0, .tunnelsOpened, .tunnelsEnded) == 0 })
        #expect(reading.sum(.tunnelsOpened) == 2)
        #expect(reading.process.residentBytes > 1 << 20 && reading.process.descriptors > 5)
    }

    @Test("The text is what the strict reader takes, whatever stands in a label")
    func escaping() throws {
        let text = MetricText.text([
            .by("name", .gauge, "x", "A \\ and\na line", [("a\"b\\c\nd", 0.5), ("é", 1e300), ("", -3)])
        ])
        let parsed = try ExpositionParser(text)
        #expect(parsed.value("sallyport_x", ["name": "a\"b\\c\nd"]) == 0.5)
        #expect(parsed.value("sallyport_x", ["name": "é"]) == 1e300)
        #expect(parsed.value("sallyport_x", ["name": ""]) == -3)
        for wrong in ["x 1", "# TYPE a counter\n# HELP a b\na 1\n", "# HELP a b\n# TYPE a gauge\na{b=\"} 1\n"] {
            #expect(throws: ExpositionParser.Failure.self) { try ExpositionParser(wrong) }
        }
    }

    @Test("Each lack of a resource is counted by its name")
    func resources() {
        let names: [(CInt, ReachedLimit)] = [
            (EMFILE, .descriptors), (ENFILE, .descriptors), (EADDRNOTAVAIL, .ports), (ENOBUFS, .memory),
            (ENOMEM, .memory),
        ]
        for (number, limit) in names { #expect(Refusal.unconnected(Errno(rawValue: number)).limit == limit) }
        #expect(Refusal.tooManyRequests.limit == .rate)
        #expect(Refusal.login(.busy).limit == .passwords)
        #expect(Refusal.unconnected(.timedOut).limit == nil)
    }

    @Test("Policies put in force and refused are counted, and what is in force is shown")
    func policies() throws {
        let proxy = try RunningProxy()
        let first = proxy.server.reading().policy
        #expect(first.rules == 0 && first.reloads == 0 && first.refused == 0)
        let folder = try TestFolder(["policy.conf": "deny to host:a.example\ndefault allow\n"])
        let ruleset = try Ruleset.load(path: folder["policy.conf"])
        proxy.server.judge(by: ruleset)
        proxy.server.refusedPolicy()
        let second = proxy.server.reading().policy
        #expect(second.rules == 1 && second.reloads == 1 && second.refused == 1)
        #expect(second.fingerprint == ruleset.fingerprint && second.since >= first.since)
        _ = try proxy.finish()
    }

    @Test("A limit that turns somebody away is counted by its name")
    func limits() throws {
        let proxy = try RunningProxy { $0.limits.connections = 1 }
        let first = try proxy.connect()
        try proxy.wait("the first") { proxy.server.counts.accepted == 1 }
        let second = try proxy.connect()
        try second.send("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n")
        #expect(try second.receiveHead().hasPrefix("HTTP/1.1 503"))
        try proxy.wait("its record") { proxy.server.counts.recorded == 1 }
        let reading = proxy.server.reading()
        #expect(reading.sum { $0[ReachedLimit.connections] } == 1)
        #expect(reading.sum { $0[ReachedLimit.memory] } == 0)
        first.close()
        second.close()
        _ = try proxy.finish()
    }
}
