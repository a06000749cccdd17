import EventLoop
import Policy
import Synchronization

/// What is known of the policy in force, and of how often it was replaced.
struct PolicyStatus: Sendable {
    /// For those who want to know what it would say.
    private(set) var ruleset: Ruleset
    private(set) var fingerprint: String
    private(set) var rules: Int
    private(set) var entries: Int
    /// When it came into force, microseconds since the epoch.
    private(set) var since: Int64
    private(set) var reloads: UInt64 = 0
    private(set) var refused: UInt64 = 0

    init(_ ruleset: Ruleset) {
        self.ruleset = ruleset
        fingerprint = ruleset.fingerprint
        rules = ruleset.ruleCount
        entries = ruleset.entryCount
        since = WallClock.microseconds()
    }

    mutating func replaced(by ruleset: Ruleset) {
        let (reloads, refused) = (reloads, refused)
        self = PolicyStatus(ruleset)
        self.reloads = reloads + 1
        self.refused = refused
    }

    mutating func refusedReload() {
        refused += 1
    }
}
