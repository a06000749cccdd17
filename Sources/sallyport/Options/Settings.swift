import AccessLog
import Addressing
import EventLoop
import Glibc
import Proxy

/// All that options can set.
struct Settings {
    var proxy = Configuration()
    var policy = "acl/policy.conf"
    /// `-` is standard output; nil is no log.
    var log: String? = "logs/access.log"
    var logOptions = LogWriter.Options()
    /// Whether each seal also goes to the system's log.
    var sendsSeals = false
    /// The second log's form; its file is the log's with `.FORM` behind it.
    var copyFormat: LogFormat?
    /// The file of users; nil asks nobody who they are.
    var users: String?
    var login = LoginMode.required
    /// Wrong credentials from one address in a minute before it is locked out; 0 locks nobody out.
    var mostAuthFailures = 10
    /// How long open tunnels may go on after the first SIGTERM.
    var grace = Duration.seconds(10)
    /// As whom to go on once listeners and the log are open; nil stays who it is.
    var user: String?
    /// Whether the kernel is asked to keep the program to its files.
    var isConfined = true
    /// Where the process's number is written; nil nowhere.
    var pidFile: String?
    /// Where operators are answered; nil is nowhere.
    var admin: AdminPlace?
    /// What operators of other machines have to show.
    var adminToken: [UInt8]?
    /// The optional file of options.
    var file: String?
    /// The values of the options that were given, as texts.
    var given: [String: [String]] = [:]
    /// Whether `proxy.listeners` are no longer the default ones.
    private var hasListeners = false

    /// Name servers to ask; none asks those of `/etc/resolv.conf`.
    private(set) var nameServers: [Endpoint] = []
    /// Leave names to the C library.
    private(set) var usesSystemResolver = false
    /// Whether the next `--resolver` or `--source` adds to those there are; otherwise it replaces them.
    private var addsResolvers = true
    private var addsSources = true
    /// The same for what the proxy's own pages and its automatic configuration are told.
    private var addsNames = true
    private var addsBypasses = true
    private var addsFallbacks = true

    /// Whether users have to say who they are. The raw value is how it is configured.
    enum LoginMode: String, CaseIterable {
        case required
        case optional
    }

    init() {
        // All cores there are; more loops than the configuration allows serve nobody.
        proxy.version = Sallyport.version
        proxy.pages.version = Sallyport.version
        proxy.workers = min(64, max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))))
    }

    /// What repeatable options say from now on replaces what they have said: flags win over the file.
    mutating func replaceRepeatable() {
        hasListeners = false
        addsResolvers = false
        addsSources = false
        addsNames = false
        addsBypasses = false
        addsFallbacks = false
    }

    mutating func listen(on listener: Configuration.Listener) {
        if !hasListeners { proxy.listeners = [] }
        hasListeners = true
        proxy.listeners.append(listener)
    }

    /// Adds a name server, or `system`.
    mutating func resolve(by text: String) throws(OptionError) {
        if !addsResolvers { (nameServers, usesSystemResolver) = ([], false) }
        addsResolvers = true
        let isSystem = text == "system"
        guard !usesSystemResolver, !isSystem || nameServers.isEmpty else {
            throw OptionError("system stands beside others", allowed: "either system alone or addresses are allowed")
        }
        if isSystem {
            usesSystemResolver = true
        } else {
            guard nameServers.count < DNSResolver.mostServers else {
                throw OptionError("there are too many", allowed: "up to \(DNSResolver.mostServers) are allowed")
            }
            nameServers.append(try OptionValue.nameServer(text))
        }
    }

    /// Adds a name or an address by which clients reach the proxy.
    mutating func beCalled(_ text: String) throws(OptionError) {
        if !addsNames { proxy.pages.names = [] }
        addsNames = true
        proxy.pages.names.append(try OptionValue.host(text))
    }

    /// Adds what the automatic configuration sends straight to its destination.
    mutating func bypass(_ text: String) throws(OptionError) {
        if !addsBypasses { proxy.pages.automatic.bypasses = [] }
        addsBypasses = true
        guard let bypass = AutomaticConfiguration.Bypass(text) else {
            throw OptionError(
                "\"\(text)\" is neither a host nor a network",
                allowed: "such as corp.example, 10.0.0.0/8 or 2001:db8::/32 is needed")
        }
        proxy.pages.automatic.bypasses.append(bypass)
    }

    /// Adds what the automatic configuration names behind the proxy.
    mutating func fallBack(to text: String) throws(OptionError) {
        if !addsFallbacks { proxy.pages.automatic.fallbacks = [] }
        addsFallbacks = true
        guard let fallback = AutomaticConfiguration.Fallback(text) else {
            let kinds = AutomaticConfiguration.Fallback.kinds.joined(separator: ", ")
            throw OptionError(
                "\"\(text)\" is no way",
                allowed: "DIRECT is needed, or one of \(kinds) with HOST:PORT, such as PROXY proxy2.example:3128")
        }
        proxy.pages.automatic.fallbacks.append(fallback)
    }

    /// Adds an address for connections to origins.
    mutating func leave(from text: String) throws(OptionError) {
        if !addsSources { proxy.source = Configuration.Source() }
        addsSources = true
        let address = try OptionValue.address(text)
        guard proxy.source.address(for: address) == nil else {
            throw OptionError(
                "\(text) is the second of its family", allowed: "one IPv4 and one IPv6 address are allowed")
        }
        guard !address.isUnspecified, Socket.isLocal(address) else {
            throw OptionError("\(text) is not this machine's", allowed: "an address that this machine has is needed")
        }
        proxy.source.add(address)
    }
}
