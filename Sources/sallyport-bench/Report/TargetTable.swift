/// The targets with their figures, for the terminal.
struct TargetTable {
    private let verdicts: [(target: Target, verdict: Target.Verdict)]

    init(_ verdicts: [(Target, Target.Verdict)]) {
        self.verdicts = verdicts
    }

    var text: String {
        let width = verdicts.map(\.target.text.count).max() ?? 0
        return
            (["", "Targets"]
            + verdicts.map { target, verdict in
                let line = "  \(target.text.padded(to: width))  "
                return switch verdict {
                case .met(let figure): line + "met      \(figure)"
                case .missed(let figure): line + "MISSED   \(figure)"
                case .unknown(let why): line + "unknown  \(why)"
                }
            }).joined(separator: "\n")
    }
}
