import Addressing
import EventLoop

extension Benchmark {
    /// Plain HTTP. A contender that answers the first request with another status than 200 is left out.
    func requests(_ name: String, _ role: OriginRole) throws(BenchError) {
        let task = ContenderTask(policy: try millionPolicy())
        let workload = role == .small ? Workload.http : .httpBig
        var section = Section(name: name, title: workload.summary, units: role == .small ? .requests : .bulk)
        var entrants: [Match.Entrant] = []
        for (contender, path) in contenders {
            guard let dialect = contender.httpDialect else { continue }
            section.rows += attempt(contender) { () throws(BenchError) in
                let running = try self.start(contender, at: path, task)
                let plan = LoadPlan(
                    proxy: running.endpoint(dialect, to: role), dialect: dialect,
                    destination: .endpoint(self.traffic.origins.endpoint(role)), exchange: .request, clients: 64)
                let status = try Self.firstStatus(plan)
                guard status != 501 else {
                    section.skipped.append((contender.name, "it forwards no plain HTTP (501)"))
                    return
                }
                entrants.append(
                    Match.Entrant(running: running, dialect: dialect, variant: dialect.rawValue, plan: plan))
            }
        }
        finish(section, entrants, unit: role == .small ? .operations : .gigabytes)
    }

    // MARK: - Private

    /// The status of one GET.
    private static func firstStatus(_ plan: LoadPlan) throws(BenchError) -> Int {
        let client: BlockingClient
        do throws(Errno) {
            client = try BlockingClient(plan.proxy)
        } catch {
            throw BenchError("connect: \(error)")
        }
        try client.send(RequestClient.request(of: plan, number: 0))
        var answer: [UInt8] = []
        while answer.count < 12 { answer += try client.receive() }
        guard let status = Int(String(decoding: answer[9..<12], as: UTF8.self)) else {
            throw BenchError("the proxy's answer is not HTTP")
        }
        return status
    }
}
