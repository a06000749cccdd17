import Addressing

/// Turns what the policy's lines say into a ruleset: reads the lists, resolves names, checks every value.
struct RulesetCompiler: ~Copyable {
    let syntax: PolicySyntax
    private(set) var errors: [Located<String>]
    private(set) var fingerprint: Fingerprint
    var operands = Operands()
    private var conditions: [Condition] = []
    private var warnings: [Diagnostic] = []
    private var listWarnings: [Diagnostic] = []
    /// The names that rules have made use of, each with its kind: `net office`.
    private var used: Set<String> = []
    /// The sources of each list, and of each category as `list/category`, as numbers among the operands' sources.
    private(set) var sourcesOfList: [String: [Int]] = [:]
    /// The sources of each category, of whatever list.
    private(set) var sourcesOfCategory: [String: [Int]] = [:]
    /// The lists in which each category is.
    private(set) var listsOfCategory: [String: Set<String>] = [:]
    private var reports: [ListReport] = []
    /// Of categories.
    private var folders: [String] = []
    let machineZone = TimeZone.machine()
    private static let maxErrors = 100

    private let options: LoadOptions

    init(_ parser: PolicyParser, _ options: LoadOptions) {
        self.options = options
        syntax = parser.syntax
        errors = parser.errors
        fingerprint = parser.fingerprint
    }

    consuming func compile() throws(PolicyErrors) -> Ruleset {
        for list in syntax.lists { load(list) }
        var rules: [Rule] = []
        for rule in syntax.rules { rules.append(compile(rule, number: UInt32(rules.count))) }
        checkDefinitions()
        warnOfUnused()
        guard errors.isEmpty else { throw PolicyErrors(diagnostics: diagnostics(), files: files) }
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
            rules: rules, conditions: conditions, operands: operands,
            descriptions: syntax.rules.map { RuleDescription($0, file: syntax.files[$0.position.file]) },
            citations: citations, lists: reports, warnings: warnings + listWarnings, files: files)
    }

    /// The policy's own, those it includes, and what its lists were read from: files, and folders of categories.
    private var files: [String] {
        var known: Set<String> = []
        return (syntax.files + syntax.lists.map(\.path) + folders + reports.map(\.path))
            .filter { known.insert($0).inserted }
    }

    mutating func fail(_ message: String, _ position: Position) {
        errors.append(Located(value: message, position: position))
    }

    mutating func warn(_ message: String, _ position: Position) {
        warnings.append(
            Diagnostic(
                file: syntax.files[position.file], line: position.line, column: position.column, message: message))
    }

    /// Notes that a rule makes use of a name.
    mutating func use(_ kind: String, _ name: String) {
        used.insert("\(kind) \(name)")
    }

    // MARK: - Private

    /// A name that is defined and used nowhere may be misspelt where it was meant.
    private mutating func warnOfUnused() {
        let definitions =
            syntax.lists.map { ("list", $0.name, $0.position) } + syntax.nets.map { ("net", $0, $1.position) }
            + syntax.groups.map { ("group", $0, $1.position) } + syntax.times.map { ("time", $0, $1.position) }
        for (kind, name, position) in definitions.sorted(by: { $0.2 < $1.2 }) where !used.contains("\(kind) \(name)") {
            warn("no rule makes use of the \(kind) \"\(name)\"", position)
        }
    }

    /// Reads a list's file, or all categories of its folder.
    private mutating func load(_ list: PolicySyntax.List) {
        sourcesOfList[list.name] = []
        do throws(FileError) {
            if let folder = try CategoryFolder(path: list.path) {
                folders += folder.categories.map(\.path)
                for category in folder.categories {
                    for file in category.files {
                        let number = try load(file.path, file.format, list.match)
                        sourcesOfList[list.name, default: []].append(number)
                        sourcesOfList["\(list.name)/\(category.name)", default: []].append(number)
                        sourcesOfCategory[category.name, default: []].append(number)
                        listsOfCategory[category.name, default: []].insert(list.name)
                    }
                }
            } else {
                sourcesOfList[list.name] = [try load(list.path, list.format, list.match)]
            }
        } catch {
            let place = Position(file: list.position.file, line: list.position.line, column: list.pathColumn)
            fail("the list \(list.path) \(error.message)", place)
        }
    }

    /// - Returns: the number of the source.
    private mutating func load(
        _ path: String, _ format: ListFormat?, _ match: DomainTable.Kind?
    ) throws(FileError) -> Int {
        let source = try ListSource.load(
            path: path, format: format, match: match, options: options)
        let report = source.report
        Array(report.fingerprint.utf8).withUnsafeBytes { fingerprint.absorb($0) }
        listWarnings += report.malformed.map {
            Diagnostic(file: $0.file, line: $0.line, message: "no entry: \($0.message)")
        }
        let unnamed = report.malformedLines - report.malformed.count
        if unnamed > 0 { listWarnings.append(Diagnostic(file: path, message: "\(unnamed) more lines are no entries")) }
        if report.entries == 0 { listWarnings.append(Diagnostic(file: path, message: "the list has no entries")) }
        if match != nil, let form = ListFormat(rawValue: report.format), !form.takesMatch {
            let message = "match is not used: lists of the form \(form) say themselves what a name covers"
            listWarnings.append(Diagnostic(file: path, message: message))
        }
        reports.append(report)
        operands.sources.append(source)
        return operands.sources.count - 1
    }

    private mutating func compile(_ rule: PolicySyntax.Rule, number: UInt32) -> Rule {
        let start = conditions.count
        rejectContradictions(rule)
        for condition in rule.conditions {
            guard let test = test(condition) else { continue }
            conditions.append(Condition(test: test, isNegated: condition.isNegated))
        }
        return Rule(
            number: number, action: rule.action, conditions: start..<conditions.count,
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
        // Someone may have named a list where a policy belongs.
        guard all.count > Self.maxErrors else { return all }
        let rest = Diagnostic(file: syntax.files[0], message: "\(all.count - Self.maxErrors) more errors")
        return all.prefix(Self.maxErrors) + [rest]
    }
}
