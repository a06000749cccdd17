import Proxy

extension Settings {
    /// What is granted at most.
    static let limitOptions: [Option<Settings>] = [
        Option(name: "max-connections", value: "N", help: "connections of clients in all (no limit)") {
            settings, text throws(OptionError) in
            settings.proxy.limits.connections = try OptionValue.number(text, 1...10_000_000)
        },
        Option(name: "max-per-client", value: "N", help: "connections from one address, or IPv6 /64 (no limit)") {
            settings, text throws(OptionError) in
            settings.proxy.limits.connectionsPerClient = try OptionValue.number(text, 1...10_000_000)
        },
        Option(name: "max-per-user", value: "N", help: "tunnels and requests of one user at a time (no limit)") {
            settings, text throws(OptionError) in
            settings.proxy.limits.requestsPerUser = try OptionValue.number(text, 1...10_000_000)
        },
        Option(name: "rate-per-client", value: "N", help: "new requests a second from one address (no limit)") {
            settings, text throws(OptionError) in
            settings.proxy.limits.requestRatePerClient = try OptionValue.number(text, 1...1_000_000)
        },
        Option(
            name: "bandwidth-per-user", value: "SIZE",
            help: "bytes a second of one user, both directions together, such as 500KB (no limit)"
        ) { settings, text throws(OptionError) in
            settings.proxy.limits.bandwidthPerUser = try OptionValue.size(text)
        },
        Option(
            name: "max-memory", value: "SIZE",
            help: "memory beyond which new connections are turned away, such as 500M or 2G (no limit)"
        ) { settings, text throws(OptionError) in
            settings.proxy.limits.memory = try OptionValue.memory(text)
        },
    ]
}
