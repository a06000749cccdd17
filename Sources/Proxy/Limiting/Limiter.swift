import Addressing
import EventLoop
import Synchronization

/// Keeps the limits, for all workers together. Asked once for each connection and once for each request; a server without
/// limits has none.
final class Limiter: Sendable {
    private let limits: Limits
    private let total = Atomic<Int>(0)
    private let clients = Mutex<[IPAddress: Int]>([:])
    private let users = Mutex<[String: UserAccount]>([:])
    private let rates = Mutex<RequestRates?>(nil)

    private struct UserAccount {
        var requests = 0
        let meter: Meter?
    }

    /// - Returns: nil if there is nothing to limit.
    init?(_ limits: Limits) {
        if limits == Limits() { return nil }
        self.limits = limits
        if let rate = limits.requestRatePerClient { rates.withLock { $0 = RequestRates(perSecond: rate) } }
    }

    /// A place that something holds as long as the object lives.
    final class Place: Sendable {
        private let giveBack: @Sendable () -> Void
        /// Of a user's place, where the user's bandwidth is limited.
        let meter: Meter?

        init(_ meter: Meter? = nil, giveBack: @escaping @Sendable () -> Void) {
            self.meter = meter
            self.giveBack = giveBack
        }

        deinit {
            giveBack()
        }
    }

    /// Counts a client's connection.
    ///
    /// - Throws: `Refusal`.
    func admit(_ client: IPAddress) throws(Refusal) -> Place? {
        guard limits.connections != nil || limits.connectionsPerClient != nil else { return nil }
        let client = client.network
        if let most = limits.connections, total.add(1, ordering: .relaxed).newValue > most {
            total.subtract(1, ordering: .relaxed)
            throw .limited("The proxy serves as many connections as it may")
        }
        if let most = limits.connectionsPerClient, !clients.withLock({ Self.count(client, in: &$0, atMost: most) }) {
            if limits.connections != nil { total.subtract(1, ordering: .relaxed) }
            throw .limited("Your address has as many connections as it may")
        }
        return Place { [self] in
            if limits.connections != nil { total.subtract(1, ordering: .relaxed) }
            if limits.connectionsPerClient != nil { clients.withLock { Self.uncount(client, in: &$0) } }
        }
    }

    /// Counts a request against its client's rate.
    ///
    /// - Throws: `Refusal`.
    func request(of client: IPAddress, at now: Instant) throws(Refusal) {
        let isTaken = rates.withLock { $0?.take(client.network, at: now) ?? true }
        if !isTaken { throw .tooManyRequests }
    }

    /// Counts a user's request.
    ///
    /// - Throws: `Refusal`.
    func begin(_ user: String, at now: Instant) throws(Refusal) -> Place? {
        guard limits.requestsPerUser != nil || limits.bandwidthPerUser != nil else { return nil }
        let account: UserAccount? = users.withLock { users in
            var account =
                users[user] ?? UserAccount(meter: limits.bandwidthPerUser.map { Meter(perSecond: $0, at: now) })
            if let most = limits.requestsPerUser, account.requests >= most { return nil }
            account.requests += 1
            users[user] = account
            return account
        }
        guard let account else { throw .limited("You have as many tunnels and requests as you may") }
        return Place(account.meter) { [self] in
            users.withLock { users in
                users[user]?.requests -= 1
                // A meter in debt is kept by the tunnels that it meters; the next one begins anew.
                if users[user]?.requests == 0 { users[user] = nil }
            }
        }
    }

    // MARK: - Private

    private static func count(_ client: IPAddress, in counts: inout [IPAddress: Int], atMost most: Int) -> Bool {
        guard counts[client, default: 0] < most else { return false }
        counts[client, default: 0] += 1
        return true
    }

    private static func uncount(_ client: IPAddress, in counts: inout [IPAddress: Int]) {
        counts[client, default: 1] -= 1
        if counts[client] == 0 { counts[client] = nil }
    }
}

extension IPAddress {
    /// Whom something is counted against: an IPv6 client has a whole /64 to come from.
    var network: IPAddress {
        isV4 ? self : IPAddress(high: high, low: 0)
    }
}
