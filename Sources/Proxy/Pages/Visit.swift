import AccessLog
import Addressing
import EventLoop
import Policy

/// Somebody at the proxy's own pages: all that the pages tell.
struct Visit {
    let client: IPAddress
    let user: String?
    let way: OwnRequest.Way
    /// Of the tunnel, where there is one; else plain HTTP.
    let proto: RequestProtocol
    /// The listener that took the connection.
    let listener: Endpoint
    /// Where clients such as this one reach the proxy.
    let proxy: Authority
    let settings: PageSettings
    let ruleset: Ruleset
    /// When the policy came into force; microseconds since the epoch.
    let policySince: Int64
    /// Microseconds since the epoch.
    let now: Int64
    let denials: RecentDenials

    var viewer: RecentDenials.Viewer { RecentDenials.Viewer(client: client, user: user) }

    /// How long the policy has been in force, in the largest unit of which there is one.
    var policyAge: String {
        let seconds = max(0, now - policySince) / 1_000_000
        let units: [(Int64, String)] = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
        let unit = units.first { seconds >= $0.0 } ?? (1, "second")
        let count = seconds / unit.0
        return "\(count) \(unit.1)\(count == 1 ? "" : "s")"
    }
}
