/// Who ended it. The raw value stands in the log.
public enum EndedBy: String, Sendable, CaseIterable {
    case client
    case origin
    case policy
    /// A limit, a deadline or a failure of ours.
    case proxy
    /// A person: shutdown, or a command that closes connections.
    case `operator`
}
