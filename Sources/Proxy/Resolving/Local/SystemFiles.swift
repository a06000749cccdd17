import Addressing

/// The two files that say how this machine resolves names.
struct SystemFiles {
    private var hosts: FollowedFile
    private var settings: FollowedFile
    /// Asked instead of the servers that the file names, if there are any.
    private let servers: [Endpoint]

    init(hosts: String, settings: String, servers: [Endpoint], opener: FileOpener? = nil) {
        self.hosts = FollowedFile(hosts, by: opener)
        self.settings = FollowedFile(settings, by: opener)
        self.servers = servers
    }

    var paths: [String] { [hosts.path, settings.path] }

    /// The hosts file, unless it is as it was when this was called last.
    mutating func newHosts() -> HostsTable? {
        hosts.newContents().map { HostsTable(parsing: $0.span) }
    }

    /// The settings, unless their file is as it was when this was called last.
    mutating func newSettings() -> ResolverSettings? {
        settings.newContents().map { contents in
            var settings = ResolverSettings(parsing: contents.span)
            if !servers.isEmpty { settings.servers = servers }
            return settings
        }
    }
}
