import AccessLog
import Dispatch
import EventLoop
import Glibc
import Policy
import Proxy
import Users

/// `sallyport run`: the proxy in the foreground until a signal ends it.
struct RunCommand {
    private let settings: Settings
    /// What the settings were made of, to make them again.
    private let arguments: ArraySlice<String>

    /// - Throws: also `UsageError` and `ConfigurationErrors`.
    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        guard let settings = try settings(arguments) else {
            print(Help.program)
            return 0
        }
        try RunCommand(settings: settings, arguments: arguments).run()
    }

    /// What the command line asks for; nil if it asks for help. The configuration file, if one is named, comes first, and
    /// flags win over its lines.
    static func settings(_ arguments: ArraySlice<String>) throws -> Settings? {
        let parser = try ArgumentParser(arguments, options: Settings.options)
        if parser.asksForHelp { return nil }
        _ = try parser.operands(0...0, called: "")
        var settings = Settings()
        try parser.apply(to: &settings)
        if let file = settings.file {
            settings = try ConfigurationFile.read(file)
            settings.replaceRepeatable()
            try parser.apply(to: &settings)
        }
        let flags = Dictionary(grouping: parser.values, by: \.name).mapValues { $0.map(\.value) }
        settings.given.merge(flags) { _, flag in flag }
        return settings
    }

    /// Doesn't return once the proxy serves: the process ends with `exit`.
    ///
    /// - Throws: `PolicyErrors`, `LogError` or `StartError`, when it can't start.
    func run() throws -> Never {
        // A function of its own, whose end lets go of the first policy: once replaced, nobody shall hold its tables.
        try start()
        dispatchMain()
    }

    // MARK: - Private

    private func start() throws {
        // A closed socket or pipe shall be an error of the call that meets it.
        signal(SIGPIPE, SIG_IGN)
        DescriptorLimit.raise()
        let ruleset = try Ruleset.load(path: settings.policy)
        for warning in ruleset.warnings { Sallyport.complain("warning: \(warning)") }
        let authenticator = try makeAuthenticator()
        let log = try openLog()
        Signals.hold()
        let listeners = try BoundListeners(settings.proxy.listeners)
        for endpoint in listeners.skipped {
            Sallyport.complain("warning: not listening on \(endpoint), which this machine does not have")
        }
        // Before the first request can leave its record.
        log?.begin([
            ("version", .text(Sallyport.version)), ("policy", .text(ruleset.fingerprint)),
            ("rules", .number(UInt64(ruleset.ruleCount))), ("entries", .number(UInt64(ruleset.entryCount))),
            ("listeners", .text(listeners.endpoints.map(\.description).joined(separator: " "))),
        ])
        var configuration = settings.proxy
        configuration.authenticator = authenticator
        let resolver = try makeResolver()
        let server = try Server(configuration, on: listeners, ruleset: ruleset, log: log, resolver: resolver)
        let keeper = try PolicyKeeper.start(settings.policy, ruleset, for: server, log: log) { Sallyport.complain($0) }
        let users = try authenticator.map { (authenticator) throws(Errno) in
            try UsersKeeper.start(settings.users ?? "", for: authenticator, log: log) { Sallyport.complain($0) }
        }
        let signals = Signals(
            server: server, log: log, policy: keeper, users: users,
            settings: RunningSettings(settings, arguments, server: server, resolver: resolver, log: log))
        signals.activate()
        server.serve()
        for endpoint in server.endpoints { Sallyport.complain("listening on \(endpoint)") }
    }

    private func makeAuthenticator() throws(UserFileErrors) -> Authenticator? {
        guard let path = settings.users else { return nil }
        return Authenticator(
            try UserTable.load(path: path), isRequired: settings.login == .required,
            mostFailures: settings.mostAuthFailures)
    }

    private func openLog() throws(LogError) -> LogWriter? {
        guard let path = settings.log else { return nil }
        var options = settings.logOptions
        if let format = settings.copyFormat { options.copy = ("\(path).\(format.rawValue)", format) }
        if settings.sendsSeals {
            let syslog = Syslog()
            options.sealed = { head in _ = syslog.send("seal \(head) of \(path)") }
        }
        return try LogWriter(path: path, options: options)
    }

    private func makeResolver() throws(StartError) -> any Resolver {
        guard !settings.usesSystemResolver else { return SystemResolver() }
        var sources = DNSResolver.Sources()
        sources.servers = settings.nameServers
        sources.patience = settings.proxy.connectTimeout
        do throws(Errno) {
            return try DNSResolver(sources)
        } catch {
            throw .resolver(error)
        }
    }
}
