import Addressing
import Glibc

extension Benchmark {
    /// Round trips at an easy pace, alone and beside others who keep the proxy busy with what is dear: names to look up,
    /// passwords to hash, a policy to read.
    func company() throws(BenchError) {
        guard let (contender, path) = contenders.first(where: { $0.contender.name == Contender.sallyport.name }) else {
            throw BenchError("it compares Sallyport with itself, and Sallyport doesn't take part")
        }
        let policy = try changingPolicy()
        let task = ContenderTask(
            policy: policy.path, resolver: "\(try traffic.startNameServer())", users: Company.users)
        var section = Section(name: "company", title: Workload.company.summary, units: .company)
        section.rows += attempt(contender) { () throws(BenchError) in
            let running = try self.start(contender, at: path, task)
            let companies = Company.all(beside: running, self.traffic.origins)
            var rows = companies.map { Row(contender: contender.name, variant: $0.name) }
            for _ in 0..<self.options.rounds {
                for (index, company) in companies.enumerated() {
                    rows[index].samples.append(try self.roundTrips(running, beside: company, policy))
                }
            }
            section.rows += rows
        }
        report.sections.append(section)
    }

    // MARK: - Private

    /// Seconds in which several reloads have room.
    private static let leastSeconds = 3.0
    /// Between reloads.
    private static let reloadSeconds = 0.7

    private func roundTrips(
        _ running: RunningContender, beside company: Company, _ policy: ChangingPolicy
    ) throws(BenchError) -> Sample {
        try traffic.add(company.isPassed ? .straight(to: traffic.origins) : .quiet(beside: running, traffic.origins))
        if let plan = company.plan { try traffic.add(plan) }
        usleep(UInt32(Self.warmUp * 1e6))
        _ = try traffic.takeCounts()
        let seconds = max(options.seconds, Self.leastSeconds)
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        while ContinuousClock.now < end {
            if company.reloads {
                try policy.change()
                running.hangUp()
            }
            usleep(UInt32(min(Self.reloadSeconds, seconds) * 1e6))
        }
        let (count, others) = try traffic.takeCounts()
        let took = start.duration(to: .now) / .seconds(1)
        try traffic.end()
        guard running.isRunning else { throw BenchError("has ended: \(running.lastWords)") }
        settle(running)
        return Sample(
            rate: Double(others.operations) / took,
            median: count.latencies.quantile(0.5), percentile99: count.latencies.quantile(0.99),
            longest: count.latencies.quantile(1), errors: count.errors + others.errors,
            firstError: count.firstError ?? others.firstError)
    }

    /// Waits until the proxy has nothing left to do: hashing outlives those who wanted it.
    private func settle(_ running: RunningContender) {
        var before = running.processes.livingSeconds
        for _ in 0..<Self.longestSettling {
            usleep(100_000)
            let now = running.processes.livingSeconds
            if now - before < 0.001 { return }
            before = now
        }
    }

    /// In tenths of a second.
    private static let longestSettling = 100

    /// A policy with a million domains that is another at each reading.
    private func changingPolicy() throws(BenchError) -> ChangingPolicy {
        let list = try millionPolicy().split(separator: "/").dropLast().joined(separator: "/")
        return try ChangingPolicy(path: "\(folder)/changing.conf", list: "/\(list)/million.txt")
    }
}

/// Whoever keeps the proxy busy beside the quiet tunnels.
private struct Company {
    let name: String
    var plan: LoadPlan?
    var reloads = false
    /// The round trips go past the proxy: what the company costs them anyway, since all load has one core.
    var isPassed = false

    /// One user, `ann`, whose password is `right`; bcrypt as `sallyport user add` makes it.
    static let users = "ann:$2y$10$37ZRPgCRCNw./eeJQCz1uOmXaRYHA9P4uBI6NcFgxCGf8NUqxIJTq\n"
    fileprivate static let right = "YW5uOnJpZ2h0"
    private static let wrong = "YW5uOndyb25n"
    private static let namePace = 10_000.0

    static func all(beside running: RunningContender, _ origins: Origins) -> [Company] {
        let proxy = running.endpoint(.connect, to: .echo)
        let echo = Destination.endpoint(origins.endpoint(.echo))
        func plan(
            _ dialect: Dialect, _ destination: Destination, _ exchange: LoadPlan.Exchange, clients: Int,
            credentials: String = right
        ) -> LoadPlan {
            LoadPlan(
                proxy: proxy, dialect: dialect, destination: destination, exchange: exchange, clients: clients,
                credentials: credentials, isCompany: true)
        }
        // Names that don't exist: each costs a look-up, and no connection to an origin.
        var names = plan(.http, .numbered(".none.test", Port(80)), .request, clients: 64)
        names.status = 502
        names.pace = namePace
        var guesser = plan(.connect, echo, .refusal, clients: 4, credentials: wrong)
        guesser.source = .address(IPAddress(127, 1, 0, 1))
        var guessers = plan(.connect, echo, .refusal, clients: 16, credentials: wrong)
        guessers.source = .many
        let churn = plan(.connect, echo, .echoOnce, clients: 64)
        return [
            Company(name: "alone"),
            Company(name: "new names", plan: names),
            Company(name: "new names, past the proxy", plan: names, isPassed: true),
            Company(name: "guesses from one address", plan: guesser),
            Company(name: "guesses from many", plan: guessers),
            Company(name: "reloads", reloads: true),
            Company(name: "full load", plan: churn),
            Company(name: "full load, reloads", plan: churn, reloads: true),
        ]
    }
}

extension LoadPlan {
    /// A tunnel's round trips follow each other after 20 ms.
    private static let quietTunnels = 64
    private static let quietPace = 3200.0

    fileprivate static func quiet(beside running: RunningContender, _ origins: Origins) -> LoadPlan {
        LoadPlan(
            proxy: running.endpoint(.connect, to: .echo), dialect: .connect,
            destination: .endpoint(origins.endpoint(.echo)), exchange: .echoRepeatedly, clients: quietTunnels,
            pace: quietPace, credentials: Company.right)
    }

    fileprivate static func straight(to origins: Origins) -> LoadPlan {
        LoadPlan(
            proxy: origins.endpoint(.echo), dialect: .raw, destination: .endpoint(origins.endpoint(.echo)),
            exchange: .echoRepeatedly, clients: quietTunnels, pace: quietPace)
    }
}

/// A policy whose text can be changed without its meaning.
private final class ChangingPolicy {
    let path: String
    private let list: String
    private var changes = 0

    init(path: String, list: String) throws(BenchError) {
        self.path = path
        self.list = list
        try change()
    }

    func change() throws(BenchError) {
        changes += 1
        try TextFile.write(
            """
            list million \(list)
            deny to host:change-\(changes).bench.test
            deny to list:million reason "on the list"
            default allow

            """, to: path)
    }
}
