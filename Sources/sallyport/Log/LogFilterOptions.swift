import AccessLog

/// A command that is about some of a log's requests.
protocol LogFiltering: SendableMetatype {
    var filter: LogFilter { get set }
}

extension LogFiltering {
    /// The options that choose them.
    static var filterOptions: [Option<Self>] {
        [
            Option(
                name: "since", value: "TIME",
                help: "requests that began then (UTC: 2026-11-21, 2026-11-21T08:00) or later"
            ) {
                command, text throws(OptionError) in
                command.filter.since = try OptionValue.logTime(text)
            },
            Option(name: "until", value: "TIME", help: "requests that began before") {
                command, text throws(OptionError) in
                command.filter.until = try OptionValue.logTime(text)
            },
            equal("id", .id, "a request, by its id"),
            equal("user", .user, "a user's requests"),
            equal("client", .client, "a client's requests, by address"),
            equal("host", .host, "requests for a host"),
            Option(name: "domain", value: "NAME", help: "requests for a name and all below it") { command, text in
                command.filter.domain = text
            },
            equal("verdict", .verdict, "allow or deny"),
            equal("outcome", .outcome, "an outcome, such as ok or dns_error"),
            equal("rule", .rule, "requests that a rule decided, file:line"),
        ]
    }

    private static func equal(_ name: String, _ key: LogKey, _ help: String) -> Option<Self> {
        Option(name: name, value: "TEXT", help: help) { command, text in
            command.filter.equals.append((key, text))
        }
    }
}
