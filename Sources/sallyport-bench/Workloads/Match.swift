import Glibc

/// One load as several entrants meet it in turns.
struct Match {
    /// Somebody who is measured: a started contender, and how it is spoken to.
    struct Entrant {
        let running: RunningContender
        let dialect: Dialect
        /// Its name in the row.
        let variant: String
        let plan: LoadPlan
    }

    enum Unit {
        case operations
        case gigabytes
    }

    let traffic: TrafficControl
    let unit: Unit
    let rounds: Int
    let seconds: Double

    /// Lets all have their turn in each round.
    ///
    /// - Returns: a row for each entrant, in their order.
    func play(_ entrants: [Entrant]) -> [Row] {
        var rows = entrants.map { Row(contender: $0.running.contender.name, variant: $0.variant) }
        for _ in 0..<rounds {
            for (index, entrant) in entrants.enumerated() where rows[index].failure == nil {
                do throws(BenchError) {
                    rows[index].samples.append(try turn(entrant))
                } catch {
                    rows[index].failure = "\(error)"
                }
            }
        }
        return rows
    }

    // MARK: - Private

    private func turn(_ entrant: Entrant) throws(BenchError) -> Sample {
        guard entrant.running.isRunning else { throw BenchError("has ended: \(entrant.running.lastWords)") }
        try traffic.add(entrant.plan)
        let result = Result { () throws(BenchError) in try window(entrant) }
        try traffic.end()
        return try result.get()
    }

    /// The measured time: what was counted and what was spent between two moments of a load that goes on before and after.
    private func window(_ entrant: Entrant) throws(BenchError) -> Sample {
        usleep(UInt32(Benchmark.warmUp * 1e6))
        let processes = entrant.running.processes
        let (early, start) = try traffic.takeCount(beside: processes)
        usleep(UInt32(seconds * 1e6))
        let (count, end) = try traffic.takeCount(beside: processes)
        let now = entrant.running.processes
        let spent = end.spent - start.spent + now.newcomersSeconds(since: processes)
        let amount = unit == .operations ? Double(count.operations) : Double(count.bytes) / 1e9
        guard amount > 0 else {
            throw BenchError(count.firstError ?? early.firstError ?? "nothing came through")
        }
        let scale = unit == .operations ? 1e6 : 1
        return Sample(
            rate: amount / (end.time - start.time), cost: spent / amount * scale,
            loadCost: (end.own - start.own) / amount * scale,
            median: count.latencies.quantile(0.5), percentile99: count.latencies.quantile(0.99),
            longest: count.latencies.quantile(1),
            memory: Double(now.memory), errors: early.errors + count.errors,
            firstError: early.firstError ?? count.firstError)
    }
}
