import Glibc
import Testing

@Suite("Users of the running program")
struct UserTests {
    /// Hashed as cheaply as bcrypt allows; the password is "secret".
    private static let ann = "ann:$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n"

    private static func status(_ program: RunningProgram, _ credentials: String) throws -> String {
        let client = try program.connect()
        try client.send(
            "CONNECT 127.0.0.1:9 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic \(credentials)\r\n\r\n")
        return String(try client.receiveToEnd().prefix(12).suffix(3))
    }

    private static func log(_ program: RunningProgram) -> String {
        program.folder.lines(of: "access.log").joined(separator: "\n")
    }

    @Test("A file that changes is in force soon; a faulty one leaves the users as they were, and says where")
    func reread() throws {
        let folder = try TestFolder(["users": Self.ann])
        let program = try RunningProgram(policy: "default deny\n", ["--users", folder["users"]])
        // bob's password is "secret" too.
        let bob = "Ym9iOnNlY3JldA=="
        #expect(try Self.status(program, "YW5uOnNlY3JldA==") == "403")
        #expect(try Self.status(program, bob) == "407")
        try folder.write(Array((Self.ann + "bob" + Self.ann.dropFirst(3)).utf8), to: "users")
        program.process.send(SIGHUP)
        try program.wait("two users") {
            Self.log(program).contains("\"event\":\"users\",\"result\":\"loaded\",\"users\":2")
        }
        #expect(try Self.status(program, bob) == "403")
        try folder.write(Array("bob:plain\n".utf8), to: "users")
        program.process.send(SIGHUP)
        try program.wait("the refusal") { Self.log(program).contains("\"event\":\"users\",\"result\":\"refused\"") }
        #expect(try Self.status(program, bob) == "403")
        program.process.send(SIGTERM)
        let result = try program.process.finish()
        #expect(result.code == 0)
        #expect(result.complaints.contains { $0.contains("users:1:5: bob: the password is plain") })
    }

    @Test("The command adds, changes, lists and removes, and leaves every other line as it is")
    func command() throws {
        let folder = try TestFolder(["users": "# people\n\(Self.ann)\n# end\n"])
        func run(_ words: String..., input: String = "") throws -> ChildProcess.Result {
            try folder.write(Array(input.utf8), to: "input")
            return try ChildProcess(["user"] + words, input: folder["input"]).finish()
        }
        #expect(try run("add", folder["users"], "bob", input: "geheim\n").code == 0)
        #expect(try run("list", folder["users"]).output == "ann\nbob\n")
        let text = String(decoding: folder.bytes(of: "users"), as: UTF8.self)
        #expect(text.hasPrefix("# people\n\(Self.ann)\n# end\nbob:$2y$10$"))
        var status = stat()
        #expect(stat(folder["users"], &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try run("remove", folder["users"], "ann").code == 0)
        #expect(try run("list", folder["users"]).output == "bob\n")
        #expect(try run("remove", folder["users"], "ann").code == 1)
        #expect(try run("add", folder["users"], "a:b", input: "x\n").code == 64)
        #expect(try run("add", folder["users"], "cat", input: "").code == 1)
        #expect(try run("add", folder["users"], "cat", input: String(repeating: "x", count: 73) + "\n").code == 1)
        #expect(try run("frobnicate").code == 64)
        #expect(try run("list", folder["users"]).output == "bob\n")
    }
}
