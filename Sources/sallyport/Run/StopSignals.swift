import AccessLog
import Dispatch
import EventLoop
import Glibc
import Proxy

/// SIGTERM and SIGINT: the first lets tunnels finish for a while, a second ends them at once; both with every record.
final class StopSignals {
    private let server: Server
    private let log: LogWriter?
    private let grace: Duration
    private let queue = DispatchQueue(label: "sallyport.signals")
    private var sources: [DispatchSourceSignal] = []
    private var hasStopped = false

    /// How long the log may take for its last lines before they are given up.
    private static let logPatience = Duration.seconds(5)

    init(server: Server, log: LogWriter?, grace: Duration) {
        self.server = server
        self.log = log
        self.grace = grace
    }

    /// Heeds the signals from now on; the sources keep the object.
    func activate() {
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { self.received() }
            source.activate()
            sources.append(source)
        }
    }

    // MARK: - Private

    private func received() {
        guard !hasStopped else { return server.endAll() }
        hasStopped = true
        let log = log
        server.stop(grace: grace) {
            guard log?.close(within: Self.logPatience) != false else {
                Sallyport.complain("the log could not be written to its end")
                exit(1)
            }
            exit(0)
        }
    }
}
