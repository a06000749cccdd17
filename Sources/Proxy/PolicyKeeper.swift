import AccessLog
import Dispatch
import EventLoop
import Policy

/// Keeps the policy in force as it stands in its files: reads it again when they change or when it is told to, and puts it
/// in force in one step if it is without fault; a faulty one leaves the old in force and says why.
///
/// Lives on an event loop of its own and reads on a patient thread, so that a million lines hold up no connection.
public final class PolicyKeeper: EventHandler {
    private var path: String
    private var ruleset: Ruleset
    private let server: Server
    private let log: LogWriter?
    private let tell: @Sendable (String) -> Void
    private let loop: EventLoop
    private var watch: FileWatch?
    private let queue = PatientQueue(width: 1)
    /// Of the files of the policy in force, from before they were read; nil where that isn't known.
    private var stamps: FileStamps?
    /// How what was read comes back.
    private var mailbox: Mailbox<PolicyKeeper>?
    private var isReading = false
    /// What is to be read after the reading under way; nil if nothing is.
    private var next: Reading?
    /// Who waits until all is read, to hear what was wrong with it.
    private var waiting: [@Sendable (Diagnostic?) -> Void] = []
    /// What is wrong with the files as they were read last.
    private var fault: Diagnostic?

    /// Whether somebody has asked for it, and hears of it even if nothing has changed.
    private enum Reading {
        case asked, unasked
    }
    private var inForceSince = Instant.now()

    /// Files are read once nothing has happened to them for so long: whoever replaces several has finished by then.
    private static let settling = Duration.seconds(1)

    private init(_ plan: Plan, on loop: EventLoop) {
        path = plan.path
        ruleset = plan.ruleset
        server = plan.server
        log = plan.log
        tell = plan.tell
        self.loop = loop
        super.init()
        follow()
    }

    private struct Plan: Sendable {
        let path: String
        let ruleset: Ruleset
        let server: Server
        let log: LogWriter?
        let tell: @Sendable (String) -> Void
    }

    /// Starts to keep `ruleset`, which was read from `path` and which `server` judges by.
    ///
    /// - Parameters:
    ///   - log: gets an event for each policy that is put in force or refused.
    ///   - tell: takes lines for the operator.
    /// - Returns: how to have the policy read again now.
    public static func start(
        _ path: String, _ ruleset: Ruleset, for server: Server, log: LogWriter?,
        tell: @escaping @Sendable (String) -> Void
    ) throws(Errno) -> Mailbox<PolicyKeeper> {
        let plan = Plan(path: path, ruleset: ruleset, server: server, log: log, tell: tell)
        let made = Handover<Result<Mailbox<PolicyKeeper>, Errno>>()
        try EventLoop.start(name: "sallyport.policy") { loop in
            made.give(
                Result { () throws(Errno) in
                    let keeper = PolicyKeeper(plan, on: loop)
                    let mailbox = try Mailbox(of: keeper, on: loop)
                    keeper.mailbox = mailbox
                    return mailbox
                })
        }
        return try made.take().get()
    }

    /// Reads the policy now, and says so even if nothing has changed.
    ///
    /// - Parameters:
    ///   - path: its file, if that is another one from now on.
    ///   - completion: gets the first of the errors for which the policy before stays in force; nil if there is none.
    public func reload(from path: String? = nil, completion: @escaping @Sendable (Diagnostic?) -> Void = { _ in }) {
        loop.stopTimer(of: self)
        if let path { self.path = path }
        waiting.append(completion)
        read(isAsked: true)
    }

    /// The fingerprint of the policy in force, and for how long it has been.
    public var present: (fingerprint: String, age: Duration) {
        (ruleset.fingerprint, inForceSince.duration(to: Instant.now()))
    }

    public override func deadlinePassed() {
        read(isAsked: false)
    }

    // MARK: - Private

