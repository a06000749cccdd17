import Addressing

extension RulesetCompiler {
    /// What a condition compares with, put among the operands; nil after an error.
    mutating func test(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        switch (condition.section, condition.kind) {
        case (.to, "domain"): names(condition, .suffix)
        case (.to, "host"): names(condition, .exact)
        case (.to, "list"): lists(condition, sourcesOfList)
        case (.to, "category"): lists(condition, sourcesOfCategory.merging(sourcesOfList) { own, _ in own })
        case (.to, "glob"): globs(condition)
        case (.to, "regex"): regex(condition)
        case (.to, "ip"): .addresses(addRanges(ranges(condition.values)))
        case (.to, "port"): ports(condition)
        case (.to, ""): special(condition)
        case (.from, "net"): nets(condition)
        case (.from, "user"): users(condition.values.map(\.value))
        case (.from, "group"): groups(condition)
        case (.from, ""): anonymous(condition)
        case (.by, ""): via(condition)
        case (.sni, ""): serverName(condition)
        case (.during, "time"): during(condition)
        case (.until, ""): until(condition)
        default: unknown(condition)
        }
    }

    /// The ranges that texts spell: addresses, prefixes, `a-b`.
    mutating func ranges(_ values: [Located<String>]) -> [AddressRange] {
        values.compactMap { value in
            do throws(RangeError) {
                return try AddressRange(text: value.value)
            } catch {
                fail(error.message, value.position)
                return nil
            }
        }
    }

    // MARK: - Private

    static let kinds: [PolicySyntax.Section: [String]] = [
        .to: ["domain:", "host:", "glob:", "regex:", "list:", "category:", "ip:", "port:", "ip-literal"]
            + SpecialRange.allCases.map(\.name),
        .from: ["net:", "user:", "group:", "anonymous"],
        .by: Via.allCases.map(\.rawValue) + ["socks"],
        .sni: ServerNameSet.words.map(\.key),
        .during: ["time:"],
        .until: ["2027-01-31"],
    ]

    mutating func unknown(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        let word = condition.kind.isEmpty ? condition.values[0].value : condition.kind + ":"
        fail(
            word, isNone: "condition behind \"\(condition.section.rawValue)\"", of: Self.kinds[condition.section] ?? [],
            condition.position)
        return nil
    }

    mutating func fail(_ word: String, isNone what: String, of candidates: [String], _ position: Position) {
        guard !candidates.isEmpty else { return fail("\"\(word)\" is no \(what); none is defined", position) }
        fail("\"\(word)\" is no \(what)" + PolicyParser.choice(word, of: candidates), position)
    }

    private mutating func names(_ condition: PolicySyntax.Condition, _ kind: DomainTable.Kind) -> Condition.Test? {
        var builder = DomainTable.Builder(expected: condition.values.count)
        var scanner = NameScanner()
        var spelled: [SpelledName] = []
        for value in condition.values {
            if AddressRange(plain: value.value) != nil {
                fail("\"\(value.value)\" is an address; write ip:\(value.value)", value.position)
                continue
            }
            if kind == .suffix, value.value.hasPrefix("*.") || value.value.hasPrefix(".") {
                let name = value.value.drop { $0 == "*" || $0 == "." }
                fail("domain: has the sub-domains in it; write domain:\(name)", value.position)
                continue
            }
            do throws(HostError) {
                let bytes = Array(value.value.utf8)
                try scanner.scan(bytes.span)
                spelled.append(SpelledName(name: try HostName(value.value), hasSubdomains: kind == .suffix))
                _ = builder.insert(scanner.hash(), kind: kind, line: 1, labels: scanner.labelCount)
            } catch {
                fail("\"\(value.value)\" is no name: \(error.description)", value.position)
            }
        }
        operands.names.append(builder.build())
        operands.spelledNames.append(spelled)
        return .names(operands.names.count - 1)
    }

    private mutating func lists(_ condition: PolicySyntax.Condition, _ known: [String: [Int]]) -> Condition.Test? {
        var sources: [Int] = []
        for value in condition.values {
            if let found = known[value.value] {
                sources += found
                let isCategory = condition.kind == "category" && sourcesOfCategory[value.value] != nil
                let list = String(value.value.prefix { $0 != "/" })
                for name in isCategory ? listsOfCategory[value.value] ?? [] : [list] { use("list", name) }
            } else {
                fail(value.value, isNone: condition.kind, of: known.keys.sorted(), value.position)
            }
        }
        operands.lists += sources
        return .lists(operands.lists.count - sources.count..<operands.lists.count)
    }

    private mutating func globs(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var globs: [Glob] = []
        for value in condition.values {
            if let glob = Glob(value.value.utf8) {
                globs.append(glob)
                warnOfApex(condition, value)
            } else {
                fail(
                    "\"\(value.value)\" is no pattern for names; letters, digits, - _ . and * are allowed",
                    value.position)
            }
        }
        operands.globs.append(globs)
        return .globs(operands.globs.count - 1)
    }

    /// `*.a.example` leaves out `a.example`.
    private mutating func warnOfApex(_ condition: PolicySyntax.Condition, _ value: Located<String>) {
        guard value.value.hasPrefix("*.") else { return }
        let apex = value.value.dropFirst(2)
        guard !apex.contains("*"), !condition.values.contains(where: { $0.value == apex }) else { return }
        warn("glob:\(value.value) doesn't match \(apex) itself; domain:\(apex) does", value.position)
    }

    private mutating func regex(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        let value = condition.values[0]
        do throws(PosixRegex.Failure) {
            operands.regexes.append(try PosixRegex(value.value))
            return .regex(operands.regexes.count - 1)
        } catch {
            fail("\"\(value.value)\" is no extended regular expression: \(error.message)", value.position)
            return nil
        }
    }

    mutating func addRanges(_ ranges: [AddressRange]) -> Int {
        operands.ranges.append(RangeTable(ranges))
        return operands.ranges.count - 1
    }

    private mutating func ports(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var ranges: [RangePieces<UInt16>.Range] = []
        for value in condition.values {
            let ends = value.value.split(separator: "-", omittingEmptySubsequences: false).map { end in
                let bytes = Array(end.utf8)
                return Port(parsing: bytes.span)?.rawValue ?? 0
            }
            if ends.count <= 2, let first = ends.first, let last = ends.last, first > 0, first <= last {
                ranges.append(.init(first: first, last: last, line: 1))
            } else {
                fail("\"\(value.value)\" is no port; 1 to 65535 or a range such as 1-1023 is allowed", value.position)
            }
        }
        operands.ports.append(RangePieces(ranges))
        return .ports(operands.ports.count - 1)
    }

    /// Words without a value behind `to`.
    private mutating func special(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        if condition.values.map(\.value) == ["ip-literal"] { return .ipLiteral }
        var ranges: [AddressRange] = []
        for value in condition.values {
            if let range = SpecialRange(name: value.value) {
                ranges += range.entries.map { AddressRange($0.prefix, line: 1) }
            } else {
                fail(value.value, isNone: "condition behind \"to\"", of: Self.kinds[.to] ?? [], value.position)
            }
        }
        return .addresses(addRanges(ranges))
    }
}
