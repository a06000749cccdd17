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

    @Test("The README tells of every option that the program has")
    func readme() throws {
        let top = String(#filePath.dropLast("Tests/SallyportTests/HelpTests.swift".count))
        let text = try TextFile.contents(of: top + "README.md", limit: 1 << 20)
        for option in Settings.options { #expect(text.contains("`--\(option.name)"), "\(option.name)") }
    }
}