    /// Watches the files of the policy in force; a machine without inotify to spare goes without.
    ///
    /// - Parameter others: files whose change may mend a policy that could not be read.
    private func follow(and others: [String] = []) {
        watch?.stop()
        do throws(Errno) {
            var known: Set<String> = []
            let files = (ruleset.files + others).filter { known.insert($0).inserted }
            watch = try FileWatch(files, on: loop) { [unowned self] in
                loop.timers(after: Self.settling).start(self)
            }
        } catch {
            watch = nil
            tell("warning: changes of the policy's files will not be noticed: \(error); SIGHUP reads it again")
        }
    }

    private func read(isAsked: Bool) {
        guard !isReading else {
            if next != .asked { next = isAsked ? .asked : .unasked }
            return
        }
        // Something else has happened in a folder of theirs.
        if !isAsked, let stamps, FileStamps(of: ruleset.files).areSame(as: stamps) { return }
        isReading = true
        stamps = FileStamps(of: ruleset.files)
        queue.async { [path, ruleset, mailbox] in
            let result = Result { () throws(PolicyErrors) in try Successor(path, to: ruleset) }
            mailbox?.post { $0.hasRead(result, isAsked: isAsked) }
        }
    }

    /// A policy that was read, and in what it differs from the one in force: both take their time.
    private struct Successor: Sendable {
        let ruleset: Ruleset
        let changes: String

        init(_ path: String, to former: Ruleset) throws(PolicyErrors) {
            ruleset = try Ruleset.load(path: path)
            changes = ruleset.changes(since: former)
        }
    }

    private func hasRead(_ result: Result<Successor, PolicyErrors>, isAsked: Bool) {
        isReading = false
        judge(result, isAsked: isAsked)
        // Something has changed while it was read. What was read is in force all the same: changes may never end.
        if let next {
            self.next = nil
            read(isAsked: next == .asked)
        }
        guard !isReading else { return }
        let done = waiting
        waiting = []
        for tell in done { tell(fault) }
    }

    private func judge(_ result: Result<Successor, PolicyErrors>, isAsked: Bool) {
        do throws(PolicyErrors) {
            let successor = try result.get()
            let new = successor.ruleset
            fault = nil
            if new.files != ruleset.files { stamps = nil }
            // The same text in other files is cited otherwise.
            guard new.fingerprint != ruleset.fingerprint || new.files != ruleset.files else {
                if isAsked { tell("the policy has not changed") }
                return follow()
            }
            putInForce(new, successor.changes)
        } catch {
            stamps = nil
            fault = error.diagnostics.first
            refuse(error)
            follow(and: error.files)
        }
    }

    private func putInForce(_ new: Ruleset, _ changes: String) {
        for warning in new.warnings { tell("warning: \(warning)") }
        server.judge(by: new, insteadOf: ruleset)
        ruleset = new
        inForceSince = Instant.now()
        follow()
        tell("policy \(new.fingerprint) is in force: \(new.ruleCount) rules, \(new.entryCount) entries; \(changes)")
        log?.submit(
            LogEvent(
                .policy, at: WallClock.microseconds(),
                [
                    ("result", .text("loaded")), ("policy", .text(new.fingerprint)),
                    ("rules", .number(UInt64(new.ruleCount))), ("entries", .number(UInt64(new.entryCount))),
                    ("changes", .text(changes)),
                ]))
    }

    private func refuse(_ errors: PolicyErrors) {
        server.refusedPolicy()
        tell("the policy is faulty, \(ruleset.fingerprint) stays in force:")
        for diagnostic in errors.diagnostics { tell("error: \(diagnostic)") }
        log?.submit(
            LogEvent(
                .policy, at: WallClock.microseconds(),
                [
                    ("result", .text("refused")), ("policy", .text(ruleset.fingerprint)),
                    ("errors", .number(UInt64(errors.diagnostics.count))),
                    ("first_error", .text(errors.diagnostics.first?.description ?? "")),
                ]))
    }
}
