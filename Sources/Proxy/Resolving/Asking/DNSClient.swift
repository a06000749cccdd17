import Addressing
import EventLoop

/// The look-ups under way, and what they leave in the cache. Confined to the resolver's loop.
///
/// Each name is looked up once, however many ask for it. What a look-up says is to be sent, the other half of this class
/// sends.
final class DNSClient {
    let loop: EventLoop
    private let known: KnownNames
    private var files: SystemFiles
    private var settings: ResolverSettings
    private var servers: NameServerSet
    private var lookUps: [HostName: PendingLookUp] = [:]
    /// For one look-up; the settings may have less.
    var patience: Duration
    private var watch: FileWatch?
    private var filesChecked: Instant
    private var hasStopped = false
    let counters: ResolverCounters
    var random = PooledRandom()
    /// Queries over TCP that are out.
    var streams = 0

    /// Look-ups under way at once; beyond them, names that aren't known fail.
    static let mostLookUps = 8192
    /// How often the files are compared with what was read of them, should the kernel not tell of a change.
    static let fileCheckInterval = Duration.seconds(1)

    /// - Parameters:
    ///   - files: whose present contents are in `known` and `settings`.
    ///   - patience: for one look-up; the settings may have less.
    init(
        _ known: KnownNames, _ settings: ResolverSettings, _ files: SystemFiles, patience: Duration,
        _ counters: ResolverCounters = ResolverCounters(), on loop: EventLoop
    ) {
        self.counters = counters
        self.loop = loop
        self.known = known
        self.settings = settings
        self.files = files
        self.patience = patience
        servers = NameServerSet(settings)
        filesChecked = loop.now
        // Without it the files are still compared, once a second while there are look-ups.
        watch = try? FileWatch(files.paths, on: loop) { [unowned self] in readFiles() }
    }

    // MARK: - Asking

    /// Looks `name` up and tells `completion`, perhaps at once; several who ask the same wait for one look-up.
    func lookUp(_ name: HostName, _ completion: @escaping PendingLookUp.Completion) {
        checkFiles()
        if let answer = known.find(name, at: loop.now) {
            completion(answer.resolution)
            if answer.needsRefresh { refresh(name) }
            return
        }
        if let pending = lookUps[name] { return pending.add(completion) }
        guard let pending = begin(name) else { return completion(Resolution(.failed, from: .query)) }
        pending.add(completion)
        if let old = known.cache.lastResort(name, at: loop.now) {
            if servers.ranking.areSilent {
                pending.tell(old)
            } else {
                pending.lastResortAt = loop.now.advanced(by: PendingLookUp.patienceWithStale)
            }
        }
        advance(pending)
    }

    /// Looks `name` up anew, so that what is known of it stays fresh.
    func refresh(_ name: HostName) {
        if lookUps[name] == nil, let pending = begin(name) { advance(pending) }
    }

    /// Goes on with a look-up after something has happened to it.
    func advance(_ pending: PendingLookUp) {
        while let send = pending.next(at: loop.now) { carryOut(send, of: pending) }
        let name = pending.machine.name
        if let outcome = pending.machine.outcome {
            if lookUps[name] === pending {
                lookUps[name] = nil
                counters.ended(outcome.answer)
                pending.tell(remember(outcome, of: name))
            }
        } else if pending.hasWaiting {
            if let early = pending.machine.early {
                pending.tell(remember(early, of: name))
            } else if let time = pending.lastResortAt, time <= loop.now,
                let old = known.cache.lastResort(name, at: loop.now)
            {
                pending.tell(old)
            }
        }
        if pending.machine.isFinished {
            loop.stopTimer(of: pending)
            pending.dropQueries()
        } else if let wake = Instant.earliest(pending.machine.nextWake, pending.lastResortAt) {
            loop.wake(pending, at: wake)
        }
    }

    // MARK: - The files

    /// Reads what has changed: other hosts are in force at once; other servers begin with an empty cache, and look-ups
    /// under way begin anew with them.
    func readFiles() {
        filesChecked = loop.now
        if let table = files.newHosts() { known.replaceHosts(table) }
        guard let changed = files.newSettings(), changed != settings else { return }
        settings = changed
        servers = NameServerSet(changed)
        known.cache.removeAll()
        for pending in lookUps.values {
            pending.restart(with: servers) { makeLookUp(pending.machine.name, &$0) }
            advance(pending)
        }
    }

    // MARK: - Stopping

    /// Ends all look-ups as failed, and the loop.
    func stop(completion: @escaping @Sendable () -> Void) {
        hasStopped = true
        let ended = lookUps.values
        lookUps = [:]
        for pending in ended {
            counters.ended(.failed)
            pending.tell(Resolution(.failed, from: .query))
        }
        for handler in loop.handlers {
            (handler as? QuerySocket)?.close()
            (handler as? QueryStream)?.close()
        }
        watch?.stop()
        loop.stop(completion: completion)
    }

    // MARK: - Private

    private func begin(_ name: HostName) -> PendingLookUp? {
        guard !hasStopped, lookUps.count < Self.mostLookUps else { return nil }
        let pending = PendingLookUp(servers, of: self) { makeLookUp(name, &$0) }
        lookUps[name] = pending
        counters.add(to: .lookUps)
        return pending
    }

    private func makeLookUp(_ name: HostName, _ ranking: inout NameServers) -> LookUp {
        let deadline = loop.now.advanced(by: min(patience, settings.patience))
        return LookUp(name, settings, at: loop.now, until: deadline, &ranking)
    }

    /// Takes an outcome into the cache.
    ///
    /// - Returns: what those who wait get.
    private func remember(_ outcome: LookUp.Outcome, of name: HostName) -> Resolution {
        switch outcome.answer {
        case .addresses, .notFound:
            if let ttl = outcome.ttl {
                let cached = CachedAnswer(outcome.answer, fullName: outcome.fullName, ttl: ttl, at: loop.now)
                known.cache.store(cached, of: name, at: loop.now)
            } else {
                known.cache.remove(name)
            }
        case .failed, .timedOut:
            if let old = known.cache.noteFailure(outcome.answer, of: name, at: loop.now) { return old }
        }
        return Resolution(outcome.answer, from: .query, fullName: outcome.fullName)
    }

    private func checkFiles() {
        if filesChecked.advanced(by: Self.fileCheckInterval) <= loop.now { readFiles() }
    }
}
