import Testing

@testable import sallyport

@Suite("Help and documentation")
struct HelpTests {
    @Test("The help names every command and every option, each once and in one line")
    func complete() {
        let lines = Help.program.split(separator: "\n")
        for command in Command.allCases {
            #expect(lines.count { $0.hasPrefix("  \(command.rawValue) ") } == 1, "\(command)")
        }
        for option in Settings.options {
            let flag = "  --\(option.name)" + (option.value.map { " \($0)" } ?? "")
            #expect(lines.count { $0.hasPrefix(flag + "  ") } == 1, "\(option.name)")
        }
    }

    @Test("Names are unique, lower case, and words joined by hyphens")
    func names() {
        #expect(Set(Settings.options.map(\.name)).count == Settings.options.count)
        for option in Settings.options {
            #expect(option.name.allSatisfy { $0.isASCII && $0.isLowercase || $0 == "-" }, "\(option.name)")
        }
    }

    @Test("The README's table of options is the program's own")
    func readme() throws {
        let top = String(#filePath.dropLast("Tests/SallyportTests/HelpTests.swift".count))
        let text = try TextFile.contents(of: top + "README.md", limit: 1 << 20)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `--") }.map(String.init)
        let expected = Settings.options.map(Self.row)
        for row in expected where !rows.contains(row) { Issue.record("the README lacks: \(row)") }
        for row in rows where !expected.contains(row) { Issue.record("the README has: \(row)") }
        if Set(rows) == Set(expected) { #expect(rows == expected) }
    }

    /// An option's row: the default stands in its help, in parentheses at the end.
    private static func row(_ option: Option<Settings>) -> String {
        let flag = "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
        var help = option.help[...]
        var standard = ""
        if help.hasSuffix(")"), let open = help.lastIndex(of: "(") {
            standard = String(help[help.index(after: open)...].dropLast())
            help = help[..<open].dropLast()
        }
        let cells = [flag, standard, help + (option.isRepeatable ? "; may be repeated" : "")].map { cell in
            cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "&#124;")
        }
        return "| `\(cells[0])` | \(cells[1]) | \(cells[2]) |"
    }
}
