import AccessLog
import Addressing

/// Passwords that wait to be hashed: each client's one after the other, the clients by turns, all of them bounded. Clients
/// that were wrong lately wait until nobody else does, and never take more than half of the room.
///
/// Requests of one client with the same credentials wait for one hash together: a browser opens many connections at once.
struct JobQueue {
    struct Job: Sendable {
        let client: IPAddress
        let credentials: Credentials
        let pair: Digest
        /// Whether the client was wrong lately.
        let isSuspect: Bool
        /// One for each request that waits for it.
        private(set) var answers: [@Sendable (Authenticator.Answer) -> Void]

        fileprivate mutating func join(_ job: Job) {
            answers += job.answers
        }
    }

    private let width: Int
    private var waiting: [IPAddress: [Job]] = [:]
    /// Clients with jobs of which none is running, those who have waited longest first.
    private var turns: [IPAddress] = []
    private var suspectTurns: [IPAddress] = []
    private var running: Set<IPAddress> = []
    /// Requests that wait.
    private var count = 0

    private static let most = 1024
    /// Different credentials.
    private static let mostOfClient = 16

    /// - Parameter width: jobs that run at a time.
    init(width: Int) {
        self.width = width
    }

    /// - Returns: false if there are too many, of this client or in all.
    mutating func add(_ job: Job) -> Bool {
        guard count < (job.isSuspect ? Self.most / 2 : Self.most) else { return false }
        if let same = waiting[job.client]?.firstIndex(where: { $0.pair == job.pair }) {
            waiting[job.client]?[same].join(job)
            count += 1
            return true
        }
        let own = waiting[job.client]?.count ?? 0
        guard own < Self.mostOfClient else { return false }
        waiting[job.client, default: []].append(job)
        count += 1
        if own == 0 && !running.contains(job.client) { lineUp(job) }
        return true
    }

    /// The job that may begin now.
    mutating func next() -> Job? {
        guard running.count < width, let client = turns.first ?? suspectTurns.first else { return nil }
        if turns.isEmpty { suspectTurns.removeFirst() } else { turns.removeFirst() }
        guard let job = waiting[client]?.removeFirst() else { return nil }
        if waiting[client]?.isEmpty == true { waiting[client] = nil }
        count -= job.answers.count
        running.insert(client)
        return job
    }

    mutating func finished(_ job: Job) {
        running.remove(job.client)
        if let next = waiting[job.client]?.first { lineUp(next) }
    }

    private mutating func lineUp(_ job: Job) {
        if job.isSuspect { suspectTurns.append(job.client) } else { turns.append(job.client) }
    }
}
