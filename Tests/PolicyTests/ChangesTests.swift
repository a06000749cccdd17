import Testing

@testable import Policy

@Suite("What changed between two rulesets")
struct ChangesTests {
    private static func changes(_ before: [String: String], _ after: [String: String]) throws -> String {
        let folder = PolicyFolder(before)
        let earlier = try folder.load()
        for (name, text) in after { folder.write(name, Array(text.utf8)) }
        return try folder.load().changes(since: earlier).replacing(folder.path + "/", with: "")
    }

    private static let policy = "list a a.txt\ndeny to list:a\ndeny to port:25 reason \"mail\"\ndefault allow\n"

    @Test("Entries removed and added are counted exactly, wherever they stand")
    func entries() throws {
        let before = ["policy.conf": Self.policy, "a.txt": "a.example\nb.example\n192.0.2.1\n*x*\n*y*\n"]
        #expect(try Self.changes(before, [:]) == "the same rules and entries")
        #expect(
            try Self.changes(before, ["a.txt": "# moved\n*y*\n*x*\n192.0.2.1\nb.example\na.example\n"])
                == "list a.txt: the same entries")
        #expect(
            try Self.changes(before, ["a.txt": "a.example\nc.example\n=b.example\n192.0.2.2\n*x*\n"])
                == "list a.txt: 3 entries removed, 3 added")
    }

    @Test("Rules are compared by what they say, reasons included, not by their line")
    func rules() throws {
        let before = ["policy.conf": Self.policy, "a.txt": "a.example\n"]
        #expect(
            try Self.changes(before, ["policy.conf": "# one line down\n" + Self.policy]) == "the same rules and entries"
        )
        #expect(
            try Self.changes(before, ["policy.conf": Self.policy.replacing("mail", with: "spam")])
                == "rules: 1 removed, 1 added")
        #expect(
            try Self.changes(before, ["policy.conf": "list b a.txt\ndeny to list:b\ndefault deny\n"])
                == "rules: 3 removed, 2 added")
        #expect(
            try Self.changes(
                before, ["policy.conf": Self.policy.replacing("a.txt", with: "b.txt"), "b.txt": "x.example\n"])
                == "list b.txt: new, 1 entries; list a.txt: gone")
    }
}
