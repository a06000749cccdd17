import Addressing
import Testing

@testable import Policy

@Suite("A compiled list and a plain reading of it")
struct ListAgreementTests {
    /// A line of a list, as a reader understands it.
    private struct Entry {
        var name = ""
        var coversName = true
        var coversBelow = true
        var isException = false
        var isImportant = false

        func covers(_ host: String) -> Bool {
            coversName && host == name || coversBelow && host.hasSuffix("." + name)
        }

        /// Important exceptions, important entries, exceptions, entries.
        var rank: Int { (isImportant ? 2 : 0) + (isException ? 1 : 0) }
        var labels: Int { name.split(separator: ".").count }

        var adblock: String {
            (isException ? "@@" : "") + (!coversName ? "||*." : coversBelow ? "||" : "|") + name + "^"
                + (isImportant ? "$important" : "")
        }

        var dnsmasq: String { isException ? "server=/\(name)/#" : "address=/\(name)/#" }
    }

    @Test("AdBlock: the strongest entry speaks, of those the one with most labels", arguments: 0..<4)
    func adblock(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<15 {
            let entries = (0..<Int.random(in: 1...25, using: &random)).map { _ in
                let shape = Int.random(in: 0...4, using: &random)
                return Entry(
                    name: LinearPolicy.name(using: &random), coversName: shape != 0, coversBelow: shape != 1,
                    isException: Int.random(in: 0...3, using: &random) == 0,
                    isImportant: Int.random(in: 0...3, using: &random) == 0)
            }
            try Self.compare(entries.map(\.adblock), format: "adblock", using: &random) { host in
                Self.speaking(entries, host) { ($0.rank, $0.labels) < ($1.rank, $1.labels) }
            }
        }
    }

    @Test("dnsmasq: the entry with most labels speaks, of two alike the exception", arguments: 0..<4)
    func dnsmasq(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<15 {
            let entries = (0..<Int.random(in: 1...25, using: &random)).map { _ in
                Entry(name: LinearPolicy.name(using: &random), isException: Int.random(in: 0...2, using: &random) == 0)
            }
            try Self.compare(entries.map(\.dnsmasq), format: "dnsmasq", using: &random) { host in
                Self.speaking(entries, host) { ($0.labels, $0.rank) < ($1.labels, $1.rank) }
            }
        }
    }

    // MARK: - Private

    /// The line of the entry that speaks for a host; nil when none does, or an exception.
    private static func speaking(_ entries: [Entry], _ host: String, weaker: (Entry, Entry) -> Bool) -> Int? {
        var best: (line: Int, entry: Entry)?
        for (index, entry) in entries.enumerated() where entry.covers(host) {
            if best == nil || weaker(best!.entry, entry) { best = (index + 1, entry) }
        }
        return best.flatMap { $0.entry.isException ? nil : $0.line }
    }

    private static func compare(
        _ lines: [String], format: String, using random: inout SplitMix64, _ expected: (String) -> Int?
    ) throws {
        let folder = PolicyFolder([
            "policy.conf": "list l l.txt format \(format)\ndeny to list:l\ndefault allow\n",
            "l.txt": lines.joined(separator: "\n"),
        ])
        let ruleset = try folder.load()
        for _ in 0..<40 {
            let host = LinearPolicy.name(using: &random)
            let answer = ruleset.answer(try Request(host), in: folder)
            let line = expected(host)
            #expect(answer == [line.map { "deny policy.conf:2 l.txt:\($0)" } ?? "resolve"], "\(host) in \(lines)")
        }
    }
}
