import Addressing

/// What `--show-config` prints: a contender's command and files, as they would be, with examples of paths and ports.
struct ShownConfiguration {
    private let contender: Contender

    /// - Parameter name: a known one.
    init(of name: String) {
        guard let contender = Contender.named(name) else { preconditionFailure("the command line was read before") }
        self.contender = contender
    }

    func print() {
        let ports = OriginRole.allCases.map { ($0, Port(22_000 + UInt16($0.rawValue))) }
        var site = Site(
            folder: "/tmp/sallyport-bench-XXXXXX/1", port: 21_000,
            origins: Origins(ports: Dictionary(uniqueKeysWithValues: ports), datagrams: Endpoint(.loopbackV4, Port(0))))
        site.task.denies = contender.canDeny
        if contender.name == Contender.sallyport.name {
            site.task.policy = "/tmp/sallyport-bench-XXXXXX/shuffled/policy.conf"
        }
        let setup = contender.setUp(site)
        Swift.print("# \(contender.name): \(contender.remark)")
        for (role, port) in ports { Swift.print("# the origin \"\(role)\" listens on port \(port)") }
        if contender.canDeny { Swift.print("# what denies a name is there in the workload \"blocked\" only") }
        Swift.print(([contender.executable] + setup.arguments).joined(separator: " "))
        for file in setup.files { Swift.print("\n# \(site.folder)/\(file.name)\n\(file.text)", terminator: "") }
        if let policy = site.task.policy {
            Swift.print("\n# \(policy); the list has \(DomainList.count) names")
            Swift.print(Benchmark.millionPolicyText, terminator: "")
        }
    }
}
