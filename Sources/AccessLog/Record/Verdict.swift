/// What the policy said. The raw value stands in the log.
public enum Verdict: String, Sendable, CaseIterable {
    case allow
    case deny
}
