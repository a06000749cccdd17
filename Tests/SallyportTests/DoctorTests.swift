import Testing

@testable import sallyport

@Suite("The doctor")
struct DoctorTests {
    private static func lines(_ arguments: [String]) throws -> (code: Int32, lines: [String]) {
        let result = try ChildProcess(["doctor"] + arguments).finish()
        let lines = result.output.split(separator: "\n").map(String.init)
        for line in lines {
            #expect(["ok ", "warn ", "fail "].contains { line.hasPrefix($0) }, "\(line)")
            if !line.hasPrefix("ok ") { #expect(line.contains("; "), "no remedy: \(line)") }
        }
        #expect(result.code == (lines.contains { $0.hasPrefix("fail ") } ? 1 : 0))
        return (result.code, lines)
    }

    @Test("It tries every protocol on a proxy of its own; one that runs gets no connection and no record")
    func trials() throws {
        let program = try RunningProgram()
        let log = program.folder.bytes(of: "access.log")
        let (_, lines) = try Self.lines([
            "--policy", program.folder["policy.conf"], "--log", program.folder["access.log"], "--listen",
            "127.0.0.1:\(program.port)",
        ])
        for name in [
            "http", "connect", "socks4a", "socks5", "seal", "policy", "log", "ports", "descriptors", "backlog",
        ] {
            #expect(lines.contains { $0.hasPrefix("ok    \(name) ") || $0.hasPrefix("warn  \(name) ") }, "\(name)")
        }
        #expect(lines.contains { $0.hasPrefix("ok    socks5 ") && $0.contains("answered") })
        #expect(lines.contains { $0.hasPrefix("warn  port ") && $0.contains("is taken") })
        #expect(lines.contains { $0.hasPrefix("ok    clock ") || $0.hasPrefix("warn  clock ") })
        // A seal of what was there may follow; no record does.
        #expect(program.folder.bytes(of: "access.log").starts(with: log))
        #expect(program.records.isEmpty)
        try program.stop()
        #expect(program.records.isEmpty)
    }

    @Test("What would not work fails, with the place and what mends it")
    func failures() throws {
        let folder = try TestFolder(["policy.conf": "allow to nonsense\n", "users.txt": "ann\n"])
        let (code, lines) = try Self.lines([
            "--policy", folder["policy.conf"], "--users", folder["users.txt"], "--log", folder["no/such/log"],
            "--listen",
            "192.0.2.1:0", "--admin", "unix:\(folder["no/such.sock"])", "--resolver", "127.0.0.1:1",
        ])
        #expect(code == 1)
        for name in ["policy", "users", "log", "port", "admin", "resolver"] {
            #expect(lines.contains { $0.hasPrefix("fail  \(name) ") }, "\(name): \(lines)")
        }
        #expect(lines.contains { $0.hasPrefix("fail  policy") && $0.contains("policy.conf:1:") })
    }

    @Test("The limit of a control group is the least of those above it")
    func groups() throws {
        let folder = try TestFolder(["cgroup": "0::/a/b\n", "memory.max": "max\n"])
        #expect(MemoryGroup.limit(groups: folder["cgroup"], root: folder.path) == nil)
        try folder.write(Array("1000\n".utf8), to: "memory.max")
        #expect(MemoryGroup.limit(groups: folder["cgroup"], root: folder.path) == 1000)
        #expect(MemoryGroup.limit(groups: folder["none"], root: folder.path) == nil)
    }
}
