import Glibc
import Testing

@Suite("Upgrading")
struct TakeoverTests {
    /// Ends what took over, which is no child of ours.
    private static func end(_ process: pid_t, _ program: RunningProgram) throws {
        kill(process, SIGTERM)
        try program.wait("the new process to end") {
            // Nobody may have awaited it yet.
            kill(process, 0) != 0
                || String(decoding: TestFolder.bytes(at: "/proc/\(process)/stat"), as: UTF8.self).contains(") Z ")
        }
    }

    private static func process(_ folder: TestFolder) -> pid_t? {
        folder.lines(of: "pid").first.flatMap { pid_t($0) }
    }

    @Test("Under load no client is refused, a tunnel goes on, and both logs are whole")
    func load() throws {
        let folder = try TestFolder(["policy.conf": "deny to host:a\ndefault allow\n"])
        let program = try RunningProgram(in: folder, ["--grace", "1h", "--pid-file", folder["pid"]])
        try program.wait("its number") { Self.process(folder) == program.process.id }
        let load = SteadyLoad(port: program.port)
        let tunnel = try program.tunnel(to: try LoopbackListener())
        try program.wait("clients to be served") { load.answered > 50 }

        let upgrade = try ChildProcess(["upgrade", folder["pid"]]).finish()
        #expect(upgrade.code == 0, "\(upgrade.complaints)")
        let new = try #require(Self.process(folder))
        var isEnded = false
        defer { if !isEnded { kill(new, SIGKILL) } }
        #expect(upgrade.output == "process \(new) serves, process \(program.process.id) drains\n")
        let before = load.answered
        try program.wait("clients to be served") { load.answered > before + 50 }
        try tunnel.client.send("still")
        #expect(try tunnel.origin.receive(5) == "still")
        #expect(try load.end() == [])

        program.process.send(SIGTERM)
        // It has the old one's standard error, whose end can only be seen once both are gone.
        try Self.end(new, program)
        isEnded = true
        let old = try program.process.finish()
        #expect(old.code == 0)
        #expect(old.complaints.contains("sallyport: process \(new) has taken over; this one drains"))
        let lines = try program.wholeLog()
        let rest = try program.wholeLog(["access.drained-\(program.process.id).log"])
        #expect(lines.requests.count + rest.requests.count == load.answered + 1)
        #expect(Set((lines + rest).requests.map(\.id)).count == load.answered + 1)
        #expect(lines.events("start").map { $0["chain"] ?? "" } == ["new", "continued"])
        #expect(lines.events("start").allSatisfy { ($0["crashed"] as Bool?) == nil })
        #expect(lines.events("stop").first?["why"] == "upgrade")
        #expect(rest.requests.contains { $0["up"] == 5 })
    }

    @Test("A new process that can't start changes nothing: the old one goes on, says why, and keeps its log")
    func failure() throws {
        let folder = try TestFolder(["policy.conf": "deny to host:a\ndefault allow\n"])
        let program = try RunningProgram(in: folder)
        try program.ask("a")
        let number = "\(program.process.id)"
        let early = try ChildProcess(["upgrade", number, "--policy", folder["absent"]]).finish()
        #expect(early.code == 1)
        #expect(early.complaints.count == 2)
        #expect(early.complaints.last == "sallyport: the new process did not start; process \(number) goes on")
        // The log has been handed over by then.
        let late = try ChildProcess([
            "upgrade", number, "--policy", folder["policy.conf"], "--log", folder["absent/access.log"],
        ]).finish()
        #expect(late.code == 1)
        try program.wait("the log to be taken back") {
            folder.lines(of: "access.log").contains { $0.contains("\"upgrade failed\"") }
        }
        try program.ask("a")
        let result = try program.stop()
        let reason = "the upgrade failed: sallyport: can't open the log \(folder["absent/access.log"]): "
        #expect(result.complaints.contains { $0.hasPrefix("sallyport: \(reason)") }, "\(result.complaints)")
        #expect(try program.wholeLog().requests.count == 2)
        _ = try program.wholeLog(["access.drained-\(number).log"])
    }

    @Test("What is no running proxy is told: 1; a wrong command line: 64")
    func wrong() throws {
        let other = try ChildProcess(["upgrade", "1"]).finish()
        #expect(other.code == 1)
        #expect(other.complaints == ["sallyport: process 1 can't be reached: no such sallyport is running"])
        for arguments in [["upgrade"], ["upgrade", "/absent"], ["upgrade", "1", "--polcy", "x"]] {
            #expect(try ChildProcess(arguments).finish().code == 64)
        }
    }

    @Test("Under a service manager it is refused, in one line")
    func managed() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let manager = try PlayedSupervisor(at: folder["notify"])
        let program = try RunningProgram(
            in: folder, flags: ["--listen", "127.0.0.1:0"], surroundings: [manager.variable])
        let result = try ChildProcess(["upgrade", "\(program.process.id)"]).finish()
        #expect(result.code == 1)
        #expect(result.complaints.first?.contains("it runs under a service manager") == true)
        try program.stop()
    }
}
