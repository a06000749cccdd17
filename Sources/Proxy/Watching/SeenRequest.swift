import AccessLog
import Addressing
import EventLoop
import Policy

/// A request that has ended, as far as operators search for it, with the line that the log has of it.
struct SeenRequest: Sendable {
    let connection: ConnectionID
    /// Its place on the connection, from 1.
    let ordinal: UInt32
    let client: IPAddress
    let user: String?
    let host: Host?
    let port: Port?
    let via: Via
    /// Microseconds since the epoch.
    let start: Int64
    /// Nil where the policy wasn't asked.
    let isAllowed: Bool?
    let rule: String?
    /// What its name was resolved to; nil where it wasn't.
    let resolved: [IPAddress]?
    /// Where its line stands among the batch's bytes.
    let line: Range<Int>

    init(_ trace: Trace, _ connection: ConnectionID, line: Range<Int>) {
        self.connection = connection
        ordinal = trace.ordinal
        client = trace.client.address
        user = trace.identity?.user
        host = trace.facts.host
        port = trace.facts.port
        via = trace.facts.via
        start = trace.start
        isAllowed = trace.verdict?.isAllowed
        rule = trace.verdict?.rule
        let resolved = trace.notes?.resolved ?? []
        self.resolved = resolved.isEmpty ? nil : resolved
        self.line = line
    }

    /// As the policy saw it; nil where it led nowhere.
    var request: Policy.Request? {
        guard let host, let port else { return nil }
        return Policy.Request(
            client: client, user: user, host: host, port: port, via: via, time: start / 1_000_000)
    }
}
