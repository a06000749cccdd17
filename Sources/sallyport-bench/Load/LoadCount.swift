/// What the load came to since it was last asked.
struct LoadCount: Sendable {
    /// Tunnels opened and used, round trips, requests: whatever the load does.
    var operations: UInt64 = 0
    /// Payload that arrived, at the client or at the origin.
    var bytes: UInt64 = 0
    var errors = 0
    /// What the first error was.
    var firstError: String?
    var latencies = Histogram()

    mutating func failed(_ why: String) {
        errors += 1
        firstError = firstError ?? why
    }
}
