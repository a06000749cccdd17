/// What a group of requests adds up to.
public struct ReportCounts: Hashable, Sendable {
    public var requests: UInt64 = 0
    /// The policy said no.
    public var denied: UInt64 = 0
    /// Allowed, and came to no good end.
    public var failed: UInt64 = 0
    /// Payload bytes from clients to origins.
    public var up: UInt64 = 0
    /// Payload bytes from origins to clients.
    public var down: UInt64 = 0
    /// Of all requests together, microseconds.
    public var duration: UInt64 = 0

    public init() {}

    mutating func add(_ other: ReportCounts) {
        requests += other.requests
        denied += other.denied
        failed += other.failed
        up &+= other.up
        down &+= other.down
        duration &+= other.duration
    }

    /// What one final record adds.
    init(_ line: LogLine) {
        requests = 1
        if line.has(.verdict, "deny") {
            denied = 1
        } else if !line.has(.outcome, "ok") {
            failed = 1
        }
        up = line.number(.up) ?? 0
        down = line.number(.down) ?? 0
        duration = line.duration("total") ?? 0
    }
}
