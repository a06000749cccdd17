import Glibc

/// A run: contenders take turns with each workload, round after round.
final class Benchmark {
    let options: Options
    let folder: String
    let traffic: TrafficControl
    /// Contenders that take part, with the paths of their programs.
    let contenders: [(contender: Contender, path: String)]
    var report: Report
    private var ports = FreePorts()
    private var sites = 0

    /// From a load's beginning to that of its measurement.
    static let warmUp = 0.3

    /// - Parameter folder: an empty one, the caller's to remove.
    init(_ options: Options, folder: String) throws(BenchError) {
        self.options = options
        self.folder = folder
        var found: [(Contender, String)] = []
        report = Report(machine: MachineFacts.read(options))
        for contender in Contender.all where Self.isWanted(contender, options) {
            guard let path = Program.path(of: contender, other: options.beside) else {
                if contender.name != Contender.besides.name { report.absent.append(contender.name) }
                continue
            }
            found.append((contender, path))
            let version = Program.version(of: contender, at: path, in: folder)
            report.versions.append((contender.name, version))
        }
        contenders = found
        traffic = try TrafficControl()
    }

    /// Measures all that was asked for; `section` is called with each section as it is complete.
    func run(each section: (Section) -> Void) throws(BenchError) {
        for workload in Workload.allCases where options.workloads.contains(workload) {
            let first = report.sections.count
            do throws(BenchError) {
                try measure(workload)
            } catch {
                report.skipped.append((workload.rawValue, "\(error)"))
            }
            for complete in report.sections[first...] { section(complete) }
        }
    }

    // MARK: - For the workloads

    /// A folder and ports for a contender.
    func makeSite(_ task: ContenderTask = ContenderTask()) throws(BenchError) -> Site {
        sites += 1
        let path = "\(folder)/\(sites)"
        try Folder.make(path)
        return Site(folder: path, port: try ports.take(Site.portCount), origins: traffic.origins, task: task)
    }

    /// Starts a contender and waits until it takes connections.
    func start(_ contender: Contender, at path: String, _ task: ContenderTask) throws(BenchError) -> RunningContender {
        let running = try RunningContender(contender, at: path, try makeSite(task), core: Cores.machine.proxy)
        try running.waitUntilReady()
        return running
    }

    /// The policy with a million domains, made when it is first asked for.
    func millionPolicy(_ order: DomainList.Order = .shuffled) throws(BenchError) -> String {
        // A folder of its own: whatever else happened there would make Sallyport look whether the policy has changed.
        let place = "\(folder)/\(order)"
        let path = "\(place)/policy.conf"
        if access(path, R_OK) == 0 { return path }
        try Folder.make(place)
        try DomainList.write(order, to: "\(place)/million.txt")
        try TextFile.write(Self.millionPolicyText, to: path)
        return path
    }

    static let millionPolicyText =
        "list million million.txt\ndeny to list:million reason \"on the list\"\ndefault allow\n"

    // MARK: - Private

    private static func isWanted(_ contender: Contender, _ options: Options) -> Bool {
        options.only.isEmpty || options.only.contains(contender.name) || contender.name == Contender.besides.name
    }

    private func measure(_ workload: Workload) throws(BenchError) {
        switch workload {
        case .churn: try churn()
        case .pingpong: for tunnels in [1, 64] { try pingpong(tunnels) }
        case .down: for tunnels in [4, 64] { try bulk("down", .receive, .source, tunnels) }
        case .up: for tunnels in [4, 64] { try bulk("up", .send, .sink, tunnels) }
        case .both: for tunnels in [4, 64] { try bulk("both", .both, .duplex, tunnels) }
        case .idle: try idle()
        case .start: try starts()
        case .blocked: try blocked()
        case .dns: try dns()
        case .company: try company()
        case .udp: try datagrams()
        case .http: try requests("http", .small)
        case .httpBig: try requests("http-big", .big)
        case .log: try log()
        case .parse: parse()
        }
    }
}
