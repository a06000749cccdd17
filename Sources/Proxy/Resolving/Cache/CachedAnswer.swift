import Addressing
import EventLoop

/// What is remembered of one name, and for how long.
///
///     ├── fresh ──────────── due ──┤── stale ────────────────────────┤ gone
///     stored              refreshes expires                          ends
///
/// Spec: RFC 2181 §8, RFC 2308 §5 (negative answers), RFC 8767 (stale ones), RFC 9520 §3.2 (failures).
struct CachedAnswer {
    /// What a request gets.
    enum Reading: Hashable {
        case fresh
        /// The same, and it is time to ask again.
        case due
        /// Its time is over; to be given out if the name servers don't answer.
        case stale
        /// The same, and they have just not answered: to be given out at once.
        case staleForNow
        case gone
    }

    let answer: Resolution.Answer
    let fullName: HostName?
    private let refreshes: Instant
    private let expires: Instant
    private let ends: Instant
    /// Until when the name servers need not be asked again, since they have just not answered.
    private var retries: Instant

    /// TTLs are kept within these, in seconds: below, a name that lives by the second would be asked for with each request;
    /// above, an address that has moved would be dialled for days.
    static let ttlBounds: ClosedRange<UInt32> = 5...86_400
    /// Nor is the absence of a name believed for longer. RFC 2308 §5 would allow three hours.
    static let longestNegativeTTL: UInt32 = 900
    /// How long a failure is remembered: as long as RFC 9520 demands.
    static let failureTTL: UInt32 = 1
    /// How long an answer may be served beyond its time. RFC 8767 §5 suggests one to three days.
    static let longestStale = Duration.seconds(86_400)
    /// How long name servers that did not answer are left in peace about a name. RFC 8767 §5.
    static let retryInterval = Duration.seconds(30)

    /// - Parameter ttl: seconds, as the name servers said.
    init(_ answer: Resolution.Answer, fullName: HostName?, ttl: UInt32, at now: Instant) {
        self.answer = answer
        self.fullName = fullName
        retries = now
        var seconds = min(max(ttl, Self.ttlBounds.lowerBound), Self.ttlBounds.upperBound)
        switch answer {
        case .addresses:
            expires = now.advanced(by: .seconds(Int64(seconds)))
            // The last tenth of its time.
            refreshes = now.advanced(by: .milliseconds(Int64(seconds) * 900))
            ends = expires.advanced(by: Self.longestStale)
        case .notFound, .failed, .timedOut:
            seconds = answer == .notFound ? min(seconds, Self.longestNegativeTTL) : Self.failureTTL
            expires = now.advanced(by: .seconds(Int64(seconds)))
            refreshes = expires
            ends = expires
        }
    }

    func reading(at now: Instant) -> Reading {
        if now < refreshes { return .fresh }
        if now < expires { return now < retries ? .fresh : .due }
        guard now < ends else { return .gone }
        return now < retries ? .staleForNow : .stale
    }

    /// The name servers were asked and did not answer.
    mutating func couldNotBeRefreshed(at now: Instant) {
        retries = now.advanced(by: Self.retryInterval)
    }
}
