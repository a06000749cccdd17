import Addressing
import Policy

/// What the policy says of a name once it is looked up: the one way from addresses to a permit, for tunnels, requests and
/// datagrams alike.
struct ResolvedJudgement {
    enum Outcome {
        case permitted(Permit)
        /// The name in full is forbidden, where the client gave a short one.
        case denied(Policy.Verdict)
        /// No address is left; with the verdict on the first, unless there was none.
        case addressDenied(Policy.Verdict?)

        var refusal: Refusal? {
            switch self {
            case .permitted: nil
            case .denied(let verdict): .denied(verdict)
            case .addressDenied(let verdict): .addressDenied(verdict)
            }
        }

        var verdict: Policy.Verdict? {
            switch self {
            case .permitted(let permit): permit.verdict
            case .denied(let verdict): verdict
            case .addressDenied(let verdict): verdict
            }
        }
    }

    let outcome: Outcome
    /// Addresses that were struck out.
    let refused: [IPAddress]

    init(_ pending: PendingJudgement, _ addresses: [IPAddress], fullName: HostName?) {
        // The unspecified addresses lead to this machine itself, whatever the policy says of addresses.
        var refused: [IPAddress] = []
        var eligible = addresses
        if addresses.contains(where: \.isUnspecified) {
            refused = addresses.filter(\.isUnspecified)
            eligible.removeAll(where: \.isUnspecified)
        }
        var judgement = pending.judge(eligible)
        refused += judgement.refused.lazy.map(\.address)
        if let fullName, let permit = judgement.permit {
            switch pending.decide(as: fullName) {
            case .permitted: preconditionFailure("a name is permitted without its addresses")
            case .denied(let verdict):
                outcome = .denied(verdict)
                self.refused = refused
                return
            case .resolve(let again):
                judgement = again.judge(permit.addresses)
                refused += judgement.refused.lazy.map(\.address)
            }
        }
        self.refused = refused
        outcome = judgement.permit.map { .permitted($0) } ?? .addressDenied(judgement.refused.first?.verdict)
    }
}
