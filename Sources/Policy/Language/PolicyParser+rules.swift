extension PolicyParser {
    /// `deny to … from … by … sni … during … until … reason "…" id …`: the parts in this order, each at most once, at least one that asks.
    mutating func readRule(_ action: Action, _ words: [Word]) {
        var rule = PolicySyntax.Rule(action: action, position: position(words[0].column))
        let errorCount = errors.count
        readSections(words.dropFirst(), of: &rule, allowing: PolicySyntax.Section.allCases)
        if !rule.conditions.contains(where: { $0.section != .until }), errors.count == errorCount {
            fail(
                "the rule asks nothing; \"default \(action == .allow ? "allow" : "deny")\" is what holds for all, "
                    + "else say \(action.rawValue) to, from, by, sni or during",
                column: words[0].column)
        }
        syntax.rules.append(rule)
    }

    /// Reads the parts of a rule, each its word and what belongs to it.
    mutating func readSections(
        _ words: ArraySlice<Word>, of rule: inout PolicySyntax.Rule, allowing: [PolicySyntax.Section]
    ) {
        var allowed = allowing[...]
        var rest = words
        while let word = rest.first {
            guard !word.isQuoted, let section = PolicySyntax.Section(rawValue: word.text), allowing.contains(section)
            else {
                fail(
                    "\"\(word.text)\" is no part of a rule" + Self.choice(word.text, of: allowed.map(\.rawValue)),
                    column: word.column)
                return
            }
            guard let index = allowed.firstIndex(of: section) else {
                let order = allowing.map(\.rawValue).joined(separator: ", ")
                fail("\"\(word.text)\" stands too late or twice; the order is \(order)", column: word.column)
                return
            }
            allowed = allowed[(index + 1)...]
            rest = rest.dropFirst()
            let content = rest.prefix { $0.isQuoted || PolicySyntax.Section(rawValue: $0.text) == nil }
            guard !content.isEmpty else {
                fail("nothing stands behind \"\(word.text)\"", column: word.column)
                return
            }
            rest = rest.dropFirst(content.count)
            readSection(section, content, of: &rule)
        }
    }

    // MARK: - Private

    private mutating func readSection(
        _ section: PolicySyntax.Section, _ content: ArraySlice<Word>, of rule: inout PolicySyntax.Rule
    ) {
        switch section {
        case .to, .from, .by, .sni, .during, .until:
            for word in content {
                if let condition = condition(word, in: section) { rule.conditions.append(condition) }
            }
        case .reason, .id:
            let word = content.first!
            if section == .reason, !word.isQuoted {
                fail("a reason stands in quotes: reason \"advertising\"", column: word.column)
            } else if content.count > 1 {
                fail(
                    "\(section.rawValue) takes one word; put several in quotes",
                    column: content.dropFirst().first!.column)
            } else if section == .reason {
                rule.reason = word.text
            } else {
                rule.id = word.text
            }
        }
    }

    /// `kind:a,b`, `kind:!a,b`, `!kind:a,b`, or `kind`.
    private mutating func condition(_ word: Word, in section: PolicySyntax.Section) -> PolicySyntax.Condition? {
        guard !word.isQuoted else {
            fail("a text in quotes stands behind reason or id only", column: word.column)
            return nil
        }
        var text = word.text[...]
        var column = word.column
        var negations = 0
        func takeNegations() {
            while text.first == "!" {
                text.removeFirst()
                column += 1
                negations += 1
            }
        }
        takeNegations()
        var kind = ""
        if let colon = text.firstIndex(of: ":") {
            kind = String(text[..<colon])
            column += kind.utf8.count + 1
            text = text[text.index(after: colon)...]
            takeNegations()
        }
        guard negations <= 1 else {
            fail("! stands more than once; one turns the whole condition around", column: word.column)
            return nil
        }
        var values: [Located<String>] = []
        if kind == "regex" {
            // A comma belongs to the expression.
            values = [Located(value: String(text), position: position(column))]
            text = ""
        }
        for value in values.isEmpty ? text.split(separator: ",", omittingEmptySubsequences: false) : [] {
            guard !value.isEmpty else {
                fail("a value is missing; write \(kind.isEmpty ? "" : kind + ":")a,b without blanks", column: column)
                return nil
            }
            values.append(Located(value: String(value), position: position(column)))
            column += value.utf8.count + 1
        }
        return PolicySyntax.Condition(
            section: section, text: word.text, kind: kind, isNegated: negations == 1, values: values,
            position: position(word.column))
    }
}
