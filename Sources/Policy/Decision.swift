import Addressing

/// What the ruleset says of a request before anything is looked up.
public enum Decision: Sendable {
    /// The client sees `http_request_denied`: HTTP 403, SOCKS5 reply 2. Nothing is looked up.
    case denied(Verdict)
    /// The host is an address, and it is judged.
    case permitted(Permit)
    /// The host is a name: look it up once, and let its addresses be judged.
    case resolve(PendingJudgement)
}

/// A request for a name that isn't denied by its name alone.
///
/// Holds the whole ruleset that began the judgement, so that a reload in between changes nothing: let it go when the
/// addresses are judged.
public struct PendingJudgement: Sendable {
    public let request: Request
    let ruleset: Ruleset

    /// Judges each address on its own, from the first rule on.
    ///
    /// - Parameter addresses: what the name resolved to. When empty, there is neither permit nor refusal.
    public func judge(_ addresses: [IPAddress]) -> Judgement {
        ruleset.judge(request, addresses: addresses)
    }
}

extension PendingJudgement {
    /// The decision about the same request under another name of the same host: the full one where the client gave a short
    /// one. Whatever either of the two names forbids is forbidden.
    public func decide(as name: HostName) -> Decision {
        ruleset.decide(
            Request(
                client: request.client, user: request.user, host: .name(name), port: request.port, via: request.via,
                time: request.time))
    }
}

/// What became of a name's addresses.
public struct Judgement: Sendable {
    public struct Refusal: Sendable {
        public let address: IPAddress
        public let verdict: Verdict
    }

    /// Leave to dial the addresses that were not refused. Nil when none is left: the client sees
    /// `destination_ip_prohibited` (HTTP 403, SOCKS5 reply 2) with the verdict of the first refusal.
    public let permit: Permit?
    /// The addresses struck out, in the order in which they were given.
    public let refused: [Refusal]
}
