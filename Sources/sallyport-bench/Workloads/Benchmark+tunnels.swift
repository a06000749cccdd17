import Addressing

extension Benchmark {
    /// The workloads in which tunnels are opened or used as fast as they go.
    func churn() throws(BenchError) {
        try tunnels("churn", "\(Workload.churn.summary)", .tunnels, .echoOnce, .echo, clients: 64)
    }

    func pingpong(_ tunnels: Int) throws(BenchError) {
        try self.tunnels(
            "pingpong-\(tunnels)", "64-byte round trips through \(Self.tunnels(tunnels))", .roundTrips,
            .echoRepeatedly, .echo, clients: tunnels)
    }

    /// - Parameter direction: `down`, `up` or `both`.
    func bulk(
        _ direction: String, _ exchange: LoadPlan.Exchange, _ role: OriginRole, _ tunnels: Int
    ) throws(BenchError) {
        try self.tunnels(
            "\(direction)-\(tunnels)",
            "bulk \(direction)\(direction == "both" ? " ways" : "") through \(Self.tunnels(tunnels))",
            .bulk, exchange, role, clients: tunnels, unit: .gigabytes)
    }

    func blocked() throws(BenchError) {
        let task = ContenderTask(policy: try millionPolicy(), denies: true)
        var section = Section(name: "blocked", title: Workload.blocked.summary, units: .denials)
        var entrants: [Match.Entrant] = []
        for (contender, path) in contenders where !contender.dialects.isEmpty {
            guard contender.canDeny else {
                section.skipped.append((contender.name, "it denies nothing"))
                continue
            }
            section.rows += attempt(contender) { () throws(BenchError) in
                let running = try self.start(contender, at: path, task)
                for dialect in contender.dialects {
                    let plan = LoadPlan(
                        proxy: running.endpoint(dialect, to: .echo), dialect: dialect,
                        destination: .name(Site.deniedName, Port(443)), exchange: .refusal, clients: 64)
                    entrants.append(
                        Match.Entrant(running: running, dialect: dialect, variant: dialect.rawValue, plan: plan))
                }
            }
        }
        finish(section, entrants, unit: .operations)
    }

    /// The cost of the record: one and the same churn, written down and not.
    func log() throws(BenchError) {
        guard let (contender, path) = contenders.first(where: { $0.contender.name == Contender.sallyport.name }) else {
            throw BenchError("it compares Sallyport with itself, and Sallyport doesn't take part")
        }
        var section = Section(name: "log", title: Workload.log.summary, units: .tunnels)
        var entrants: [Match.Entrant] = []
        for isLogging in [true, false] {
            let task = ContenderTask(policy: try millionPolicy(), isLogging: isLogging)
            section.rows += attempt(contender) { () throws(BenchError) in
                let running = try self.start(contender, at: path, task)
                let plan = LoadPlan(
                    proxy: running.endpoint(.socks5, to: .echo), dialect: .socks5,
                    destination: .endpoint(self.traffic.origins.endpoint(.echo)), exchange: .echoOnce, clients: 64)
                entrants.append(
                    Match.Entrant(
                        running: running, dialect: .socks5, variant: isLogging ? "log on" : "log off", plan: plan))
            }
        }
        finish(section, entrants, unit: .operations)
    }

    // MARK: - Shared with other workloads

    /// Runs `body`; what it throws is the contender's failure, a row of its own.
    func attempt(_ contender: Contender, _ body: () throws(BenchError) -> Void) -> [Row] {
        do throws(BenchError) {
            try body()
            return []
        } catch {
            return [Row(contender: contender.name, variant: "", failure: "\(error)")]
        }
    }

    /// Lets the entrants take their turns, and adds the section to the report.
    func finish(_ section: Section, _ entrants: [Match.Entrant], unit: Match.Unit) {
        let match = Match(traffic: traffic, unit: unit, rounds: options.rounds, seconds: options.seconds)
        var section = section
        section.rows = match.play(entrants) + section.rows
        report.sections.append(section)
    }

    // MARK: - Private

    private static func tunnels(_ count: Int) -> String {
        count == 1 ? "1 tunnel" : "\(count) tunnels"
    }

    private func tunnels(
        _ name: String, _ title: String, _ units: Units, _ exchange: LoadPlan.Exchange, _ role: OriginRole,
        clients: Int, unit: Match.Unit = .operations
    ) throws(BenchError) {
        let task = ContenderTask(policy: try millionPolicy())
        var section = Section(name: name, title: title, units: units)
        var entrants: [Match.Entrant] = []
        for (contender, path) in contenders where !contender.dialects.isEmpty {
            section.rows += attempt(contender) { () throws(BenchError) in
                let running = try self.start(contender, at: path, task)
                for dialect in contender.dialects {
                    let plan = LoadPlan(
                        proxy: running.endpoint(dialect, to: role), dialect: dialect,
                        destination: .endpoint(self.traffic.origins.endpoint(role)), exchange: exchange,
                        clients: clients)
                    entrants.append(
                        Match.Entrant(running: running, dialect: dialect, variant: dialect.rawValue, plan: plan))
                }
            }
        }
        finish(section, entrants, unit: unit)
    }
}
