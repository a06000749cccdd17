import Addressing
import EventLoop
import Wire

/// A name's addresses of one family, asked of the name servers until one says.
///
///     asking ──answer, or all fail, or deadline──▶ settled ──all have answered, or a second has passed──▶ finished
///       └─alias without its end─▶ asking for that
///
/// The first server gets a moment, then the next is asked as well, and the first answer counts. When all have been asked
/// they are asked again, more and more rarely. No attempt is given up before the deadline: a slow answer is one too. Once
/// settled it goes on listening for a moment, to learn how fast the others are.
///
/// No I/O: events go in, and `next` says what to send.
struct Question: ~Copyable {
    /// What is known in the end.
    enum Answer: Hashable {
        /// Not empty; valid for `ttl` seconds.
        case addresses([IPAddress], ttl: UInt32)
        /// The name exists, but has none of this family. `ttl` is nil where it may not be remembered.
        case noData(ttl: UInt32?)
        case noName(ttl: UInt32?)
        case failed
        case timedOut
    }

    /// A query to be sent.
    struct Send: Hashable {
        /// Its number in the question, with which what becomes of it is told.
        let attempt: Int
        let server: Int
        /// Over TCP.
        let isStream: Bool
    }

    private struct Attempt {
        let server: Int
        let isStream: Bool
        let sent: Instant
        var isOver = false
    }

    let type: DNS.RecordType
    /// What is asked for now: the name itself, or the end of its aliases.
    private(set) var name: DNS.Name
    private(set) var answer: Answer?
    private var order: [Int]
    private var attempts: [Attempt] = []
    /// Attempts of before an alias was followed; theirs are lower numbers.
    private var former = 0
    /// How many of `order` have been asked.
    private var asked = 0
    private var repeats = 0
    /// Servers that failed, and don't get this question again.
    private var failedServers: Set<Int> = []
    /// Servers to be asked at once, whoever's turn it is.
    private var due: [(server: Int, isStream: Bool)] = []
    private var nextAt: Instant
    /// While asking, when it is given up; then, until when it listens.
    private var deadline: Instant
    private var aliases = 0
    /// The least TTL of the aliases followed.
    private var aliasTTL = UInt32.max

    /// Queries in all over UDP.
    static let mostSends = 10
    /// Aliases whose end is asked for anew.
    static let mostAliases = 8
    /// Addresses beyond these are left out.
    static let mostAddresses = 32
    /// How long silent servers may still take once another has failed.
    static let patienceAfterFailure = Duration.seconds(2)
    /// How long after all servers have been asked the first of them is asked again; then twice as long, and so on.
    static let firstRepeat = Duration.seconds(1)

    /// How long it listens once it is settled.
    static let epilogue = Duration.seconds(1)

    init(
        _ name: DNS.Name, _ type: DNS.RecordType, at now: Instant, until deadline: Instant, _ servers: inout NameServers
    ) {
        self.name = name
        self.type = type
        self.deadline = deadline
        order = servers.order()
        nextAt = now
        if let probe = servers.probe(besides: order[0], at: now) { due.append((probe, false)) }
    }

    /// Nothing more is to come of it.
    var isFinished: Bool { answer != nil && !isListening }

    /// When `next` is to be asked again if nothing happens; nil when it is finished.
    var nextWake: Instant? {
        guard answer == nil else { return isListening ? deadline : nil }
        return canSend ? min(nextAt, deadline) : deadline
    }

    /// The next query to send now; nil when none is due. To be asked until it is nil, after the beginning, each event and
    /// each wake.
    mutating func next(at now: Instant, _ servers: inout NameServers) -> Send? {
        guard now < deadline else {
            deadlinePassed(&servers)
            return nil
        }
        guard answer == nil else { return nil }
        if let (server, isStream) = due.popLast() { return send(to: server, isStream: isStream, at: now, &servers) }
        guard !isListening || now >= nextAt else { return nil }
        if let server = nextServer() {
            nextAt = asked < order.count ? now.advanced(by: servers.patience(with: server)) : repeatAt(now)
            return send(to: server, isStream: false, at: now, &servers)
        }
        if !isListening { settle(.failed, at: now, &servers) }
        return nil
    }

    // MARK: - What became of an attempt

    /// A valid response to this question, complete.
    mutating func received(_ response: DNS.Response, by number: Int, at now: Instant, _ servers: inout NameServers) {
        guard let attempt = end(number, answeredAt: now, &servers) else { return }
        switch response.resolution(of: name, type) {
        case .addresses(let addresses, let ttl):
            settle(.addresses(Self.bounded(addresses), ttl: min(ttl, aliasTTL)), at: now, &servers)
        case .noData(nil, let ttl): settle(.noData(ttl: ttl), at: now, &servers)
        case .noData(let alias?, _): follow(alias, response, at: now, &servers)
        case .noName(let ttl): settle(.noName(ttl: ttl), at: now, &servers)
        case .failed(let code):
            if code != .serverFailure { servers.failed(attempt.server) }
            failed(attempt.server, at: now)
        }
    }

