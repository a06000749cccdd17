import Addressing
import EventLoop
import Glibc

extension Benchmark {
    /// From exec to the first answer, with policies of different sizes.
    func starts() throws(BenchError) {
        try start("start", "from exec to the first answer, nothing denied", ContenderTask(), Contender.all)
        if let policy = defaultPolicy {
            try start(
                "start-default", "from exec to the first answer, the policy that comes with Sallyport",
                ContenderTask(policy: policy), [.sallyport, .besides])
        } else {
            report.skipped.append(("start-default", "acl/policy.conf is in no folder above the program's"))
        }
        for order in [DomainList.Order.sorted, .shuffled] {
            try start(
                "start-million-\(order)", "from exec to the first answer, a million domains denied, \(order)",
                ContenderTask(policy: try millionPolicy(order)), [.sallyport, .besides])
        }
    }

    // MARK: - Private

    private func start(
        _ name: String, _ title: String, _ task: ContenderTask, _ wanted: [Contender]
    ) throws(BenchError) {
        var section = Section(name: name, title: title, units: .start)
        let names = wanted.map(\.name)
        let starting = contenders.filter { names.contains($0.contender.name) && !$0.contender.dialects.isEmpty }
        section.rows = starting.map { Row(contender: $0.contender.name, variant: $0.contender.dialects[0].rawValue) }
        for _ in 0..<options.rounds {
            for (index, (contender, path)) in starting.enumerated() where section.rows[index].failure == nil {
                do throws(BenchError) {
                    section.rows[index].samples.append(try timeStart(contender, at: path, task))
                } catch {
                    section.rows[index].failure = "\(error)"
                }
            }
        }
        report.sections.append(section)
    }

    private func timeStart(_ contender: Contender, at path: String, _ task: ContenderTask) throws(BenchError) -> Sample
    {
        let site = try makeSite(task)
        let dialect = contender.dialects[0]
        let began = Instant.now()
        let running = try RunningContender(contender, at: path, site, core: Cores.machine.proxy)
        try running.waitUntilReady()
        let client: BlockingClient
        do throws(Errno) {
            client = try BlockingClient(running.endpoint(dialect, to: .echo))
        } catch {
            throw BenchError("connect: \(error)")
        }
        // Opened or refused: an answer either way.
        let refused = try client.negotiate(dialect, to: .endpoint(traffic.origins.endpoint(.echo)))
        if refused == nil {
            try client.send([1, 2, 3, 4])
            _ = try client.receive()
        }
        let elapsed = Double(Instant.now().nanoseconds - began.nanoseconds) / 1e9
        let processes = running.processes
        return Sample(
            cost: (processes.livingSeconds + processes.endedSeconds) * 1e3, median: elapsed,
            memory: Double(processes.memory))
    }

    /// The policy of the source tree in which this program was built.
    private var defaultPolicy: String? {
        var folder = Program.ownFolder ?? ""
        while let slash = folder.lastIndex(of: "/") {
            let path = "\(folder)/acl/policy.conf"
            if access(path, R_OK) == 0 { return path }
            folder = String(folder[..<slash])
        }
        return nil
    }
}
