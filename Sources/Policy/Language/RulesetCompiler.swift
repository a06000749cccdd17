import Addressing

/// Turns what the policy's lines say into a ruleset: reads the lists, resolves names, checks every value.
struct RulesetCompiler: ~Copyable {
    let syntax: PolicySyntax
    private(set) var errors: [Located<String>]
    private(set) var fingerprint: Fingerprint
    var operands = Operands()
    private var conditions: [Condition] = []
    private var warnings: [Diagnostic] = []
    /// Each list's sources, as numbers among the operands' sources.
    private(set) var sourcesOfList: [String: [Int]] = [:]
    private var reports: [ListReport] = []

    init(_ parser: PolicyParser) {
        syntax = parser.syntax
        errors = parser.errors
        fingerprint = parser.fingerprint
    }

    /// - Parameter noteLimit: how many lines of a list that make no entry become warnings.
    consuming func compile(noteLimit: Int) throws(PolicyErrors) -> Ruleset {
        for list in syntax.lists { load(list, noteLimit: noteLimit) }
        var rules: [Rule] = []
        for rule in syntax.rules { rules.append(compile(rule)) }
        for net in syntax.nets.values { _ = ranges(net.value) }
        guard errors.isEmpty else { throw PolicyErrors(diagnostics: diagnostics()) }
        let texts = zip(syntax.rules, rules).map { rule, compiled in
            Citations.RuleText(
                isAllowed: rule.action == .allow,
                position: "\(syntax.files[rule.position.file]):\(rule.position.line)",
                reason: rule.reason, id: rule.id,
                concernsAddress: conditions[compiled.conditions].contains(where: \.concernsAddress))
        }
        let citations = Citations(
            rules: texts, sources: reports.map(\.path), fingerprint: fingerprint.text)
        return Ruleset(
            rules: rules, conditions: conditions, operands: operands, citations: citations, lists: reports,
            warnings: warnings)
    }

    mutating func fail(_ message: String, _ position: Position) {
        errors.append(Located(value: message, position: position))
    }

    // MARK: - Private

    private mutating func load(_ list: PolicySyntax.List, noteLimit: Int) {
        sourcesOfList[list.name] = []
        do throws(FileError) {
            let source = try ListSource.load(
                path: list.path, format: list.format, match: list.match, noteLimit: noteLimit, fingerprint: &fingerprint
            )
            let report = source.report
            warnings += report.notes
            let unnamed = report.malformedLines + report.notApplicableLines - report.notes.count
            if unnamed > 0 {
                warnings.append(
                    Diagnostic(file: list.path, message: "\(unnamed) more lines made no entry"))
            }
            sourcesOfList[list.name] = [operands.sources.count]
            reports.append(report)
            operands.sources.append(source)
        } catch {
            let place = Position(file: list.position.file, line: list.position.line, column: list.pathColumn)
            fail("the list \(list.path) \(error.message)", place)
        }
    }

    private mutating func compile(_ rule: PolicySyntax.Rule) -> Rule {
        let start = conditions.count
        rejectContradictions(rule)
        for condition in rule.conditions {
            guard let test = test(condition) else { continue }
            conditions.append(Condition(test: test, isNegated: condition.isNegated))
        }
        return Rule(action: rule.action, conditions: start..<conditions.count)
    }

    /// Conditions side by side must all hold. Two of one kind were surely meant as alternatives, and would silently
    /// never match.
    private mutating func rejectContradictions(_ rule: PolicySyntax.Rule) {
        for (index, condition) in rule.conditions.enumerated() where !condition.isNegated {
            let isRepeated = rule.conditions[..<index].contains { earlier in
                !earlier.isNegated && earlier.section == condition.section && earlier.kind == condition.kind
            }
            guard isRepeated else { continue }
            let prefix = condition.kind.isEmpty ? "" : condition.kind + ":"
            fail("all conditions of a rule must hold at once; for alternatives write \(prefix)a,b", condition.position)
        }
    }

    private func diagnostics() -> [Diagnostic] {
        errors.sorted { $0.position < $1.position }.map { error in
            Diagnostic(
                file: syntax.files[error.position.file], line: error.position.line, column: error.position.column,
                message: error.value)
        }
    }
}

extension Ruleset {
    /// Reads a policy and everything that it names.
    ///
    /// - Parameters:
    ///   - path: its file; texts of verdicts name it as it is named here. Paths in it begin at its folder.
    ///   - noteLimit: how many lines of each list that make no entry become warnings; the rest is counted.
    /// - Throws: every error of all files in one go, those of the policy in the order of its lines. A file that can't
    ///   be read is one of them. Lines of lists that make no entry are warnings only: others write the lists.
    public static func load(path: String, noteLimit: Int = 20) throws(PolicyErrors) -> Ruleset {
        var parser = PolicyParser()
        parser.read(path: path)
        return try RulesetCompiler(parser).compile(noteLimit: noteLimit)
    }
}
