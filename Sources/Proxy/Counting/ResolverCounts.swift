import EventLoop

/// What a resolver has been asked and has asked so far.
public struct ResolverCounts: Hashable, Sendable {
    /// Look-ups begun; those who ask for the same name at once share one.
    public var lookUps: UInt64 = 0
    /// How those ended that have.
    public var found: UInt64 = 0
    public var notFound: UInt64 = 0
    public var failed: UInt64 = 0
    public var timedOut: UInt64 = 0
    /// Queries sent to name servers, by UDP and by TCP.
    public var datagramQueries: UInt64 = 0
    public var streamQueries: UInt64 = 0
    /// Messages of name servers that belong to a query.
    public var responses: UInt64 = 0

    /// Look-ups under way.
    public var inFlight: UInt64 {
        let ended = found &+ notFound &+ failed &+ timedOut
        return lookUps > ended ? lookUps - ended : 0
    }

    mutating func ended(_ answer: Resolution.Answer) {
        switch answer {
        case .addresses: found += 1
        case .notFound: notFound += 1
        case .failed: failed += 1
        case .timedOut: timedOut += 1
        }
    }
}

/// The account of the resolver's own loop, which alone writes it.
struct ResolverCounters: Sendable {
    private let block = CounterBlock(count: Cell.allCases.count)

    enum Cell: Int, CaseIterable {
        case lookUps, found, notFound, failed, timedOut, datagramQueries, streamQueries, responses
    }

    func add(to cell: Cell) {
        block.add(to: cell.rawValue)
    }

    func ended(_ answer: Resolution.Answer) {
        switch answer {
        case .addresses: add(to: .found)
        case .notFound: add(to: .notFound)
        case .failed: add(to: .failed)
        case .timedOut: add(to: .timedOut)
        }
    }

    var counts: ResolverCounts {
        func value(_ cell: Cell) -> UInt64 { block[cell.rawValue] }
        // What has ended before what was begun: the difference is never negative.
        var counts = ResolverCounts()
        (counts.found, counts.notFound) = (value(.found), value(.notFound))
        (counts.failed, counts.timedOut) = (value(.failed), value(.timedOut))
        counts.lookUps = value(.lookUps)
        (counts.datagramQueries, counts.streamQueries) = (value(.datagramQueries), value(.streamQueries))
        counts.responses = value(.responses)
        return counts
    }
}
