import Addressing

extension Ruleset {
    /// What is odd about the rules themselves: those that an earlier one covers, those past or near their end.
    ///
    /// Only what is certain is said: a rule that several earlier ones cover between them goes unnoticed.
    ///
    /// - Parameter now: seconds since 1970.
    public func lint(now: Int64) -> [Diagnostic] {
        rules.indices.flatMap { index in
            [covering(index), ending(index, now)].compactMap { $0 }
        }
    }

    /// Two weeks: time enough to think again about a rule that ends.
    private static let nearSeconds: Int64 = 14 * 86_400

    // MARK: - Private

    /// An earlier rule that decides whatever this one would match.
    private func covering(_ index: Int) -> Diagnostic? {
        let rule = rules[index]
        guard !rule.conditions.isEmpty else { return nil }
        let earlier = rules[..<index].first { $0.action != .report && covers($0, rule) }
        guard let earlier else { return nil }
        let other = descriptions[Int(earlier.number)]
        let place = other.file == descriptions[index].file ? "line \(other.line)" : "\(other.file):\(other.line)"
        if earlier.action == rule.action { return diagnostic(index, "this rule never matches: \(place) says the same") }
        // An allow has to fit an address itself, a denial also meets it in what carries it.
        let isExact =
            earlier.action == .deny || !conditions[earlier.conditions].contains { operands.meetsAddresses($0) }
        let result = isExact ? "never matches" : "matches nothing but IPv6 addresses that carry IPv4 ones"
        return diagnostic(
            index, "this rule \(result): \(place) (\(other.text)) covers it; an exception stands above its rule")
    }

    private func ending(_ index: Int, _ now: Int64) -> Diagnostic? {
        for condition in conditions[rules[index].conditions] {
            guard case .until(let end) = condition.test else { continue }
            if end <= now { return diagnostic(index, "this rule has ended; remove it, or give it a later day") }
            if end - now <= Self.nearSeconds {
                let days = (end - now + 86_399) / 86_400
                return diagnostic(index, "this rule ends in \(days) \(days == 1 ? "day" : "days")")
            }
        }
        return nil
    }

    /// Whether the earlier rule matches whatever the later one matches: each of its conditions is implied by one there.
    private func covers(_ earlier: Rule, _ later: Rule) -> Bool {
        // A rule with sni waits, and lets later ones decide before it does.
        guard !earlier.asksForServerName || later.asksForServerName else { return false }
        return conditions[earlier.conditions].allSatisfy { wide in
            conditions[later.conditions].contains { operands.implies($0, wide) }
        }
    }

    private func diagnostic(_ index: Int, _ message: String) -> Diagnostic {
        Diagnostic(file: descriptions[index].file, line: descriptions[index].line, message: message)
    }
}
