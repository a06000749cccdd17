import AccessLog
import CLinux
import EventLoop
import Glibc
import Proxy

/// The state of the running proxy in a few lines, for whoever asks by a signal.
struct Summary {
    let server: Server
    let log: LogWriter?
    let started: Instant

    /// - Parameter policy: what is in force, and for how long.
    func text(policy: (fingerprint: String, age: Duration)) -> String {
        let counts = server.counts
        let open = server.openConnections
        let workers = open.enumerated().map { "worker \($0): \($1)" }.joined(separator: ", ")
        let uptime = Self.text(of: started.duration(to: Instant.now()))
        return """
            sallyport \(Sallyport.version), process \(getpid()), up \(uptime)
            requests and connections: \(counts.accepted) accepted, \(counts.recorded) recorded, \
            \(open.reduce(0, +)) open (\(workers))
            listening on \(server.endpoints.map(\.description).joined(separator: " "))
            policy \(policy.fingerprint), in force for \(Self.text(of: policy.age))
            log: \(logText)
            descriptors: \(DescriptorLimit.inUse.map(String.init) ?? "?") in use, \(DescriptorLimit.present) allowed
            """
    }

    /// `3d 4h 5m 6s`, without what is zero in front.
    static func text(of duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
        ]
        let shown = parts.drop { $0.0 == 0 && $0.1 != "s" }
        return shown.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }

    // MARK: - Private

    private var logText: String {
        guard let log else { return "off" }
        let counters = log.counters
        return "\(counters.written) lines written, \(counters.lost) lost"
            + (log.isStalled ? ", taking none at present" : "")
    }
}
