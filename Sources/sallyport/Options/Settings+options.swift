import Addressing
import Proxy

extension Settings {
    /// The options of `sallyport run`.
    static let options: [Option<Settings>] =
        servingOptions + processOptions + adminOptions + limitOptions + logOptions

    private static let servingOptions: [Option<Settings>] = [
        Option(
            name: "listen", value: "ADDR:PORT[,proxy-protocol from NET ...]",
            help: "where to take connections, or PROXY headers from load balancers; port 0 takes a free one"
                + " (127.0.0.1:3128 and [::1]:3128)",
            isRepeatable: true
        ) { settings, text throws(OptionError) in
            settings.listen(on: try OptionValue.servedListener(text))
        },
        Option(name: "policy", value: "FILE", help: "the rules (acl/policy.conf)") {
            settings, text throws(OptionError) in
            settings.policy = try OptionValue.path(text)
        },
        Option(name: "users", value: "FILE", help: "who may use the proxy, in htpasswd form (nobody is asked)") {
            settings, text throws(OptionError) in
            settings.users = try OptionValue.path(text)
        },
        Option(
            name: "auth", value: "required|optional",
            help: "whether those are refused who don't say who they are, once there are users (required)"
        ) { settings, text throws(OptionError) in
            settings.login = try OptionValue.oneOf(text)
        },
        Option(
            name: "auth-failures", value: "N",
            help: "wrong passwords from one address in a minute before it is refused for one; 0 is no limit (10)"
        ) { settings, text throws(OptionError) in
            settings.mostAuthFailures = try OptionValue.number(text, 0...1_000_000)
        },
        Option(name: "log", value: "FILE", help: "the access log; - is standard output, off is none (logs/access.log)")
        {
            settings, text throws(OptionError) in
            settings.log = text == "off" ? nil : try OptionValue.path(text)
        },
        Option(name: "workers", value: "N", help: "event loops, 1-64 (one for each core)") {
            settings, text throws(OptionError) in
            settings.proxy.workers = try OptionValue.number(text, 1...64)
        },
        Option(name: "handshake-timeout", value: "TIME", help: "from connecting to a complete request (10s)") {
            settings, text throws(OptionError) in
            settings.proxy.handshakeTimeout = try OptionValue.duration(text)
        },
        Option(
            name: "connect-timeout", value: "TIME",
            help: "for a name's look-up, and again for all attempts to connect together (10s)"
        ) { settings, text throws(OptionError) in
            settings.proxy.connectTimeout = try OptionValue.duration(text)
        },
        Option(
            name: "resolver", value: "ADDR[:PORT]",
            help: "a name server to ask, or system: the C library (those of /etc/resolv.conf)", isRepeatable: true
        ) { settings, text throws(OptionError) in
            try settings.resolve(by: text)
        },
        Option(
            name: "source", value: "ADDR",
            help: "where connections to origins leave from, one IPv4 and one IPv6 (the system's choice)",
            isRepeatable: true
        ) { settings, text throws(OptionError) in
            try settings.leave(from: text)
        },
        Option(
            name: "fast-open", value: "on|off", help: "TCP Fast Open to origins, with what the client has sent (off)"
        ) { settings, text throws(OptionError) in
            settings.proxy.fastOpen = try OptionValue.onOff(text)
        },
        Option(name: "idle-timeout", value: "TIME", help: "for a tunnel through which nothing moves (15m)") {
            settings, text throws(OptionError) in
            settings.proxy.idleTimeout = try OptionValue.duration(text)
        },
        Option(name: "udp", value: "on|off", help: "whether SOCKS5 clients may send datagrams, by UDP ASSOCIATE (on)") {
            settings, text throws(OptionError) in
            settings.proxy.servesDatagrams = try OptionValue.onOff(text)
        },
        Option(name: "udp-idle", value: "TIME", help: "for an association without a datagram (2m)") {
            settings, text throws(OptionError) in
            settings.proxy.datagramIdleTimeout = try OptionValue.duration(text)
        },
        Option(
            name: "keep-alive-timeout", value: "TIME",
            help: "for a client's connection to bring its next HTTP request (60s)"
        ) { settings, text throws(OptionError) in
            settings.proxy.keepAliveTimeout = try OptionValue.duration(text)
        },
        Option(name: "via", value: "NAME", help: "add Via to HTTP requests, and refuse those that come back (off)") {
            settings, text throws(OptionError) in
            settings.proxy.via = try OptionValue.token(text)
        },
        Option(
            name: "forwarded", value: "FIELD",
            help: "tell origins the client's address: off, forwarded or x-forwarded-for (off)"
        ) { settings, text throws(OptionError) in
            settings.proxy.forwarded = try OptionValue.oneOf(text)
        },
        Option(name: "block-page", value: "FILE", help: "the HTML page for refusals, with {{names}} (built in)") {
            settings, text throws(OptionError) in
            settings.proxy.page = try OptionValue.page(text)
        },
        Option(
            name: "name", value: "HOST",
            help: "what clients call the proxy, for its own pages (its addresses, localhost)",
            isRepeatable: true
        ) { settings, text throws(OptionError) in
            try settings.beCalled(text)
        },
        Option(
            name: "pac-bypass", value: "HOST|NET",
            help: "a name with all below it, or a network, that /proxy.pac sends straight there (names without a dot)",
            isRepeatable: true
        ) { settings, text throws(OptionError) in
            try settings.bypass(text)
        },
        Option(
            name: "pac-fallback", value: "WAY",
            help: "what /proxy.pac has tried when the proxy doesn't answer: PROXY HOST:PORT, DIRECT … (nothing)",
            isRepeatable: true
        ) { settings, text throws(OptionError) in
            try settings.fallBack(to: text)
        },
        Option(
            name: "close-forbidden", value: "on|off", help: "whether a new policy ends the open tunnels it denies (off)"
        ) { settings, text throws(OptionError) in
            settings.proxy.closesForbidden = try OptionValue.onOff(text)
        },
        Option(name: "grace", value: "TIME", help: "for open tunnels after SIGTERM or SIGINT (10s)") {
            settings, text throws(OptionError) in
            settings.grace = try OptionValue.duration(text, allowsZero: true)
        },
        Option(
            name: "config", value: "FILE", help: "a file of these options, one a line, without dashes", isFlagOnly: true
        ) {
            settings, text throws(OptionError) in
            settings.file = try OptionValue.path(text)
        },
    ]
}
