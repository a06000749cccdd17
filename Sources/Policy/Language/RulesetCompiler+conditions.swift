import Addressing

extension RulesetCompiler {
    /// What a condition compares with, put among the operands; nil after an error.
    mutating func test(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        switch (condition.section, condition.kind) {
        case (.to, "domain"): names(condition, .suffix)
        case (.to, "host"): names(condition, .exact)
        case (.to, "list"): lists(condition)
        case (.to, "ip"): .addresses(addRanges(ranges(condition.values)))
        case (.to, "port"): ports(condition)
        case (.to, ""): special(condition)
        case (.from, "net"): nets(condition)
        case (.from, "user"): users(condition)
        case (.from, ""): anonymous(condition)
        case (.by, ""): via(condition)
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

    private static let kinds: [PolicySyntax.Section: [String]] = [
        .to: ["domain:", "host:", "list:", "ip:", "port:", "ip-literal"] + SpecialRange.allCases.map(\.name),
        .from: ["net:", "user:", "anonymous"],
        .by: Via.allCases.map(\.rawValue) + ["socks"],
    ]

    private mutating func unknown(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        let word = condition.kind.isEmpty ? condition.values[0].value : condition.kind + ":"
        fail(
            word, isNone: "condition behind \"\(condition.section.rawValue)\"", of: Self.kinds[condition.section] ?? [],
            condition.position)
        return nil
    }

    private mutating func fail(_ word: String, isNone what: String, of candidates: [String], _ position: Position) {
        fail("\"\(word)\" is no \(what)" + PolicyParser.choice(word, of: candidates), position)
    }

    private mutating func names(_ condition: PolicySyntax.Condition, _ kind: DomainTable.Kind) -> Condition.Test? {
        var builder = DomainTable.Builder(expected: condition.values.count)
        var scanner = NameScanner()
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
                _ = builder.insert(scanner.hash(), kind: kind, line: 1, labels: scanner.labelCount)
            } catch {
                fail("\"\(value.value)\" is no name: \(error.description)", value.position)
            }
        }
        operands.names.append(builder.build())
        return .names(operands.names.count - 1)
    }

    private mutating func lists(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var sources: [Int] = []
        for value in condition.values {
            if let found = sourcesOfList[value.value] {
                sources += found
            } else {
                fail(value.value, isNone: "list", of: sourcesOfList.keys.sorted(), value.position)
            }
        }
        operands.lists.append(sources)
        return .lists(operands.lists.count - 1)
    }

    private mutating func addRanges(_ ranges: [AddressRange]) -> Int {
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

    private mutating func nets(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var all: [AddressRange] = []
        for value in condition.values {
            if let net = syntax.nets[value.value] {
                all += net.value.compactMap { try? AddressRange(text: $0.value) }
            } else if value.value.contains(where: { $0 == "." || $0 == ":" || $0 == "/" }) {
                all += ranges([value])
            } else {
                fail(value.value, isNone: "net", of: syntax.nets.keys.sorted(), value.position)
            }
        }
        return .clients(addRanges(all))
    }

    private mutating func users(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        operands.users.append(Set(condition.values.map(\.value)))
        return .users(operands.users.count - 1)
    }

    private mutating func anonymous(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        condition.values.map(\.value) == ["anonymous"] ? .anonymous : unknown(condition)
    }

    private mutating func via(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var ways: ViaSet = []
        for value in condition.values {
            switch value.value {
            case "socks": ways.formUnion([ViaSet(.socks4), ViaSet(.socks4a), ViaSet(.socks5)])
            case "socks4": ways.formUnion([ViaSet(.socks4), ViaSet(.socks4a)])
            default:
                if let way = Via(rawValue: value.value) {
                    ways.insert(ViaSet(way))
                } else {
                    fail(value.value, isNone: "way to ask", of: Self.kinds[.by] ?? [], value.position)
                }
            }
        }
        return .via(ways)
    }
}
