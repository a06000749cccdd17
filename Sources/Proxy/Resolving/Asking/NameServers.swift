import Addressing
import EventLoop

/// The name servers in force: how each has answered so far, and who is asked first.
///
/// The fastest is first. One that left a question to be answered by another, or refuses, comes last until it has answered
/// again; so a silent server costs one wait in all. Now and then a server that was not asked for some time gets a question
/// along with the one whose turn it is, which is how a better or recovered one is found at nobody's cost.
struct NameServers {
    struct Server {
        let endpoint: Endpoint
        /// Smoothed time to an answer, and its mean deviation, in nanoseconds; nil before the first. Spec: RFC 6298 §2.
        fileprivate var time: (smoothed: Int64, deviation: Int64)?
        fileprivate var lastAsked: Instant?
        /// It has not answered what others did, or refuses, since its last answer.
        fileprivate(set) var isFailing = false
        var letters = LetterCase()
        /// It takes EDNS0 for an error.
        var refusesOptions = false
    }

    private(set) var servers: [Server]
    private let rotates: Bool
    private var turn = 0

    /// How long a server goes without a question before it gets one along with another.
    static let probeInterval = Duration.seconds(60)
    /// How long to wait for a server before the next is asked as well.
    static let unknownPatience = Duration.milliseconds(250)
    static let leastPatience = Duration.milliseconds(100)
    static let mostPatience = Duration.milliseconds(400)

    /// - Parameter endpoints: at least one; in the order in which they are preferred as long as nothing is known.
    init(_ endpoints: [Endpoint], rotates: Bool = false) {
        precondition(!endpoints.isEmpty, "a resolver without name servers")
        servers = endpoints.map { Server(endpoint: $0) }
        self.rotates = rotates
    }

    subscript(index: Int) -> Server {
        get { servers[index] }
        set { servers[index] = newValue }
    }

    /// Whether no server has answered what it was asked last.
    var areSilent: Bool { servers.allSatisfy(\.isFailing) }

    /// All servers in the order in which a question tries them.
    mutating func order() -> [Int] {
        guard servers.count > 1 else { return [0] }
        guard !rotates else {
            turn = (turn + 1) % servers.count
            let rotated = servers.indices.map { ($0 + turn) % servers.count }
            return rotated.filter { !servers[$0].isFailing } + rotated.filter { servers[$0].isFailing }
        }
        return servers.indices.sorted { left, right in
            let (l, r) = (servers[left], servers[right])
            if l.isFailing != r.isFailing { return r.isFailing }
            if l.expectedTime != r.expectedTime { return l.expectedTime < r.expectedTime }
            return left < right
        }
    }

    /// A server to ask along with `first`, because it was not asked for long; mostly nil.
    func probe(besides first: Int, at now: Instant) -> Int? {
        guard servers.count > 1 else { return nil }
        let due = servers.indices.filter { index in
            guard index != first else { return false }
            guard let last = servers[index].lastAsked else { return true }
            return last.advanced(by: Self.probeInterval) <= now
        }
        return due.min { left, right in
            (servers[left].lastAsked?.nanoseconds ?? .min) < (servers[right].lastAsked?.nanoseconds ?? .min)
        }
    }

    /// How long `server` may take before another is asked as well.
    func patience(with server: Int) -> Duration {
        guard let time = servers[server].time, !servers[server].isFailing else { return Self.unknownPatience }
        return min(max(.nanoseconds(time.smoothed + 4 * time.deviation), Self.leastPatience), Self.mostPatience)
    }

    // MARK: - What happened

    mutating func asked(_ server: Int, at now: Instant) {
        servers[server].lastAsked = now
    }

    /// An answer came, of whatever kind.
    ///
    /// - Parameter sample: nanoseconds after the question.
    mutating func answered(_ server: Int, after sample: Int64) {
        if let known = servers[server].time, !servers[server].isFailing {
            let error = sample - known.smoothed
            servers[server].time = (
                known.smoothed + error / 8, known.deviation + (abs(error) - known.deviation) / 4
            )
        } else {
            servers[server].time = (sample, sample / 2)
        }
        servers[server].isFailing = false
    }

    /// Another server answered first, or nobody did in time, or it refuses.
    mutating func failed(_ server: Int) {
        servers[server].isFailing = true
    }
}

/// Whether a server repeats the letters of a question as they were sent, which shows that an answer is its own.
struct LetterCase: Hashable {
    private var haveBeenKept = false
    private var isDoubtful = false
    /// Mixing them proves nothing: they come back all small, or some other way.
    private(set) var areFolded = false

    mutating func wereKept() {
        guard !areFolded else { return }
        haveBeenKept = true
        isDoubtful = false
    }

    /// They came back otherwise.
    ///
    /// - Returns: whether the answer is to be doubted, since the server has kept them until now. A second one in a row
    ///   isn't: then the server has changed.
    mutating func wereFolded() -> Bool {
        if haveBeenKept && !isDoubtful {
            isDoubtful = true
            return true
        }
        areFolded = true
        return false
    }
}

extension NameServers.Server {
    /// One that is not known comes after those that answer at once and before those known to be slow.
    fileprivate var expectedTime: Int64 {
        time?.smoothed ?? NameServers.unknownPatience.nanoseconds
    }
}
