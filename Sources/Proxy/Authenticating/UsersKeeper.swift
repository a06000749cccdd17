import AccessLog
import EventLoop
import Users

/// Keeps the users in force as they stand in their file: reads it again when it changes or when it is told to; a faulty
/// one leaves the old in force and says why.
///
/// Lives on an event loop of its own: whoever tries out hashing methods holds up no connection.
public final class UsersKeeper: EventHandler {
    private let plan: Plan
    private let loop: EventLoop
    private var table: UserTable?
    private var watch: FileWatch?

    /// The file is read once nothing has happened to it for so long.
    private static let settling = Duration.seconds(1)

    private struct Plan: Sendable {
        let path: String
        let authenticator: Authenticator
        let log: LogWriter?
        let tell: @Sendable (String) -> Void
    }

    private init(_ plan: Plan, on loop: EventLoop) {
        self.plan = plan
        self.loop = loop
        super.init()
        do throws(Errno) {
            watch = try FileWatch([plan.path], on: loop) { [unowned self] in
                loop.timers(after: Self.settling).start(self)
            }
        } catch {
            plan.tell("warning: changes of \(plan.path) will not be noticed: \(error); SIGHUP reads it again")
        }
        // It may have changed since it was read for the authenticator.
        read(isAsked: false)
    }

    /// Starts to keep the users of `path` in `authenticator`.
    ///
    /// - Parameters:
    ///   - log: gets an event for each table that is put in force or refused.
    ///   - tell: takes lines for the operator.
    /// - Returns: how to have the file read again now.
    public static func start(
        _ path: String, for authenticator: Authenticator, log: LogWriter?, tell: @escaping @Sendable (String) -> Void
    ) throws(Errno) -> Mailbox<UsersKeeper> {
        let plan = Plan(path: path, authenticator: authenticator, log: log, tell: tell)
        let made = Handover<Result<Mailbox<UsersKeeper>, Errno>>()
        try EventLoop.start(name: "sallyport.users") { loop in
            made.give(Result { () throws(Errno) in try Mailbox(of: UsersKeeper(plan, on: loop), on: loop) })
        }
        return try made.take().get()
    }

    /// Reads the file now, and says so even if nothing has changed.
    public func reload() {
        loop.stopTimer(of: self)
        read(isAsked: true)
    }

    public override func deadlinePassed() {
        read(isAsked: false)
    }

    // MARK: - Private

    private func read(isAsked: Bool) {
        do throws(UserFileErrors) {
            let new = try UserTable.load(path: plan.path)
            guard new != table else {
                if isAsked { plan.tell("the users have not changed") }
                return
            }
            let isFirst = table == nil
            table = new
            plan.authenticator.replace(new)
            note("loaded", [("users", .number(UInt64(new.names.count)))])
            if !isFirst { plan.tell("\(new.names.count) users of \(plan.path) are in force") }
        } catch {
            plan.tell("\(plan.path) is faulty, the users read before stay in force:")
            for fault in error.faults { plan.tell("error: \(fault)") }
            note("refused", [("errors", .number(UInt64(error.faults.count))), ("first_error", .text(error.faults[0]))])
        }
    }

    private func note(_ result: String, _ fields: [(key: StaticString, value: LogEvent.Value)]) {
        plan.log?.submit(
            LogEvent(.users, at: WallClock.microseconds(), [(key: "result", value: .text(result))] + fields))
    }
}
