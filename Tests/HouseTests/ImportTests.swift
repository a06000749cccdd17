import Testing

@Suite("Who may import whom")
struct ImportTests {
    /// What each target may import; arrows only point to earlier lines.
    private static let table: [(target: String, allowed: Set<String>)] = [
        ("CLinux", []),
        ("CDigest", []),
        ("CCrypt", []),
        ("Addressing", []),
        ("Wire", ["Addressing"]),
        ("Policy", ["Addressing", "Glibc"]),
        ("Users", ["CCrypt", "Glibc"]),
        ("AccessLog", ["CDigest", "Addressing", "Glibc", "Dispatch", "Synchronization"]),
        ("EventLoop", ["CLinux", "Addressing", "Glibc", "Dispatch", "Synchronization"]),
        ("Proxy", ["CLinux", "Addressing", "Wire", "Policy", "Users", "AccessLog", "EventLoop"] + system),
        ("sallyport", ["CLinux", "Addressing", "Wire", "Policy", "Users", "AccessLog", "EventLoop", "Proxy"] + system),
        ("sallyport-bench", ["CLinux", "Addressing", "Wire", "EventLoop"] + system),
    ].map { ($0.0, Set($0.1)) }

    private static let system = ["Glibc", "Dispatch", "Synchronization"]

    /// The module that a line imports, whatever stands before and behind it.
    private static func module(_ line: Substring) -> Substring? {
        let words = line.split { $0 == " " || $0 == "\t" }
        guard let index = words.firstIndex(of: "import"),
            words[..<index].allSatisfy({ $0.hasPrefix("@") || $0 == "public" || $0 == "internal" || $0 == "private" }),
            var name = words[(index + 1)...].first
        else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        if kinds.contains(name), index + 2 < words.count { name = words[index + 2] }
        return name.prefix { $0 != "." && $0 != ";" }
    }

    @Test("A target imports what stands above it, and from outside only the system's own modules")
    func imports() throws {
        let allowed = Dictionary(uniqueKeysWithValues: Self.table.map { (Substring($0.target), $0.allowed) })
        var imports = 0
        for file in SourceTree.sources {
            let known = try #require(allowed[file.target], "\(file.path) is of no target of the table")
            for line in file.lines {
                guard let module = Self.module(line) else { continue }
                imports += 1
                #expect(known.contains(String(module)), "\(file.path) imports \(module)")
            }
        }
        #expect(imports > 100, "the sources were not read")
    }

    @Test("The table is in order: a target stands below all that it imports")
    func order() {
        var above: Set<String> = Set(Self.system)
        for (target, allowed) in Self.table {
            #expect(allowed.isSubset(of: above), "\(target)")
            above.insert(target)
        }
    }

    @Test("Every folder of the sources is a target of the table, and every target has its folder")
    func folders() {
        #expect(SourceTree.entries(of: "Sources") == Self.table.map(\.target).sorted())
    }

    @Test("The package declares no dependency that the table doesn't have, and none from outside")
    func package() {
        let text = SourceTree.lines(of: "Package.swift").joined(separator: " ")
        #expect(!text.contains(".package("))
        for (target, allowed) in Self.table {
            guard
                let start = text.firstRange(of: "arget(name: \"\(target)\"")
                    ?? text.firstRange(of: "arget(             name: \"\(target)\"")
            else {
                #expect(text.contains(".systemLibrary(name: \"\(target)\")"), "\(target) is not declared")
                continue
            }
            let declaration = text[start.upperBound...].prefix { $0 != ")" }
            guard let list = declaration.firstRange(of: "dependencies: [") else { continue }
            let names = declaration[list.upperBound...].prefix { $0 != "]" }.split { !$0.isLetter }
            #expect(Set(names.map(String.init)).isSubset(of: allowed), "\(target)")
        }
    }

    @Test("Each import is told apart from words that only look like one")
    func reading() {
        let table: [(Substring, Substring?)] = [
            ("import Glibc", "Glibc"), ("@testable import Proxy", "Proxy"), ("    import Glibc.POSIX", "Glibc"),
            ("import struct Foundation.Data", "Foundation"), ("public import Wire", "Wire"),
            ("@preconcurrency import Dispatch; import Glibc", "Dispatch"), ("// import Foundation", nil),
            ("/// what they import from", nil), ("let important = 1", nil), ("", nil),
        ]
        for (line, module) in table { #expect(Self.module(line) == module, "\(line)") }
    }
}
