import AccessLog
import Addressing
import EventLoop
import Proxy

/// The settings in force: read again on demand, and put in force as far as that goes without a restart. Faulty ones leave
/// everything as it was and say why.
final class RunningSettings {
    private(set) var present: Settings
    private let arguments: ArraySlice<String>
    private let server: Server
    private let resolver: any Resolver
    private let log: LogWriter?
    /// What is listened on, as passed at the start, while no option says where.
    private let passed: [Endpoint]
    /// The first of the errors for which all stays as it was; nil if they were read without.
    private(set) var fault: String?

    /// - Parameter arguments: the command line, whose flags win over the file's lines.
    init(
        _ settings: Settings, _ arguments: ArraySlice<String>, server: Server, resolver: any Resolver, log: LogWriter?,
        passed: [Endpoint]
    ) {
        self.passed = passed
        present = settings
        self.arguments = arguments
        self.server = server
        self.resolver = resolver
        self.log = log
    }

    /// Reads them now.
    ///
    /// - Returns: whether the policy is to be read from another file.
    func reload() -> Bool {
        fault = nil
        do {
            guard var new = try RunCommand.settings(arguments) else { return false }
            if !passed.isEmpty, new.given["listen"] == nil { new.proxy.listeners = passed.map { .init($0) } }
            return try putInForce(new)
        } catch {
            refuse("\(error)")
            return false
        }
    }

    // MARK: - Private

    private func putInForce(_ new: Settings) throws(StartError) -> Bool {
        let changes = new.changes(since: present)
        let change = try server.change(to: new.proxy)
        let hasOtherPolicy = new.policy != present.policy
        present.takeLive(from: new)
        (resolver as? DNSResolver)?.change(patience: new.proxy.connectTimeout)
        log?.rotate(by: new.logOptions.rotation)
        for endpoint in change.removed { Sallyport.complain("no longer listening on \(endpoint)") }
        for endpoint in change.added { Sallyport.complain("listening on \(endpoint)") }
        tell(changes)
        return hasOtherPolicy
    }

    private func tell(_ changes: [String]) {
        guard !changes.isEmpty else {
            if let file = present.file { Sallyport.complain("the configuration \(file) has not changed") }
            return
        }
        let live = changes.filter { Settings.liveOptions.contains($0) }
        if !live.isEmpty { Sallyport.complain("in force from now on: \(live.joined(separator: ", "))") }
        let others = changes.filter { !Settings.liveOptions.contains($0) }
        for name in others { Sallyport.complain("\(name) changed and needs a restart") }
        let words = live + others.map { "\($0) needs a restart" }
        log?.submit(
            LogEvent(
                .configuration, at: WallClock.microseconds(),
                [("result", .text("loaded")), ("changes", .text(words.joined(separator: ", ")))]))
    }

    private func refuse(_ errors: String) {
        let lines = errors.split(separator: "\n")
        fault = lines.first.map(String.init)
        Sallyport.complain("the configuration is faulty, all stays as it was:")
        for line in lines { Sallyport.complain("error: \(line)") }
        log?.submit(
            LogEvent(
                .configuration, at: WallClock.microseconds(),
                [
                    ("result", .text("refused")), ("errors", .number(UInt64(lines.count))),
                    ("first_error", .text(String(lines.first ?? ""))),
                ]))
    }
}
