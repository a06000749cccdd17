import Addressing
import EventLoop

/// Token buckets of requests, one for each client that is not at rest.
struct RequestRates {
    private struct Bucket {
        var tokens: Double
        var time: Instant
    }

    private let perSecond: Double
    private var buckets: [IPAddress: Bucket] = [:]

    private static let most = 10_000

    init(perSecond: Int) {
        self.perSecond = Double(perSecond)
    }

    /// - Returns: whether there was a token.
    mutating func take(_ client: IPAddress, at now: Instant) -> Bool {
        if buckets[client] == nil && buckets.count >= Self.most {
            buckets = buckets.filter { filled($0.value, at: now) < perSecond }
            if buckets.count >= Self.most { buckets.removeAll() }
        }
        let tokens = buckets[client].map { filled($0, at: now) } ?? perSecond
        buckets[client] = Bucket(tokens: tokens >= 1 ? tokens - 1 : tokens, time: now)
        return tokens >= 1
    }

    private func filled(_ bucket: Bucket, at now: Instant) -> Double {
        min(perSecond, bucket.tokens + Double(now.microseconds(since: bucket.time)) / 1e6 * perSecond)
    }
}
