import Addressing
import Glibc

/// A contender that has been started and takes connections.
final class RunningContender {
    let contender: Contender
    let site: Site
    private let child: Child
    /// Time from its start to the first connection that it took, in seconds.
    private static let patience = Duration.seconds(20)

    /// Writes its files and starts it, without waiting for it.
    init(_ contender: Contender, at path: String, _ site: Site, core: Int?) throws(BenchError) {
        self.contender = contender
        self.site = site
        let setup = contender.setUp(site)
        for file in setup.files { try TextFile.write(file.text, to: "\(site.folder)/\(file.name)") }
        child = try Child([path] + setup.arguments, output: "\(site.folder)/output", core: core)
    }

    deinit {
        child.end()
    }

    /// Waits until it takes connections.
    ///
    /// - Throws: with what it printed, when it ends before, or takes too long.
    func waitUntilReady() throws(BenchError) {
        let port = site.port(contender.dialects.first ?? contender.httpDialect ?? .raw, to: .small)
        let endpoint = Endpoint(.loopbackV4, Port(port))
        let limit = ContinuousClock.now + Self.patience
        while ContinuousClock.now < limit {
            if (try? BlockingClient(endpoint)) != nil { return }
            guard child.isRunning else { throw BenchError("ended at once: \(lastWords)") }
            usleep(1000)
        }
        throw BenchError("took no connection within \(Self.patience)")
    }

    /// Tells it to read its files again.
    func hangUp() {
        if child.isRunning { kill(child.process, SIGHUP) }
    }

    var isRunning: Bool { child.isRunning }
    var processes: ProcessTree { ProcessTree(root: child.process) }

    /// The end of what it printed, as one line.
    var lastWords: String {
        let lines = (TextFile.read("\(site.folder)/output") ?? "").split(separator: "\n")
        return lines.suffix(2).joined(separator: " / ")
    }

    func endpoint(_ dialect: Dialect, to role: OriginRole) -> Endpoint {
        Endpoint(.loopbackV4, Port(site.port(dialect, to: role)))
    }
}
