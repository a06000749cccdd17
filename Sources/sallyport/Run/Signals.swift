import AccessLog
import Dispatch
import EventLoop
import Glibc
import Policy
import Proxy
import Synchronization

/// What the proxy does at a signal.
///
/// SIGTERM and SIGINT: the first lets tunnels finish for a while, a second ends them at once; both with every record.
/// SIGHUP: the configuration, the policy and the users are read again. SIGUSR1: the log goes on in a new file if the old one
/// was moved away. SIGUSR2: the state goes to standard error.
final class Signals {
    private let server: Server
    private let log: LogWriter?
    private let policy: Mailbox<PolicyKeeper>
    private let users: Mailbox<UsersKeeper>?
    private let settings: RunningSettings
    private let summary: Summary
    private let manager: Supervisor
    private var watchdog: (any DispatchSourceTimer)?
    private var upgrades: (any DispatchSourceRead)?
    private let operators: Operators
    private let queue = DispatchQueue(label: "sallyport.signals")
    private var sources: [DispatchSourceSignal] = []
    private let isHeeded = DispatchSemaphore(value: 0)
    private var hasStopped = false

    /// How long the log may take for its last lines before they are given up.
    private static let logPatience = Duration.seconds(5)

    init(
        server: Server, log: LogWriter?, policy: Mailbox<PolicyKeeper>, users: Mailbox<UsersKeeper>?,
        settings: RunningSettings, manager: Supervisor, operators: Operators
    ) {
        self.manager = manager
        self.server = server
        self.log = log
        self.policy = policy
        self.users = users
        self.settings = settings
        summary = Summary(server: server, log: log, started: Instant.now())
        self.operators = operators
    }

    /// From now on these signals wait until they are heeded, instead of ending the program or being lost.
    ///
    /// To be called on the main thread: Dispatch's own take no signals. They must not be ignored instead: an ignored
    /// signal that comes before its source is there has never been.
    static func hold() {
        var held = sigset_t()
        sigemptyset(&held)
        for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2] { sigaddset(&held, number) }
        pthread_sigmask(SIG_BLOCK, &held, nil)
    }

    /// Heeds the signals from now on, those that were held included; the sources keep the object.
    func activate() {
        on(SIGTERM) { $0.stop() }
        on(SIGINT) { $0.stop() }
        on(SIGHUP) { $0.reload() }
        on(SIGUSR1) { $0.log?.reopen() }
        on(SIGUSR2) { $0.tellState() }
        // Dispatch lets go of what the main thread holds as soon as that has nothing else to do.
        for _ in sources { isHeeded.wait() }
    }

    /// Lets `sallyport upgrade` put another process in the place of this one, without which it would go on all the same.
    func offerUpgrade(logPath: String?) {
        let pair = log.flatMap { log in logPath.map { (log, $0) } }
        do throws(UpgradeError) {
            // Of one mind with the signal: both stop on this queue.
            let offer = try UpgradeOffer(server, pair, isManaged: manager.isPresent) { [operators] in
                // The new process answers them from now on.
                operators.stop()
                kill(getpid(), SIGTERM)
            }
            upgrades = offer.activate()
        } catch {
            Sallyport.complain("warning: \(error)")
        }
    }

    /// The proxy serves: whoever waits for that is told.
    func tellReady() {
        manager.ready(status)
        watchdog = manager.watch(server)
    }

    // MARK: - Private

    private var status: String {
        "serving on \(server.endpoints.map(\.description).joined(separator: " "))"
    }

    private func on(_ number: CInt, _ body: @escaping (Signals) -> Void) {
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setRegistrationHandler { self.isHeeded.signal() }
        source.setEventHandler { body(self) }
        source.activate()
        sources.append(source)
    }

    private func reload() {
        guard !hasStopped else { return }
        manager.reloading()
        let path = settings.reload() ? settings.present.policy : nil
        let done = DispatchGroup()
        let faults = Faults()
        done.enter()
        policy.post { keeper in
            keeper.reload(from: path) { fault in
                faults.policy.withLock { $0 = fault }
                done.leave()
            }
        }
        if let users {
            done.enter()
            users.post { keeper in
                keeper.reload()
                done.leave()
            }
        }
        let manager = manager
        let parts = [status] + (settings.fault.map { ["a faulty configuration was refused: \($0)"] } ?? [])
        done.notify(queue: queue) {
            let fault = faults.policy.withLock { $0 }
            manager.ready(
                (parts + (fault.map { ["a faulty policy was refused: \($0)"] } ?? [])).joined(separator: "; "))
        }
    }

    /// What was wrong with what was read again.
    private final class Faults: Sendable {
        let policy = Mutex<Diagnostic?>(nil)
    }

    private func tellState() {
        let summary = summary
        policy.post { keeper in Sallyport.complain(summary.text(policy: keeper.present)) }
    }

    private func stop() {
        guard !hasStopped else { return server.endAll() }
        hasStopped = true
        upgrades?.cancel()
        manager.stopping("waiting for open connections to end")
        let (log, server, operators) = (log, server, operators)
        server.stop(grace: settings.present.grace) {
            // Until the last request has ended operators see what the stop waits for.
            operators.stop()
            // The last line: a log that ends otherwise was cut off.
            let records = UInt64(server.counts.recorded)
            log?.submit(LogEvent(.stop, at: WallClock.microseconds(), [("records", .number(records))]))
            guard log?.close(within: Self.logPatience) != false else {
                Sallyport.complain("the log could not be written to its end")
                exit(1)
            }
            if let head = log?.head { Sallyport.complain("newest seal of the log \(head)") }
            exit(0)
        }
    }
}