    /// The answer did not fit, or came in a way that it might be forged: the same server is asked over TCP.
    mutating func needsStream(_ number: Int, at now: Instant, _ servers: inout NameServers) {
        guard let attempt = end(number, answeredAt: now, &servers) else { return }
        if attempt.isStream {
            servers.failed(attempt.server)
            failed(attempt.server, at: now)
        } else {
            due.append((attempt.server, true))
        }
    }

    /// The same server is to be asked again at once, in another way that `servers` knows of.
    mutating func retry(_ number: Int, at now: Instant, _ servers: inout NameServers) {
        guard let attempt = end(number, answeredAt: now, &servers) else { return }
        repeats += 1
        if repeats < Self.mostSends { due.append((attempt.server, false)) }
    }

    /// It can't be reached, or what it says can't be understood.
    mutating func attemptFailed(_ number: Int, at now: Instant, _ servers: inout NameServers) {
        guard let index = open(number) else { return }
        attempts[index].isOver = true
        servers.failed(attempts[index].server)
        if answer == nil { failed(attempts[index].server, at: now) }
    }

    // MARK: - Private

    /// Whether an attempt is open.
    private var isListening: Bool { attempts.contains { !$0.isOver } }

    private var canSend: Bool {
        asked < order.count || repeats + order.count < Self.mostSends && order.contains { !failedServers.contains($0) }
    }

    /// When the servers are asked again.
    private func repeatAt(_ now: Instant) -> Instant {
        now.advanced(byNanoseconds: Self.firstRepeat.nanoseconds << Int64(min(repeats, 6)))
    }

    /// Whose turn it is: first those that have not been asked, then all that have not failed.
    private mutating func nextServer() -> Int? {
        while asked < order.count {
            let server = order[asked]
            asked += 1
            if !attempts.contains(where: { $0.server == server }) && !failedServers.contains(server) { return server }
        }
        guard repeats + order.count < Self.mostSends else { return nil }
        let candidates = order.filter { !failedServers.contains($0) }
        guard !candidates.isEmpty else { return nil }
        repeats += 1
        return candidates[(repeats - 1) % candidates.count]
    }

    private mutating func send(
        to server: Int, isStream: Bool, at now: Instant, _ servers: inout NameServers
    ) -> Send {
        servers.asked(server, at: now)
        attempts.append(Attempt(server: server, isStream: isStream, sent: now))
        return Send(attempt: former + attempts.count - 1, server: server, isStream: isStream)
    }

    private func open(_ number: Int) -> Int? {
        let index = number - former
        return index >= 0 && !attempts[index].isOver ? index : nil
    }

    /// Notes that an open attempt was answered; nil if that no longer matters to the question.
    private mutating func end(_ number: Int, answeredAt now: Instant, _ servers: inout NameServers) -> Attempt? {
        guard let index = open(number) else { return nil }
        attempts[index].isOver = true
        let attempt = attempts[index]
        // The time of a stream is another matter: it makes a connection first.
        if !attempt.isStream { servers.answered(attempt.server, after: now.nanoseconds - attempt.sent.nanoseconds) }
        return answer == nil ? attempt : nil
    }

    private mutating func failed(_ server: Int, at now: Instant) {
        failedServers.insert(server)
        deadline = min(deadline, now.advanced(by: Self.patienceAfterFailure))
        // The next one need not wait for its time.
        nextAt = min(nextAt, now)
    }

    private mutating func settle(_ answer: Answer, at now: Instant, _ servers: inout NameServers) {
        self.answer = answer
        due = []
        deadline = now.advanced(by: Self.epilogue)
        guard answer != .failed else { return }
        // Another could answer what these could not, or not in the time they were given.
        for server in failedServers { servers.failed(server) }
        for attempt in attempts
        where !attempt.isOver && attempt.sent.duration(to: now) >= servers.patience(with: attempt.server) {
            servers.failed(attempt.server)
        }
    }

    private mutating func deadlinePassed(_ servers: inout NameServers) {
        for index in attempts.indices where !attempts[index].isOver {
            attempts[index].isOver = true
            servers.failed(attempts[index].server)
        }
        if answer == nil { answer = failedServers.isEmpty ? .timedOut : .failed }
    }

    private mutating func follow(
        _ alias: DNS.Name, _ response: DNS.Response, at now: Instant, _ servers: inout NameServers
    ) {
        aliases += 1
        guard aliases <= Self.mostAliases else { return settle(.failed, at: now, &servers) }
        aliasTTL = min(aliasTTL, response.answers.map(\.ttl).min() ?? 0)
        name = alias
        former += attempts.count
        attempts = []
        asked = 0
        repeats = 0
        failedServers = []
        due = []
        nextAt = now
    }

    private static func bounded(_ addresses: [IPAddress]) -> [IPAddress] {
        var kept: [IPAddress] = []
        for address in addresses where !kept.contains(address) {
            kept.append(address)
            if kept.count == mostAddresses { break }
        }
        return kept
    }
}
