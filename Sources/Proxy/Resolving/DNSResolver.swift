import Addressing
import EventLoop

/// Looks names up by asking name servers itself, on an event loop of its own that all workers share.
///
/// One loop, because then a name is asked for once however many workers want it, and because a flood of names holds up
/// other names at most, never a tunnel. What is known already, workers read directly, without a word to that loop.
///
/// Reads `/etc/hosts` and `/etc/resolv.conf`, and again when they change. Lasts until the object goes, or `stop`.
public final class DNSResolver: Resolver {
    /// What the resolver goes by.
    public struct Sources: Sendable {
        /// Asked instead of those of the settings file; at most eight count.
        public var servers: [Endpoint] = []
        public var hostsFile = "/etc/hosts"
        public var settingsFile = "/etc/resolv.conf"
        /// Opens the two; nil where this process can do so itself.
        public var opener: FileOpener?
        /// How long a look-up may take, if the settings don't say less.
        public var patience = Duration.seconds(10)

        /// Both files.
        public var files: [String] { [hostsFile, settingsFile] }

        public init() {}
    }

    /// Servers that are asked at most; later ones are not.
    public static let mostServers = ResolverSettings.mostServers
    public static let defaultPort = ResolverSettings.domainPort

    /// What needs no question: read by all workers.
    let known: KnownNames
    private let mailbox: Mailbox<DNSClient>
    private let counters = ResolverCounters()

    /// - Throws: when there are no descriptors for a loop.
    public init(_ sources: Sources = Sources()) throws(Errno) {
        var files = SystemFiles(
            hosts: sources.hostsFile, settings: sources.settingsFile,
            servers: Array(sources.servers.prefix(ResolverSettings.mostServers)), opener: sources.opener)
        let known = KnownNames(files.newHosts() ?? HostsTable(), cache: AddressCache())
        let settings = files.newSettings() ?? ResolverSettings()
        self.known = known
        let (unread, counters) = (files, counters)
        mailbox = try EventLoop.start(
            name: "sallyport.resolver",
            owner: { loop in
                DNSClient(known, settings, unread, patience: sources.patience, counters, on: loop)
            })
    }

    deinit {
        stop {}
    }

    public var counts: ResolverCounts { counters.counts }

    public func known(_ name: HostName, at now: Instant) -> Resolution? {
        guard let answer = known.find(name, at: now) else { return nil }
        if answer.needsRefresh { mailbox.post { $0.refresh(name) } }
        return answer.resolution
    }

    public func resolve(_ name: HostName, completion: @escaping @Sendable (Resolution) -> Void) {
        mailbox.post { $0.lookUp(name, completion) }
    }

    /// Lets look-ups that begin from now on take so long, if the settings don't say less.
    public func change(patience: Duration) {
        mailbox.post { $0.patience = patience }
    }

    /// Ends all look-ups as failed and lets go of all descriptors. Later ones are never answered.
    ///
    /// - Parameter completion: called once nothing is left.
    public func stop(completion: @escaping @Sendable () -> Void) {
        mailbox.post { $0.stop(completion: completion) }
    }
}
