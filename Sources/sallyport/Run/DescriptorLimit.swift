import Glibc

/// The process's limit on open descriptors: two for each tunnel.
enum DescriptorLimit {
    /// Raises the soft limit to the hard one. Failing is no reason not to start: the proxy refuses what it can't serve.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
