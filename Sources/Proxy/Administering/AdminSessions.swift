import EventLoop

/// Browsers from other machines that have shown the token, each by a random value in a cookie. Kept in memory: they end with
/// the program.
struct AdminSessions {
    private var sessions: [(value: [UInt8], began: Instant)] = []

    /// With one more the oldest ends.
    static let most = 32
    static let seconds: Int64 = 12 * 3600
    static let cookie = "sallyport_session"

    var count: Int { sessions.count }

    /// - Returns: what the browser is to show from now on: 64 hexadecimal digits.
    mutating func begin(at now: Instant) -> String {
        forget(at: now)
        if sessions.count == Self.most { sessions.removeFirst() }
        var random = SystemRandomNumberGenerator()
        let value = (0..<4).map { _ in
            let digits = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        sessions.append((Array(value.utf8), now))
        return value
    }

    mutating func holds(_ value: String?, at now: Instant) -> Bool {
        forget(at: now)
        guard let value else { return false }
        let shown = Array(value.utf8)
        return sessions.reduce(false) { AdminGate.areEqual($1.value, shown) || $0 }
    }

    mutating func end(_ value: String?) {
        sessions.removeAll { $0.value == Array((value ?? "").utf8) }
    }

    private mutating func forget(at now: Instant) {
        sessions.removeAll { now.microseconds(since: $0.began) >= Self.seconds * 1_000_000 }
    }
}
