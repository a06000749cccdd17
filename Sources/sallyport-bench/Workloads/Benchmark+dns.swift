import Addressing

extension Benchmark {
    /// Tunnels to names, looked up by a name server of the load's own.
    func dns() throws(BenchError) {
        guard let (contender, path) = contenders.first(where: { $0.contender.name == Contender.sallyport.name }) else {
            throw BenchError("only Sallyport can be told of a name server on another port than 53")
        }
        guard Program.output(of: [path, "--help"], in: folder).contains("--resolver") else {
            throw BenchError("this Sallyport has no --resolver yet that could lead to the load's name server")
        }
        let server = try traffic.startNameServer()
        let task = ContenderTask(policy: try millionPolicy(), resolver: "\(server)")
        var section = Section(name: "dns", title: Workload.dns.summary, units: .tunnels)
        var entrants: [Match.Entrant] = []
        let port = traffic.origins.endpoint(.echo).port
        let destinations: [(String, Destination)] = [
            ("address", .endpoint(traffic.origins.endpoint(.echo))),
            ("name, cached", .name("cached\(NameServer.zone)", port)),
            ("name, new", .numbered(NameServer.zone, port)),
        ]
        section.rows += attempt(contender) { () throws(BenchError) in
            let running = try self.start(contender, at: path, task)
            for (variant, destination) in destinations {
                let plan = LoadPlan(
                    proxy: running.endpoint(.socks5, to: .echo), dialect: .socks5, destination: destination,
                    exchange: .echoOnce, clients: 64)
                entrants.append(Match.Entrant(running: running, dialect: .socks5, variant: variant, plan: plan))
            }
        }
        finish(section, entrants, unit: .operations)
    }
}
