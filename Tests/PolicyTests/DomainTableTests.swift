import Addressing
import Testing

@testable import Policy

@Suite("Tables of names")
struct DomainTableTests {
    private static func table(
        _ entries: [(name: String, kind: DomainTable.Kind)], expected: Int = 0, exceptionsReachDown: Bool = false
    ) throws -> DomainTable {
        var builder = DomainTable.Builder(expected: expected, exceptionsReachDown: exceptionsReachDown)
        var scanner = NameScanner()
        for (index, entry) in entries.enumerated() {
            let bytes = Array(entry.name.utf8)
            try scanner.scan(bytes.span)
            _ = builder.insert(
                scanner.hash(), kind: entry.kind, line: UInt32(index + 1), labels: scanner.labelCount)
        }
        return builder.build()
    }

    private static func line(_ table: borrowing DomainTable, _ host: String) throws -> UInt32? {
        NameDigest.of(try Host(host)) { suffixes in
            table.find(suffixes).map { $0.kind.contains(.exception) ? 0 : $0.line }
        }
    }

    @Test("An entry covers what its kind says")
    func kinds() throws {
        let table = try Self.table([
            ("exact.example", .exact), ("suffix.example", .suffix), ("below.example", .below),
            ("both.example", .exact), ("both.example", .below), ("a.suffix.example", .exact),
        ])
        let expected: [(String, UInt32?)] = [
            ("exact.example", 1), ("a.exact.example", nil), ("suffix.example", 2), ("x.y.suffix.example", 2),
            ("below.example", nil), ("a.below.example", 3), ("both.example", 4), ("a.both.example", 5),
            ("a.suffix.example", 6), ("b.a.suffix.example", 2), ("example", nil), ("xsuffix.example", nil),
        ]
        for (host, line) in expected { #expect(try Self.line(table, host) == line, "\(host)") }
    }

    @Test("An entry said again is none, and the first line stays")
    func duplicates() throws {
        let table = try Self.table([("a.example", .suffix), ("A.example.", .suffix), ("a.example", .exact)])
        #expect(table.count == 1)
        #expect(try Self.line(table, "a.example") == 1)
    }

    @Test("Where exceptions don't reach down, the entry with most labels speaks, and of two alike the exception")
    func longestWins() throws {
        let table = try Self.table([
            ("ads.example", .suffix), ("good.ads.example", [.suffix, .exception]), ("bad.good.ads.example", .suffix),
            ("same.example", .suffix), ("same.example", [.suffix, .exception]),
        ])
        let expected: [(String, UInt32?)] = [
            ("ads.example", 1), ("good.ads.example", 0), ("x.good.ads.example", 0), ("bad.good.ads.example", 3),
            ("x.same.example", 0),
        ]
        for (host, line) in expected { #expect(try Self.line(table, host) == line, "\(host)") }
    }

    @Test("Where exceptions reach down, importance decides: @@important, important, @@, plain")
    func exceptionsReachDown() throws {
        let table = try Self.table(
            [
                ("ads.example", .suffix), ("good.ads.example", [.suffix, .exception]),
                ("bad.good.ads.example", .suffix),
                ("worse.good.ads.example", [.suffix, .important]),
                ("best.worse.good.ads.example", [.suffix, .important, .exception]),
            ], exceptionsReachDown: true)
        let expected: [(String, UInt32?)] = [
            ("ads.example", 1), ("good.ads.example", 0), ("bad.good.ads.example", 0), ("worse.good.ads.example", 4),
            ("a.worse.good.ads.example", 4), ("x.best.worse.good.ads.example", 0),
        ]
        for (host, line) in expected { #expect(try Self.line(table, host) == line, "\(host)") }
    }

    @Test("A table that grows, or is cut to size, holds every entry", arguments: [0, 3000, 100_000])
    func growth(expected: Int) throws {
        let names = (0..<3000).map { "n\($0).d\($0 % 17).example" }
        let table = try Self.table(names.map { ($0, .exact) }, expected: expected)
        #expect(table.count == 3000)
        #expect(table.bytesHeld <= 3000 * 24)
        for (index, name) in names.enumerated() { #expect(try Self.line(table, name) == UInt32(index + 1)) }
        #expect(try Self.line(table, "n3000.d1.example") == nil)
    }
}
