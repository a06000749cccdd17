import Testing

@Suite("The house's conventions")
struct ConventionTests {
    @Test("No source imports Foundation, whose libraries are larger than the program")
    func noFoundation() {
        for file in SourceTree.sources {
            for line in file.lines where line.contains("import") {
                #expect(!line.contains("Foundation"), "\(file.path): \(line)")
            }
        }
    }

    @Test("Who vouches for what the compiler can't check says why it holds")
    func safety() {
        let vouching = ["@unchecked Sendable", "nonisolated(unsafe)"]
        for file in SourceTree.sources {
            for (index, line) in file.lines.enumerated() where vouching.contains(where: { line.contains($0) }) {
                let code = line.drop { $0 == " " }
                if code.hasPrefix("//") { continue }
                let comment = file.lines[..<index].reversed().prefix { above in
                    let text = above.drop { $0 == " " }
                    return text.hasPrefix("//") || text.hasPrefix("@")
                }
                let isExplained = line.contains("// SAFETY:") || comment.contains { $0.contains("// SAFETY:") }
                #expect(isExplained, "\(file.path):\(index + 1) has no SAFETY line")
            }
        }
    }

    @Test("Nothing is left to be done later")
    func nothingOpen() {
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        for file in SourceTree.sources + SourceTree.tests {
            for (index, line) in file.lines.enumerated() where words.contains(where: { line.contains($0) }) {
                Issue.record("\(file.path):\(index + 1): \(line)")
            }
        }
    }

    @Test("No file is named after what it isn't sure of")
    func names() {
        let words = ["Util", "Utils", "Utilities", "Helper", "Helpers", "Common", "Manager", "Misc"]
        for file in SourceTree.sources + SourceTree.tests {
            let name = file.path.split(separator: "/").last?.prefix { $0 != "+" && $0 != "." } ?? ""
            for word in words { #expect(!name.hasSuffix(word), "\(file.path)") }
        }
    }

    @Test("The top of the repository holds what a visitor looks for, and nothing else")
    func top() {
        let visible = SourceTree.entries(of: "").filter { !$0.hasPrefix(".") }
        let expected: Set = ["Package.swift", "Sources", "Tests", "acl", "logs", "README.md"]
        #expect(Set(visible).subtracting(expected) == [])
        #expect(expected.subtracting(visible) == [])
    }

    @Test("Each fault that the article on them tells of is shown by tests that are there")
    func faults() {
        let rows = SourceTree.lines(of: "Sources/sallyport/Documentation.docc/Faults.md").filter { $0.hasPrefix("| ") }
        let suites = Set(SourceTree.tests.flatMap { file in file.lines.compactMap(Self.suite) })
        #expect(rows.count > 20)
        for row in rows where !row.hasPrefix("| fault |") {
            let shown = row.split(separator: "|").last?.split(separator: "`").filter { $0.contains("Tests") } ?? []
            #expect(!shown.isEmpty, "\(row)")
            for name in shown {
                let isThere =
                    name.hasPrefix("Tests/")
                    ? SourceTree.entries(of: "Tests").contains(String(name.dropFirst("Tests/".count)))
                    : suites.contains(String(name))
                #expect(isThere, "\(name) is no suite and no script: \(row)")
            }
        }
    }

    /// The name of the suite that a line begins.
    private static func suite(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(where: { ["struct", "class", "enum"].contains($0) }),
            index + 1 < words.count,
            words[index + 1].contains("Tests")
        else { return nil }
        return String(words[index + 1].prefix { $0.isLetter || $0.isNumber })
    }

    @Test("The README begins with the two commands")
    func readme() throws {
        let lines = SourceTree.lines(of: "README.md")
        for command in ["    swift run -c release sallyport", "    swift test"] {
            let index = try #require(lines.firstIndex { $0 == command || $0.hasPrefix(command + " ") })
            #expect(index < 20)
        }
    }
}
