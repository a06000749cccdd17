import EventLoop

/// A look-up under way: who waits for it, and what its queries are on. Confined to the resolver's loop.
final class PendingLookUp: EventHandler {
    typealias Completion = @Sendable (Resolution) -> Void

    private(set) var machine: LookUp
    private(set) var servers: NameServerSet
    /// When those who wait get what is known from before.
    var lastResortAt: Instant?
    private unowned let client: DNSClient
    private var waiting: [Completion] = []
    private var exchanges: [any QueryExchange] = []

    /// How long an answer may take when there is an old one. RFC 8767 §5, the client response timer.
    static let patienceWithStale = Duration.milliseconds(1800)

    /// - Parameter makeMachine: makes the look-up for the set's servers.
    init(_ servers: NameServerSet, of client: DNSClient, _ makeMachine: (inout NameServers) -> LookUp) {
        self.servers = servers
        self.client = client
        machine = makeMachine(&servers.ranking)
    }

    override func deadlinePassed() {
        client.advance(self)
    }

    // MARK: - Those who wait

    var hasWaiting: Bool { !waiting.isEmpty }

    func add(_ completion: @escaping Completion) {
        waiting.append(completion)
    }

    /// Tells all who wait.
    func tell(_ resolution: Resolution) {
        let told = waiting
        waiting = []
        lastResortAt = nil
        for completion in told { completion(resolution) }
    }

    // MARK: - Queries

    /// The next query to send now; see `LookUp.next`.
    func next(at now: Instant) -> LookUp.Send? {
        machine.next(at: now, &servers.ranking)
    }

    /// Something became of a query.
    func about(_ query: LookUp.Query, _ event: (inout Question, _ attempt: Int, inout NameServers) -> Void) {
        machine.about(query) { question, attempt in event(&question, attempt, &servers.ranking) }
    }

    func sent(by exchange: any QueryExchange) {
        if !exchanges.contains(where: { $0 === exchange }) { exchanges.append(exchange) }
    }

    /// Lets go of all queries.
    func dropQueries() {
        let dropped = exchanges
        exchanges = []
        for exchange in dropped { exchange.drop(self) }
    }

    /// Begins anew with other servers; those who wait go on waiting.
    func restart(with servers: NameServerSet, _ makeMachine: (inout NameServers) -> LookUp) {
        dropQueries()
        self.servers = servers
        machine = makeMachine(&servers.ranking)
    }
}

/// What carries queries to a name server and answers back.
protocol QueryExchange: AnyObject {
    /// Answers to the look-up's queries are not wanted any more.
    func drop(_ lookUp: PendingLookUp)
}

/// A query that is out.
struct OpenQuery {
    let lookUp: PendingLookUp
    let query: LookUp.Query
    let server: Int
    let message: QueryMessage
}
