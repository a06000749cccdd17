/// The keys of the log's lines, in the order in which they stand there.
public enum LogKey: Int, Sendable, CaseIterable {
    case version, type, seq, id, conn, worker, start, end, client, clientPort, peer, listener, user
    case userClaimed, auth, authResult, proto, method, scheme, host, hostRaw, port, path, userAgent, referer
    case verdict, rule, entry, reason, would, policy, resolver, resolved, refused, dialled, attempts, destinations
    case local, serverName, serverNameMatch, alpn, tlsVersion, ech, status, originStatus, reply, up, down, upHead
    case downHead, datagramsUp, datagramsDown
    case clientRoundTrip, originRoundTrip, retransmits, clientRetransmits, originRetransmits
    case outcome, endedBy, stage, errno, crashed, milliseconds, event, torn

    /// As the line has it.
    public var name: String {
        switch self {
        case .version: "v"
        case .clientPort: "client_port"
        case .userClaimed: "user_claimed"
        case .authResult: "auth_result"
        case .hostRaw: "host_raw"
        case .userAgent: "ua"
        case .serverName: "sni"
        case .serverNameMatch: "sni_match"
        case .tlsVersion: "tls_version"
        case .originStatus: "origin_status"
        case .upHead: "up_head"
        case .downHead: "down_head"
        case .datagramsUp: "datagrams_up"
        case .datagramsDown: "datagrams_down"
        case .clientRoundTrip: "rtt_client"
        case .originRoundTrip: "rtt_origin"
        case .retransmits: "retrans"
        case .clientRetransmits: "retrans_client"
        case .originRetransmits: "retrans_origin"
        case .endedBy: "ended_by"
        case .milliseconds: "ms"
        case .type, .seq, .id, .conn, .worker, .start, .end, .client, .peer, .listener, .user, .auth, .proto,
            .method, .scheme, .host, .port, .path, .referer, .verdict, .rule, .entry, .reason, .would,
            .policy, .resolver, .resolved, .refused, .dialled, .attempts, .destinations, .local, .alpn, .ech, .status,
            .reply, .up, .down, .outcome, .stage, .errno, .crashed, .event, .torn:
            "\(self)"
        }
    }

    /// What its values are; a value of another kind is not looked at.
    var kind: LineMembers.Kind {
        switch self {
        case .version, .seq, .worker, .clientPort, .port, .status, .originStatus, .reply, .up, .down, .upHead,
            .downHead, .datagramsUp, .datagramsDown,
            .clientRoundTrip, .originRoundTrip, .retransmits, .clientRetransmits, .originRetransmits:
            .number
        case .resolved, .refused, .attempts: .array
        case .milliseconds: .object
        case .serverNameMatch, .ech, .crashed, .torn: .literal
        default: .text
        }
    }
}
