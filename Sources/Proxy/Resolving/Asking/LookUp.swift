import Addressing
import EventLoop
import Wire

/// A name being looked up: its candidates one after the other, both families of each at once.
///
///     asking ──one family has addresses, the other is slow──▶ answered early ──▶ complete
///       │                                                                          ▲
///       ├──both families settled───────────────────────────────────────────────────┘
///       └──the candidate has no address──▶ asking for the next
///
/// No I/O: events go in, and `next` says what to send.
struct LookUp: ~Copyable {
    enum Family: Hashable, CaseIterable {
        case v6, v4
    }

    /// Which query an event is about.
    struct Query: Hashable {
        fileprivate let candidate: Int
        let family: Family
        fileprivate let attempt: Int
    }

    /// A query to be sent.
    struct Send {
        let query: Query
        let name: DNS.Name
        let type: DNS.RecordType
        let server: Int
        let isStream: Bool
    }

    /// What is known.
    struct Outcome: Hashable {
        let answer: Resolution.Answer
        /// How long it may be remembered, in seconds; nil where it may not.
        let ttl: UInt32?
        /// Where it isn't the name itself that has the addresses.
        let fullName: HostName?
    }

    let name: HostName
    /// Addresses of one family, known before those of the other were.
    private(set) var early: Outcome?
    /// All that is to be known.
    private(set) var outcome: Outcome?

    private let candidates: [HostName]
    private var candidate = 0
    private var v6: Question
    private var v4: Question
    private let deadline: Instant
    /// Until when the second family may take before the first's addresses are given out alone.
    private var graceEnd: Instant?

    /// What the first family's addresses wait for the second. IPv4 addresses have waited enough after the 50 ms of RFC 8305
    /// §3; IPv6 ones wait for as long as connecting to them would go on before IPv4 is tried (§5), since a connection that
    /// fails needs the others.
    static let graceAfterV4 = Duration.milliseconds(50)
    static let graceAfterV6 = Duration.milliseconds(250)
    /// How long addresses of one family are remembered when the other's could not be had.
    static let incompleteTTL: UInt32 = 30

    init(
        _ name: HostName, _ settings: ResolverSettings, at now: Instant, until deadline: Instant,
        _ servers: inout NameServers
    ) {
        self.name = name
        self.deadline = deadline
        candidates = settings.candidates(for: name)
        let first = DNS.Name(candidates[0])
        v6 = Question(first, .aaaa, at: now, until: deadline, &servers)
        v4 = Question(first, .a, at: now, until: deadline, &servers)
    }

    /// Nothing more is to come of it.
    var isFinished: Bool { outcome != nil && v6.isFinished && v4.isFinished }

    /// When `next` is to be asked again if nothing happens; nil when it is finished.
    var nextWake: Instant? {
        let grace = early == nil && outcome == nil ? graceEnd : nil
        return Instant.earliest(Instant.earliest(v6.nextWake, v4.nextWake), grace)
    }

    /// The next query to send now; nil when none is due. To be asked until it is nil, after the beginning, each event and
    /// each wake; then `early` and `outcome` are up to date.
    mutating func next(at now: Instant, _ servers: inout NameServers) -> Send? {
        while true {
            if let send = v6.next(at: now, &servers) { return describe(send, of: v6, .v6) }
            if let send = v4.next(at: now, &servers) { return describe(send, of: v4, .v4) }
            guard isNextCandidateDue(at: now) else { return nil }
            candidate += 1
            graceEnd = nil
            let next = DNS.Name(candidates[candidate])
            v6 = Question(next, .aaaa, at: now, until: deadline, &servers)
            v4 = Question(next, .a, at: now, until: deadline, &servers)
        }
    }

    /// Calls `event` with the question that `query` belongs to, unless that is past.
    mutating func about(_ query: Query, _ event: (inout Question, _ attempt: Int) -> Void) {
        guard query.candidate == candidate else { return }
        switch query.family {
        case .v6: event(&v6, query.attempt)
        case .v4: event(&v4, query.attempt)
        }
    }

    // MARK: - Private

    private func describe(_ send: Question.Send, of question: borrowing Question, _ family: Family) -> Send {
        Send(
            query: Query(candidate: candidate, family: family, attempt: send.attempt), name: question.name,
            type: question.type, server: send.server, isStream: send.isStream)
    }

    /// Brings the outcome up to date; whether it is the next candidate's turn.
    private mutating func isNextCandidateDue(at now: Instant) -> Bool {
        guard outcome == nil else { return false }
        if let last = v6.answer, let first = v4.answer {
            let combined = combine(last, first)
            if combined.answer == .notFound && candidate + 1 < candidates.count { return true }
            outcome = combined
        } else if early == nil, let first = v6.answer ?? v4.answer, case .addresses = first {
            let grace = v4.answer == nil ? Self.graceAfterV6 : Self.graceAfterV4
            let end = graceEnd ?? now.advanced(by: grace)
            graceEnd = end
            if now >= end { early = combine(first, .timedOut) }
        }
        return false
    }

    private func combine(_ left: Question.Answer, _ right: Question.Answer) -> Outcome {
        let fullName = candidates[candidate] == name ? nil : candidates[candidate]
        func found(_ addresses: [IPAddress], _ ttl: UInt32) -> Outcome {
            Outcome(answer: .addresses(addresses), ttl: ttl, fullName: fullName)
        }
        switch (left, right) {
        case (.addresses(let first, let ttl), .addresses(let second, let otherTTL)):
            return found(first + second, min(ttl, otherTTL))
        case (.addresses(let addresses, let ttl), .failed), (.addresses(let addresses, let ttl), .timedOut),
            (.failed, .addresses(let addresses, let ttl)), (.timedOut, .addresses(let addresses, let ttl)):
            return found(addresses, min(ttl, Self.incompleteTTL))
        case (.addresses(let addresses, let ttl), _), (_, .addresses(let addresses, let ttl)):
            return found(addresses, ttl)
        case (.failed, _), (_, .failed): return Outcome(answer: .failed, ttl: nil, fullName: nil)
        case (.timedOut, _), (_, .timedOut): return Outcome(answer: .timedOut, ttl: nil, fullName: nil)
        case (.noData(let ttl), .noData(let otherTTL)), (.noData(let ttl), .noName(let otherTTL)),
            (.noName(let ttl), .noData(let otherTTL)), (.noName(let ttl), .noName(let otherTTL)):
            let both = ttl.flatMap { ttl in otherTTL.map { min(ttl, $0) } }
            return Outcome(answer: .notFound, ttl: both, fullName: nil)
        }
    }
}
