/// How far a connection had come: the stages of its way, in order. The raw value stands in the log.
public enum Stage: String, Sendable, CaseIterable {
    /// Taken from the kernel; a limit may end it here.
    case accept
    /// Before the first byte told the protocol.
    case sniff
    /// Reading the request: HTTP head, SOCKS greeting and command.
    case negotiate
    case authenticate
    /// Judged by the policy, by name or by address.
    case decide
    case resolve
    case dial
    /// The client is told.
    case reply
    case relay
}
