/// What a rule says, for those who read about it: it isn't looked at while requests are judged.
struct RuleDescription: Sendable {
    let action: Action
    /// The file as it was named, and the line.
    let file: String
    let line: Int
    /// One for each condition, in their order: `to domain:a.example`.
    let conditions: [String]

    /// `deny to domain:a.example port:80 from net:office`; a default is `default deny`.
    var text: String {
        guard !conditions.isEmpty else { return "default \(action)" }
        var words = [action.rawValue]
        var section: Substring = ""
        for condition in conditions {
            let parts = condition.split(separator: " ", maxSplits: 1)
            if parts[0] != section { words.append(String(parts[0])) }
            section = parts[0]
            words.append(String(parts[1]))
        }
        return words.joined(separator: " ")
    }
}

extension RuleDescription {
    init(_ rule: PolicySyntax.Rule, file: String) {
        action = rule.action
        self.file = file
        line = rule.position.line
        conditions = rule.conditions.map { "\($0.section) \($0.text)" }
    }
}
