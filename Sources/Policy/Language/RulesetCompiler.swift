import Addressing

/// Turns what the policy's lines say into a ruleset: reads the lists, resolves names, checks every value.
struct RulesetCompiler: ~Copyable {
    let syntax: PolicySyntax
    private(set) var errors: [Located<String>]
    private(set) var fingerprint: Fingerprint
    var operands = Operands()
    private var conditions: [Condition] = []
    private var warnings: [Diagnostic] = []
    /// The sources of each list, and of each category as `list/category`, as numbers among the operands' sources.
    private(set) var sourcesOfList: [String: [Int]] = [:]
    /// The sources of each category, of whatever list.
    private(set) var sourcesOfCategory: [String: [Int]] = [:]
    private var reports: [ListReport] = []
    let machineZone = TimeZone.machine()

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
        checkDefinitions()
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

    /// Reads a list's file, or all categories of its folder.
    private mutating func load(_ list: PolicySyntax.List, noteLimit: Int) {
        sourcesOfList[list.name] = []
        do throws(FileError) {
            if let folder = try CategoryFolder(path: list.path) {
                for category in folder.categories {
                    for file in category.files {
                        let number = try load(file.path, file.format, list.match, noteLimit)
                        sourcesOfList[list.name, default: []].append(number)
                        sourcesOfList["\(list.name)/\(category.name)", default: []].append(number)
                        sourcesOfCategory[category.name, default: []].append(number)
                    }
                }
            } else {
                sourcesOfList[list.name] = [try load(list.path, list.format, list.match, noteLimit)]
            }
        } catch {
            let place = Position(file: list.position.file, line: list.position.line, column: list.pathColumn)
            fail("the list \(list.path) \(error.message)", place)
        }
    }

    /// - Returns: the number of the source.
    private mutating func load(
        _ path: String, _ format: ListFormat?, _ match: DomainTable.Kind?, _ noteLimit: Int
    ) throws(FileError) -> Int {
        let source = try ListSource.load(
            path: path, format: format, match: match, noteLimit: noteLimit, fingerprint: &fingerprint)
        let report = source.report
        warnings += report.malformed.map {
            Diagnostic(file: $0.file, line: $0.line, message: "no entry: \($0.message)")
        }
        let unnamed = report.malformedLines - report.malformed.count
        if unnamed > 0 { warnings.append(Diagnostic(file: path, message: "\(unnamed) more lines are no entries")) }
        if match != nil, let form = ListFormat(rawValue: report.format), !form.takesMatch {
            let message = "match is not used: lists of the form \(form) say themselves what a name covers"
            warnings.append(Diagnostic(file: path, message: message))
        }
        reports.append(report)
        operands.sources.append(source)
        return operands.sources.count - 1
    }

    private mutating func compile(_ rule: PolicySyntax.Rule) -> Rule {
        let start = conditions.count
        rejectContradictions(rule)
        for condition in rule.conditions {
            guard let test = test(condition) else { continue }
            conditions.append(Condition(test: test, isNegated: condition.isNegated))
        }
        return Rule(
            action: rule.action, conditions: start..<conditions.count,
            asksForServerName: rule.conditions.contains { $0.section == .sni })
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

    /// The errors in their order. What is wrong with a definition is found again wherever it is used, and said once.
    private func diagnostics() -> [Diagnostic] {
        var all: [Diagnostic] = []
        for error in errors.sorted(by: { $0.position < $1.position }) {
            let diagnostic = Diagnostic(
                file: syntax.files[error.position.file], line: error.position.line, column: error.position.column,
                message: error.value)
            if !all.suffix(4).contains(diagnostic) { all.append(diagnostic) }
        }
        return all
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
