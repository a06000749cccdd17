import AccessLog
import Dispatch
import EventLoop
import Glibc
import Policy
import Proxy
import Users

/// `sallyport run`: the proxy in the foreground until a signal ends it.
struct RunCommand {
    let settings: Settings
    /// What the settings were made of, to make them again.
    var arguments: ArraySlice<String> = []

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
        let manager = Supervisor()
        let takeover = Takeover()
        let passed = try PassedSockets.take(isUpgrade: takeover != nil)
        let privileges = try settings.user.map { (name) throws(PrivilegeError) in try Privileges(name) }
        // By the rights with which they will be read again.
        let ruleset = try Self.asUser(privileges) { try Ruleset.load(path: settings.policy) }
        if let place = settings.admin, place.isExposed, settings.adminToken == nil {
            throw StartError.exposedAdmin(place)
        }
        for warning in ruleset.warnings { Sallyport.complain("warning: \(warning)") }
        let authenticator = try Self.asUser(privileges) { try makeAuthenticator() }
        Signals.hold()
        let listeners = try bind(passed)
        try takeover?.takeLog()
        let log = try openLog(privileges)
        let pidFile = try settings.pidFile.map { (path) throws(PrivilegeError) in try PIDFile(path) }
        let opener = opensFilesOutside ? FileOpener(DNSResolver.Sources().files) : nil
        let isConfined = try lowerRights(privileges, ruleset)
        // Other threads than the opener's begin here: what was given up before, none of them has.
        beginLog(log, ruleset, listeners)
        var configuration = settings.proxy
        configuration.authenticator = authenticator
        let resolver = try makeResolver(opener)
        let server = try Server(configuration, on: listeners, ruleset: ruleset, log: log, resolver: resolver)
        let tell: @Sendable (String) -> Void = { line in
            Sallyport.complain(isConfined ? Confinement.explaining(line) : line)
        }
        let keeper = try PolicyKeeper.start(settings.policy, ruleset, for: server, log: log, tell: tell)
        let users = try authenticator.map { (authenticator) throws(Errno) in
            try UsersKeeper.start(settings.users ?? "", for: authenticator, log: log, tell: tell)
        }
        // Until this process has taken over the former one answers there.
        let admin = try takeover == nil ? settings.admin.map { try openAdmin($0, server) } : nil
        let operators = Operators(admin)
        let running = RunningSettings(
            settings, arguments, server: server, resolver: resolver, log: log,
            passed: servesPassed(passed) ? listeners.endpoints : [])
        let signals = Signals(
            server: server, log: log, policy: keeper, users: users, settings: running, manager: manager,
            operators: operators)
        signals.activate()
        signals.offerUpgrade(logPath: settings.log)
        server.serve()
        for endpoint in server.endpoints { Sallyport.complain("listening on \(endpoint)") }
        if let admin { Sallyport.complain("answering operators at \(admin.place)") }
        pidFile?.write()
        signals.tellReady()
        if let takeover {
            takeover.ready()
            operators.set(openAdminWhenFree(server))
        }
    }

    /// Whether the passed sockets are served because nobody says where to listen.
    private func servesPassed(_ passed: [CInt]) -> Bool {
        !passed.isEmpty && settings.given["listen"] == nil
    }

    private func bind(_ passed: [CInt]) throws(StartError) -> BoundListeners {
        let listeners = try BoundListeners(settings.proxy.listeners, passed: passed, servesAll: servesPassed(passed))
        for endpoint in listeners.skipped {
            Sallyport.complain("warning: not listening on \(endpoint), which this machine does not have")
        }
        for endpoint in listeners.unused {
            Sallyport.complain("warning: the passed socket of \(endpoint) is not served: no listen option names it")
        }
        return listeners
    }

    private func beginLog(_ log: LogWriter?, _ ruleset: Ruleset, _ listeners: BoundListeners) {
        // Before the first request can leave its record.
        log?.begin([
            ("version", .text(Sallyport.version)), ("policy", .text(ruleset.fingerprint)),
            ("rules", .number(UInt64(ruleset.ruleCount))), ("entries", .number(UInt64(ruleset.entryCount))),
            ("listeners", .text(listeners.endpoints.map(\.description).joined(separator: " "))),
        ])
    }

    private func openAdmin(_ place: AdminPlace, _ server: Server) throws(StartError) -> AdminServer {
        try AdminServer(place, token: settings.adminToken, for: server)
    }

    /// After an upgrade: the former process is about to let go of the place.
    private func openAdminWhenFree(_ server: Server) -> AdminServer? {
        guard let place = settings.admin else { return nil }
        for attempt in 1... {
            do throws(StartError) {
                let admin = try openAdmin(place, server)
                Sallyport.complain("answering operators at \(admin.place)")
                return admin
            } catch {
                guard attempt < 100 else {
                    Sallyport.complain("warning: \(error)")
                    break
                }
                usleep(50_000)
            }
        }
        return nil
    }

    private func makeAuthenticator() throws(UserFileErrors) -> Authenticator? {
        guard let path = settings.users else { return nil }
        return Authenticator(
            try UserTable.load(path: path), isRequired: settings.login == .required,
            mostFailures: settings.mostAuthFailures)
    }

    /// - Parameter opener: opens the resolver's files where the process can't any more.
    func makeResolver(_ opener: FileOpener? = nil) throws(StartError) -> any Resolver {
        guard !settings.usesSystemResolver else { return SystemResolver() }
        var sources = DNSResolver.Sources()
        sources.servers = settings.nameServers
        sources.opener = opener
        sources.patience = settings.proxy.connectTimeout
        do throws(Errno) {
            return try DNSResolver(sources)
        } catch {
            throw .resolver(error)
        }
    }
}
