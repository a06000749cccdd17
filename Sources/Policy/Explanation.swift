import Addressing

/// What the ruleset says of a request, and why not something else: made by the same code as the server's decision.
public struct Explanation: Sendable {
    public enum Outcome: Sendable {
        case denied(Verdict)
        case permitted(Permit)
        /// The name's addresses were not given. The verdict is the one for addresses that none of the rules about
        /// addresses matches.
        case dependsOnAddress(Verdict)
    }

    public let outcome: Outcome
    /// The addresses struck out, when the host is a name and its addresses were given.
    public let refused: [Judgement.Refusal]
    /// The rules that matched, would have matched, or nearly did, in their order. Addresses differ in what matches them:
    /// these are about the first one that is permitted, or else the first.
    public let findings: [Finding]

    /// The verdict of the outcome.
    public var verdict: Verdict {
        switch outcome {
        case .denied(let verdict), .dependsOnAddress(let verdict): verdict
        case .permitted(let permit): permit.verdict
        }
    }

    /// A rule, and what it has to do with the request.
    public struct Finding: Sendable {
        public let ground: Verdict.Ground
        /// The rule's action and conditions as they are written, without reason and id.
        public let text: String
        public let role: Role
    }

    public enum Role: Hashable, Sendable {
        /// It decided.
        case decided
        /// A `report` rule that matched above the one that decided.
        case reported
        /// It stands below the rule that decided and would have matched.
        case wouldMatch
        /// It matches if the name has a certain address, or when the tunnel's first bytes are there.
        case depends
        /// It matches but for these conditions.
        case nearMiss([Miss])
    }

    /// A condition that didn't hold.
    public struct Miss: Hashable, Sendable {
        /// As it is written: `from net:office`.
        public let condition: String
        /// What was there instead: `the client is 192.0.2.10`.
        public let why: String
    }
}
