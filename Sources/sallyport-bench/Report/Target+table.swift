extension Target {
    private static let bulk = ["down-4", "down-64", "up-4", "up-64", "both-4", "both-64"]
    /// Those that could be Sallyport's place: no relays to fixed origins.
    private static let proxies = Contender.all.filter { !$0.dialects.isEmpty && !$0.dialects.contains(.raw) }
        .map(\.name).filter { $0 != Contender.sallyport.name }

    static let all: [Target] = [
        ratio(["churn"], to: "haproxy", atMost: 1.15, "CPU of a tunnel opened, used, closed"),
        ratio(["churn"], to: "hev-socks5-server", atMost: 0.6, "CPU of a tunnel opened, used, closed"),
        ratio(["pingpong-1", "pingpong-64"], to: "haproxy", atMost: 0.95, "CPU of a round trip"),
        ratio(bulk, to: "haproxy", atMost: 0.35, "CPU of bulk"),
        ratio(bulk, toBestOf: proxies, atMost: 0.65, "CPU of bulk"),
        figure("idle", \.memory, atMost: 512, "memory of an idle tunnel") { Figure.memory($0, isSmall: true) },
        // Nothing at all would be a few hundred nanoseconds of clock reading.
        figure("idle", \.cost, atMost: 1, "CPU while nothing moves") { "\(Figure.text($0)) µs/s" },
        ratio(["udp"], to: "dante", atMost: 0.7, "CPU of a datagram there and back"),
        ratio(["http"], to: "nginx", atMost: 1, "CPU of a plain HTTP request"),
        ratio(["http"], to: "squid", atMost: 0.45, "CPU of a plain HTTP request"),
        ratio(["http-big"], to: "haproxy", atMost: 0.5, "CPU of plain HTTP, 1 MiB answers"),
        million("CPU to load a million domains", \.cost, atMost: 500) { "\(Figure.text($0)) ms" },
        million("memory with a million domains", \.memory, atMost: 32 * 1_048_576) {
            Figure.memory($0, isSmall: false)
        },
        Target(text: "a verdict, whatever the list's length ≤ 300 ns") { _ in
            .unknown("too short to be measured from outside")
        },
        record,
        Target(text: "two workers on two free cores ≥ 1.80 × one") { report in
            .unknown("needs cores of its own for the load, and there are \(report.machine.cores)")
        },
        figure("start-default", \.memory, atMost: 8 * 1_048_576, "memory at start, default policy") {
            Figure.memory($0, isSmall: false)
        },
        figure("start-default", \.latency, atMost: 0.05, "start to first connection served", show: Figure.duration),
        million("start to first connection served, a million domains", \.latency, atMost: 0.7, show: Figure.duration),
        figure("parse-connect", \.cost, atMost: 1000, "a CONNECT head read") { "\(Figure.text($0)) ns" },
        figure("parse-get", \.cost, atMost: 3000, "a browser's GET head read") { "\(Figure.text($0)) ns" },
    ]

    // MARK: - Private

    /// A figure of the starts with a million domains, the worse of sorted and shuffled.
    private static func million(
        _ text: String, _ figure: @escaping @Sendable (Row) -> Double?, atMost limit: Double,
        show: @escaping @Sendable (Double) -> String
    ) -> Target {
        Target(text: "\(text) ≤ \(show(limit))") { report in
            let rows = DomainList.Order.allCases.compactMap { report.section("start-million-\($0)")?.rows.first }
            if let failure = rows.lazy.compactMap(\.failure).first { return .missed("failed: \(failure)") }
            guard let worst = rows.compactMap(figure).max() else { return .unknown("not measured in this run") }
            return worst <= limit ? .met(show(worst)) : .missed(show(worst))
        }
    }

    /// The difference that the log makes, round by round: the machine's moods are much alike within one.
    private static let record = Target(text: "an access-log record ≤ 2.00 µs") { report in
        guard let rows = report.section("log")?.rows, rows.count == 2 else {
            return .unknown("not measured in this run")
        }
        let pairs = zip(rows[0].samples, rows[1].samples)
        let differences = pairs.compactMap { on, off in on.cost.flatMap { on in off.cost.map { on - $0 } } }.sorted()
        guard !differences.isEmpty else { return .unknown(rows.lazy.compactMap(\.failure).first ?? "not measured") }
        let difference = differences[differences.count / 2]
        let text = "\(Figure.text(difference)) µs"
        return difference <= 2 ? .met(text) : .missed(text)
    }
}
