import Addressing
import Policy

/// An explanation as people or programs read it: on the command line and on the proxy's own page alike.
public struct ExplanationText {
    private let explanation: Explanation
    private let authority: Authority
    private let resolved: [IPAddress]?

    public init(_ explanation: Explanation, of authority: Authority, resolved: [IPAddress]?) {
        self.explanation = explanation
        self.authority = authority
        self.resolved = resolved
    }

    // MARK: - For people

    public var plain: String {
        var lines = ["\(word) \(authority)\(qualification)"]
        lines.append("  by \(ground(explanation.verdict.ground))")
        if let resolved {
            lines.append(
                "  resolved: \(resolved.isEmpty ? "no address" : resolved.map(\.description).joined(separator: ", "))")
        }
        for refusal in explanation.refused {
            lines.append("  struck out: \(refusal.address) by \(ground(refusal.verdict.ground))")
        }
        let others = explanation.findings.filter { $0.role != .decided }
        if !others.isEmpty { lines.append("other rules, in order:") }
        for finding in others { lines += plain(finding) }
        return lines.joined(separator: "\n")
    }

    private var word: String {
        explanation.verdict.isAllowed ? "ALLOW" : "DENY"
    }

    private var qualification: String {
        if case .dependsOnAddress = explanation.outcome {
            resolved == nil
                ? ", unless a rule about addresses says otherwise of those it resolves to (--resolve looks them up)"
                : ", but it has no address"
        } else {
            ""
        }
    }

    private func ground(_ ground: Verdict.Ground) -> String {
        var text = ground.rule
        if let id = ground.id { text += " (\(id))" }
        if let entry = ground.entry {
            text += ", entry \(entry)"
            if let name = ground.entryText(for: authority.host) { text += " (\(name))" }
        }
        if let reason = ground.reason { text += ": \(reason)" }
        return text
    }

    private func plain(_ finding: Explanation.Finding) -> [String] {
        let line = "  \(finding.ground.rule)  \(finding.text)"
        switch finding.role {
        case .decided: return [line]
        case .reported: return [line, "      would have denied (report)"]
        case .wouldMatch: return [line, "      matches as well, but stands below"]
        case .depends: return [line, "      depends on the address, or on the tunnel's first bytes"]
        case .nearMiss(let misses): return [line] + misses.map { "      but not \($0.condition): \($0.why)" }
        }
    }

    // MARK: - For programs

    public var json: String {
        var members = [
            "\"verdict\":\(quoted(explanation.verdict.isAllowed ? "allow" : "deny"))",
            "\"host\":\(quoted(authority.host.description))", "\"port\":\(authority.port)",
        ]
        if case .dependsOnAddress = explanation.outcome { members.append("\"depends_on_address\":true") }
        members += self.members(explanation.verdict.ground)
        if let resolved {
            members.append("\"resolved\":[\(resolved.map { quoted($0.description) }.joined(separator: ","))]")
        }
        if !explanation.refused.isEmpty {
            let refused = explanation.refused.map { refusal in
                "{\"address\":\(quoted(refusal.address.description)),"
                    + self.members(refusal.verdict.ground).joined(separator: ",") + "}"
            }
            members.append("\"refused\":[\(refused.joined(separator: ","))]")
        }
        members.append("\"policy\":\(quoted(explanation.verdict.fingerprint))")
        members.append("\"rules\":[\(explanation.findings.map(json).joined(separator: ","))]")
        return "{\(members.joined(separator: ","))}"
    }

    private func members(_ ground: Verdict.Ground) -> [String] {
        var members = ["\"rule\":\(quoted(ground.rule))"]
        if let entry = ground.entry { members.append("\"entry\":\(quoted(entry))") }
        if let reason = ground.reason { members.append("\"reason\":\(quoted(reason))") }
        if let id = ground.id { members.append("\"id\":\(quoted(id))") }
        return members
    }

    private func json(_ finding: Explanation.Finding) -> String {
        var members = ["\"rule\":\(quoted(finding.ground.rule))", "\"text\":\(quoted(finding.text))"]
        if let entry = finding.ground.entry { members.append("\"entry\":\(quoted(entry))") }
        switch finding.role {
        case .decided: members.append("\"role\":\"decided\"")
        case .reported: members.append("\"role\":\"reported\"")
        case .wouldMatch: members.append("\"role\":\"would_match\"")
        case .depends: members.append("\"role\":\"depends\"")
        case .nearMiss(let misses):
            let list = misses.map { "{\"condition\":\(quoted($0.condition)),\"why\":\(quoted($0.why))}" }
            members.append("\"role\":\"near_miss\",\"missed\":[\(list.joined(separator: ","))]")
        }
        return "{\(members.joined(separator: ","))}"
    }

    private func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
