extension Benchmark {
    /// Datagrams through associations, by those who relay them.
    func datagrams() throws(BenchError) {
        let task = ContenderTask(policy: try millionPolicy())
        var section = Section(name: "udp", title: Workload.udp.summary, units: .datagrams)
        var entrants: [Match.Entrant] = []
        for (contender, path) in contenders where contender.dialects.contains(.socks5) {
            guard contender.relaysDatagrams else {
                section.skipped.append((contender.name, "it relays no datagrams"))
                continue
            }
            section.rows += attempt(contender) { () throws(BenchError) in
                let running = try self.start(contender, at: path, task)
                let plan = LoadPlan(
                    proxy: running.endpoint(.socks5, to: .echo), dialect: .socks5,
                    destination: .endpoint(self.traffic.origins.datagrams), exchange: .datagrams, clients: 16)
                entrants.append(Match.Entrant(running: running, dialect: .socks5, variant: "socks5", plan: plan))
            }
        }
        finish(section, entrants, unit: .operations)
    }
}
