import Glibc

extension Benchmark {
    /// Opens thousands of tunnels and lets them rest.
    func idle() throws(BenchError) {
        let task = ContenderTask(policy: try millionPolicy())
        var section = Section(name: "idle", title: Workload.idle.summary, units: .idle)
        for (contender, path) in contenders where !contender.dialects.isEmpty {
            for dialect in contender.dialects {
                var row = Row(contender: contender.name, variant: dialect.rawValue)
                do throws(BenchError) {
                    // Memory that was used before would be used again: each round has a process of its own.
                    let running = try start(contender, at: path, task)
                    row.samples.append(try rest(running, dialect))
                } catch {
                    row.failure = "\(error)"
                }
                section.rows.append(row)
            }
        }
        report.sections.append(section)
    }

    // MARK: - Private

    /// Whatever is still to be tidied up is not idling: a log seals its last lines a second after them.
    private static let settling: UInt32 = 2_500_000

    private func rest(_ running: RunningContender, _ dialect: Dialect) throws(BenchError) -> Sample {
        // One tunnel first: what the first costs is not what each costs.
        try hold(1, running, dialect)
        try traffic.end()
        usleep(Self.settling)
        let before = running.processes.memory
        let tunnels = min(running.contender.mostIdleTunnels, DescriptorLimit.current / 3)
        try hold(tunnels, running, dialect)
        let processes = running.processes
        let after = processes.memory
        usleep(Self.settling)
        let spent = processes.livingSeconds
        usleep(UInt32(options.seconds * 1e6))
        let cost = (processes.livingSeconds - spent) / options.seconds * 1e6
        try traffic.end()
        return Sample(cost: cost, memory: Double(after - before) / Double(tunnels))
    }

    /// Opens tunnels, a few at a time, until there are so many.
    private func hold(_ tunnels: Int, _ running: RunningContender, _ dialect: Dialect) throws(BenchError) {
        let batch = 64
        var opened = 0
        while opened < tunnels {
            let count = min(batch, tunnels - opened)
            try traffic.add(
                LoadPlan(
                    proxy: running.endpoint(dialect, to: .echo), dialect: dialect,
                    destination: .endpoint(traffic.origins.endpoint(.echo)), exchange: .hold, clients: count))
            try traffic.wait(forOperations: count)
            opened += count
        }
    }
}
