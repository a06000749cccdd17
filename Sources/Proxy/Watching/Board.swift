import AccessLog
import Addressing
import EventLoop

/// What the dashboard shows, on the loop of the operators' interface: what was sampled, the requests that ended lately and
/// the names that came most often. Its room is bounded, and it is there only where the interface is.
final class Board: EventHandler {
    let server: Server
    private unowned let desk: AdminDesk
    private(set) var history: SampleHistory
    private(set) var recent = RecentRecords()
    private(set) var tops = [TopNames](repeating: TopNames(), count: Topic.allCases.count)
    /// Requests that ended while there was no room for them: they are in the log and in the counters, and not here.
    private(set) var lost: UInt64 = 0
    let taps: [RecordTap]
    private let watchedTimers: Timers
    private let restingTimers: Timers
    private var watchers: [EventStream] = []

    static let mostWatchers = 16
    /// How often a sample is taken.
    private static let watched = Duration.seconds(2)
    private static let resting = Duration.seconds(10)

    /// What names are counted of. The raw value is how it is asked for.
    enum Topic: String, CaseIterable {
        case host
        case user
        /// Hosts that the policy denied.
        case blocked
        /// Rules that decided.
        case rule
    }

    init(_ server: Server, _ desk: AdminDesk) {
        self.server = server
        self.desk = desk
        history = SampleHistory(Totals(server), at: Self.now)
        watchedTimers = desk.loop.timers(after: Self.watched)
        restingTimers = desk.loop.timers(after: Self.resting)
        let mailbox = desk.mailbox
        taps = server.workers.map { worker in
            let tap = RecordTap { mailbox.post { $0.board?.collect() } }
            worker.mailbox.post { $0.recorder.tap = tap }
            return tap
        }
        super.init()
        restingTimers.start(self)
    }

    /// Has nothing noted any more.
    func stop() {
        desk.loop.stopTimer(of: self)
        for (worker, tap) in zip(server.workers, taps) {
            worker.mailbox.post { if $0.recorder.tap === tap { $0.recorder.tap = nil } }
        }
    }

    override func deadlinePassed() {
        tick()
        startTimer()
    }

    /// Fetches what the workers have noted.
    func collect() {
        let now = Int64(Self.now)
        for tap in taps {
            let batch = tap.take()
            lost += batch.lost
            for seen in batch.requests { recent.add(seen, of: batch.lines) }
            count(batch.requests, at: now)
        }
    }

    func top(_ topic: Topic) -> TopNames { tops[topic.ordinal] }

    /// Seconds since the epoch.
    static var now: Double { Double(WallClock.microseconds()) / 1e6 }

    // MARK: - Watchers

    /// - Returns: whether there was room.
    func begin(_ watcher: EventStream) -> Bool {
        guard watchers.count < Self.mostWatchers else { return false }
        watchers.append(watcher)
        guard watchers.count == 1 else { return true }
        // What came while nobody watched is history.
        tick()
        startTimer()
        return true
    }

    func end(_ watcher: EventStream) {
        watchers.removeAll { $0 === watcher }
        if watchers.isEmpty { startTimer() }
    }

    // MARK: - Private

    private func startTimer() {
        (watchers.isEmpty ? restingTimers : watchedTimers).start(self)
    }

    private func tick() {
        collect()
        let sample = history.sample(Totals(server), Gauges(server), at: Self.now)
        guard !watchers.isEmpty, let sample else { return }
        let text = sample.json
        for watcher in watchers { watcher.tell(text, of: self) }
    }

    /// Those of a batch together: mostly they are about few names.
    private func count(_ requests: [SeenRequest], at now: Int64) {
        var (hosts, blocked): ([Host: UInt64], [Host: UInt64]) = ([:], [:])
        var (users, rules): ([String: UInt64], [String: UInt64]) = ([:], [:])
        for seen in requests {
            if let host = seen.host {
                hosts[host, default: 0] += 1
                if seen.isAllowed == false { blocked[host, default: 0] += 1 }
            }
            if let user = seen.user { users[user, default: 0] += 1 }
            if let rule = seen.rule { rules[rule, default: 0] += 1 }
        }
        for (host, count) in hosts { tops[Topic.host.ordinal].add(host.description, count, at: now) }
        for (host, count) in blocked { tops[Topic.blocked.ordinal].add(host.description, count, at: now) }
        for (user, count) in users { tops[Topic.user.ordinal].add(user, count, at: now) }
        for (rule, count) in rules { tops[Topic.rule.ordinal].add(rule, count, at: now) }
    }
}
