import Testing

@testable import Users

@Suite("Users files")
struct UserTableTests {
    private static let hash = "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"

    @Test("Comments, empty lines, CRLF and what may stand behind the hash change nothing")
    func forms() throws {
        let text = "# users\n\nann:\(Self.hash)\r\nbob:\(Self.hash):Bob B.\n  \nÜte:\(Self.hash)"
        let table = try UserTable(text, path: "users")
        #expect(table.names == ["ann", "bob", "Üte"])
        #expect(table.hash(of: "bob")?.matches(Array("secret".utf8)) == true)
        #expect(table.hash(of: "Ann") == nil)
    }

    @Test("All faults of a file are told at once, each with its place")
    func faults() {
        let text = "ann\n:\(Self.hash)\nbob:plain\nb b:\(Self.hash)\ncat:\(Self.hash)\ncat:\(Self.hash)\n"
        do throws(UserFileErrors) {
            _ = try UserTable(text, path: "users")
            Issue.record("a faulty file was taken")
        } catch {
            #expect(
                error.faults.map { $0.prefix(10) } == [
                    "users:1:1:", "users:2:1:", "users:3:5:", "users:4:1:", "users:6:1:",
                ])
            #expect(error.faults[2].contains("bob: the password is plain"))
        }
    }

    @Test("Any bytes give a table or faults")
    func anyBytes() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array(":$\n#26y a.\u{0}é".unicodeScalars)
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                text.unicodeScalars.append(alphabet.randomElement(using: &generator) ?? "a")
            }
            _ = try? UserTable(text, path: "users")
        }
    }
}
