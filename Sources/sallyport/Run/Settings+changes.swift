import Proxy

extension Settings {
    /// Options that take effect without a restart.
    static let liveOptions: Set<String> = [
        "listen", "policy", "handshake-timeout", "connect-timeout", "source", "fast-open", "idle-timeout", "udp",
        "udp-idle", "keep-alive-timeout", "via", "forwarded", "block-page", "name", "pac-bypass", "pac-fallback",
        "close-forbidden", "grace",
        "max-connections", "max-per-client", "max-per-user", "rate-per-client", "bandwidth-per-user", "log-rotate",
        "log-keep", "log-compress", "log-interval", "log-query", "log-clients", "log-key",
    ]

    /// The names of the options that are given otherwise, in the order of the table.
    func changes(since former: Settings) -> [String] {
        Self.options.map(\.name).filter { name in
            given[name] != former.given[name] || name == "seal-key" && logOptions.sealKey != former.logOptions.sealKey
        }
    }

    /// Takes over what can take effect at once.
    mutating func takeLive(from new: Settings) {
        for name in Self.liveOptions { given[name] = new.given[name] }
        policy = new.policy
        grace = new.grace
        logOptions.rotation = new.logOptions.rotation
        let former = proxy
        proxy = new.proxy
        proxy.workers = former.workers
        // A key that is made up stays, so that names in the log keep their meaning.
        if given["log-key"] == nil { proxy.privacy.key = former.privacy.key }
    }
}
