import EventLoop
import Glibc
import Policy
import Users

/// `sallyport check`: reads the policy, and the configuration and the users if they are named, as the proxy would, and
/// says what is wrong or odd with them.
struct CheckCommand {
    /// Nil is the configuration's, or the default.
    private var policy: String?
    private var configuration: String?
    private var users: String?
    /// Whether warnings make the exit code 2.
    private var isStrict = false
    /// Whether every superfluous entry and every line that makes none is named.
    private var isVerbose = false

    /// Lines of each list that make no entry and are named without `--verbose`.
    private static let noteLimit = 20

    private static let options: [Option<CheckCommand>] = [
        Option(name: "policy", value: "FILE", help: "the rules (acl/policy.conf)") {
            command, text throws(OptionError) in
            command.policy = try OptionValue.path(text)
        },
        Option(name: "config", value: "FILE", help: "also the options of run; policy and users are those it names") {
            command, text throws(OptionError) in
            command.configuration = try OptionValue.path(text)
        },
        Option(name: "users", value: "FILE", help: "also who may use the proxy") { command, text throws(OptionError) in
            command.users = try OptionValue.path(text)
        },
        Option(name: "strict", value: nil, help: "exit with 2 when there are warnings") { command, _ in
            command.isStrict = true
        },
        Option(name: "verbose", value: nil, help: "name every superfluous entry and every line that makes none") {
            command, _ in
            command.isVerbose = true
        },
    ]

    /// - Throws: `UsageError`.
    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "check [OPTION ...]",
                    about:
                        "Reads the policy and its lists, prints errors and warnings with their positions, and sums up.\n"
                        + "With --config also all that a start or a reload would read.",
                    options, codes: "0 good, 1 errors, 2 warnings with --strict, 64 wrong command line"))
            return 0
        }
        _ = try parser.operands(0...0, called: "")
        var command = CheckCommand()
        try parser.apply(to: &command)
        return command.check()
    }

    // MARK: - Private

    private func check() -> Int32 {
        var errors: [String] = []
        let settings = readSettings(&errors)
        if let path = users ?? settings.users { readUsers(path, &errors) }
        // A faulty configuration names no policy that could be relied upon.
        guard errors.isEmpty || policy != nil else { return tell(errors) }
        let start = Instant.now()
        let ruleset: Ruleset
        do throws(PolicyErrors) {
            let limit = isVerbose ? Int.max : Self.noteLimit
            ruleset = try Ruleset.load(path: policy ?? settings.policy, noteLimit: limit, isAuditing: true)
        } catch {
            return tell(errors + error.diagnostics.map(\.description))
        }
        let milliseconds = Instant.now().microseconds(since: start) / 1000
        let warnings = ruleset.warnings + ruleset.lint(now: WallClock.microseconds() / 1_000_000)
        for warning in warnings { print("warning: \(warning)") }
        for list in ruleset.lists { show(list) }
        print(
            "\(ruleset.ruleCount) rules, \(ruleset.lists.count) lists, \(ruleset.entryCount) entries, "
                + "\(ruleset.bytesHeld / 1024) KiB of tables, read in \(milliseconds) ms, policy \(ruleset.fingerprint)"
        )
        guard errors.isEmpty else { return tell(errors) }
        return isStrict && !warnings.isEmpty ? 2 : 0
    }

    private func tell(_ errors: [String]) -> Int32 {
        for error in errors { print("error: \(error)") }
        print("\(errors.count) \(errors.count == 1 ? "error" : "errors")")
        return 1
    }

    private func readSettings(_ errors: inout [String]) -> Settings {
        guard let configuration else { return Settings() }
        do throws(ConfigurationErrors) {
            let settings = try ConfigurationFile.read(configuration)
            print("configuration \(configuration): \(settings.given.count) options")
            return settings
        } catch {
            errors += error.diagnostics.map(\.description)
            return Settings()
        }
    }

    private func readUsers(_ path: String, _ errors: inout [String]) {
        do throws(UserFileErrors) {
            print("users \(path): \(try UserTable.load(path: path).names.count)")
        } catch {
            errors += error.faults
        }
    }

    private func show(_ list: ListReport) {
        print(
            "list \(list.path): \(list.format), \(list.lines) lines: \(list.entryLines) make \(list.entries) entries, "
                + "\(list.blankLines) are blank or comments, \(list.notApplicableLines) don't apply to hosts, "
                + "\(list.malformedLines) are malformed")
        if let audit = list.audit, audit.duplicates + audit.redundant + audit.withoutApex > 0 {
            print(
                "    \(audit.duplicates) duplicate, \(audit.redundant) redundant, \(audit.withoutApex) without the name itself"
                    + (isVerbose ? "" : " (--verbose names them)"))
        }
        guard isVerbose else { return }
        for note in (list.audit?.notes ?? []) + list.notApplicable { print("    \(note)") }
    }
}
