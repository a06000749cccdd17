import Dispatch
import EventLoop
import Glibc
import Proxy
import Synchronization

/// Tells the service manager how the program is, where there is one that asks for it. Without one, nothing happens.
///
/// Spec: sd_notify(3), sd_watchdog_enabled(3).
final class Supervisor: Sendable {
    private let address: UnixAddress?
    private let socket: CInt
    /// Between signs of life; nil where none are wanted.
    private let watchdogInterval: Duration?
    private let awaitsWorkers = Atomic<Bool>(false)

    /// Takes what the environment says, and takes it out of there: it isn't meant for our children.
    init() {
        let names = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]
        let values = names.map { name in getenv(name).map { String(cString: $0) } }
        for name in names { unsetenv(name) }
        address = values[0].flatMap { UnixAddress($0) }
        socket = address == nil ? -1 : Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A manager that takes nothing must not hold us up for ever.
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let isMeant = values[2].map { pid_t($0) == getpid() } ?? true
        // Beyond these bounds it is no time that anybody means: a turn takes longer, or nobody waits so long.
        let interval = values[1].flatMap { Int64($0) }.flatMap { (2000...86_400_000_000).contains($0) ? $0 : nil }
        watchdogInterval = isMeant && address != nil ? interval.map { .microseconds($0) / 2 } : nil
    }

    /// Whether the program runs under a manager that is told of it.
    var isPresent: Bool { address != nil }

    func ready(_ status: String) {
        tell(["READY=1", "STATUS=\(status)"])
    }

    func reloading() {
        tell([
            "RELOADING=1", "MONOTONIC_USEC=\(Instant.now().nanoseconds / 1000)",
            "STATUS=reading the configuration again",
        ])
    }

    func stopping(_ status: String) {
        tell(["STOPPING=1", "STATUS=\(status)"])
    }

    /// From now on gives a sign of life twice in the time that is granted, if every worker's loop has come round since the last.
    ///
    /// - Returns: what does so as long as it is kept; nil where nobody wants it.
    func watch(_ server: Server) -> (any DispatchSourceTimer)? {
        guard let watchdogInterval else { return nil }
        let nanoseconds = DispatchTimeInterval.nanoseconds(Int(watchdogInterval / .nanoseconds(1)))
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "sallyport.watchdog"))
        timer.schedule(deadline: .now(), repeating: nanoseconds)
        timer.setEventHandler { [weak self] in self?.ask(server) }
        timer.activate()
        return timer
    }

    // MARK: - Private

    private func ask(_ server: Server) {
        guard !awaitsWorkers.exchange(true, ordering: .relaxed) else { return }
        server.whenWorkersAnswer { [weak self] in
            self?.awaitsWorkers.store(false, ordering: .relaxed)
            self?.tell(["WATCHDOG=1"])
        }
    }

    private func tell(_ lines: [String]) {
        guard let address, socket >= 0 else { return }
        let text = Array(lines.joined(separator: "\n").utf8)
        _ = address.withPointer { sendto(socket, text, text.count, CInt(MSG_NOSIGNAL), $0, $1) }
    }
}
