import Addressing
import EventLoop
import Synchronization

/// Keeps the limits, for all workers together. Asked once for each connection and once for each request; a server without
/// limits has none.
final class Limiter: Sendable {
    private let limits: Mutex<Limits>
    private let total = Atomic<Int>(0)
    private let clients = Mutex<[IPAddress: Int]>([:])
    private let users = Mutex<[String: UserAccount]>([:])
    private let rates = Mutex<RequestRates?>(nil)

    private struct UserAccount {
        var requests = 0
        let meter: Meter?
    }

    /// What a user has who is no longer limited: some gigabytes a second.
    private static let unlimited = 1 << 40

    /// - Returns: nil if there is nothing to limit.
    init?(_ limits: Limits) {
        var limits = limits
        // Has a guard of its own.
        limits.memory = nil
        if limits == Limits() { return nil }
        self.limits = Mutex(limits)
        if let rate = limits.requestRatePerClient { rates.withLock { $0 = RequestRates(perSecond: rate) } }
    }

    /// Grants something else from now on; what is held already stays, beyond a lower limit too, and counts. A user's tunnels
    /// that were opened without a limit on bandwidth stay without.
    func change(to limits: Limits) {
        let former = self.limits.withLock { present in
            let former = present
            present = limits
            return former
        }
        if former.requestRatePerClient != limits.requestRatePerClient {
            rates.withLock { $0 = limits.requestRatePerClient.map { RequestRates(perSecond: $0) } }
        }
        guard former.bandwidthPerUser != limits.bandwidthPerUser else { return }
        let now = Instant.now()
        users.withLock { users in
            for (name, account) in users {
                account.meter?.change(perSecond: limits.bandwidthPerUser ?? Self.unlimited)
                guard account.meter == nil, let rate = limits.bandwidthPerUser else { continue }
                users[name] = UserAccount(requests: account.requests, meter: Meter(perSecond: rate, at: now))
            }
        }
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
        let limits = limits.withLock { $0 }
        let client = client.network
        if total.add(1, ordering: .relaxed).newValue > limits.connections ?? .max {
            total.subtract(1, ordering: .relaxed)
            throw .limited(.connections, "The proxy serves as many connections as it may")
        }
        let most = limits.connectionsPerClient ?? .max
        guard clients.withLock({ Self.count(client, in: &$0, atMost: most) }) else {
            total.subtract(1, ordering: .relaxed)
            throw .limited(.client, "Your address has as many connections as it may")
        }
        return place(of: client)
    }

    /// Counts a connection that is there already, whatever the limit.
    func count(_ client: IPAddress) -> Place {
        let client = client.network
        total.add(1, ordering: .relaxed)
        _ = clients.withLock { Self.count(client, in: &$0, atMost: .max) }
        return place(of: client)
    }

    private func place(of client: IPAddress) -> Place {
        Place { [self] in
            total.subtract(1, ordering: .relaxed)
            clients.withLock { Self.uncount(client, in: &$0) }
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
        let limits = limits.withLock { $0 }
        guard let place = take(user, atMost: limits.requestsPerUser ?? .max, limits.bandwidthPerUser, at: now) else {
            throw .limited(.user, "You have as many tunnels and requests as you may")
        }
        return place
    }

    /// Counts a request that is there already, whatever the limit; its bandwidth stays as it was.
    func count(user: String) -> Place {
        guard let place = take(user, atMost: .max, nil, at: Instant.now()) else {
            preconditionFailure("there is no limit")
        }
        return place
    }

    // MARK: - Private

    private func take(_ user: String, atMost most: Int, _ bandwidth: Int?, at now: Instant) -> Place? {
        let account: UserAccount? = users.withLock { users in
            let former = users[user]
            guard former?.requests ?? 0 < most else { return nil }
            let meter = former?.meter ?? bandwidth.map { Meter(perSecond: $0, at: now) }
            let account = UserAccount(requests: (former?.requests ?? 0) + 1, meter: meter)
            users[user] = account
            return account
        }
        guard let account else { return nil }
        return Place(account.meter) { [self] in
            users.withLock { users in
                users[user]?.requests -= 1
                // A meter in debt is kept by the tunnels that it meters; the next one begins anew.
                if users[user]?.requests == 0 { users[user] = nil }
            }
        }
    }

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
