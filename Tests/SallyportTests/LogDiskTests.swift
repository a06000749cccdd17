import Dispatch
import Glibc
import Testing

/// What becomes of the log of the built program when the disk doesn't take it.
@Suite("A disk that takes no log")
struct LogDiskTests {
    private static let policy = "deny to host:blocked.example\ndefault allow\n"

    /// Whether a process may have file systems of its own.
    private static let canMount = access("/usr/bin/unshare", X_OK) == 0 && system("unshare -Urm true 2>/dev/null") == 0

    /// A program whose log is on a disk of its own, all but `room` bytes of which a file takes.
    private struct SmallDisk {
        let program: RunningProgram

        init(room: Int, size: Int, _ options: [String]) throws {
            let folder = try TestFolder(["policy.conf": policy])
            try #require(mkdir(folder["disk"], 0o700) == 0)
            let script =
                "mount -t tmpfs -o size=\(size) none \"$0\" && head -c \(size - room) /dev/zero >\"$0/filler\" && exec \"$@\""
            program = try RunningProgram(
                in: folder, options, log: folder["disk/access.log"],
                under: ["/usr/bin/unshare", "-Urm", "/bin/sh", "-c", script, folder["disk"]])
        }

        private func path(_ name: String) -> String {
            "/proc/\(program.process.id)/root\(program.folder["disk/\(name)"])"
        }

        func makeRoom() throws {
            try #require(unlink(path("filler")) == 0)
        }

        /// Ends the program, and puts the log where it outlives the disk.
        func stop() throws -> [LoggedLine] {
            let log = open(path("access.log"), O_RDONLY | O_CLOEXEC)
            try #require(log >= 0)
            defer { close(log) }
            try program.stop()
            try program.folder.write(TestFolder.bytes(at: "/proc/self/fd/\(log)"), to: "access.log")
            return try program.wholeLog()
        }
    }

    @Test(
        "Full: accepting pauses and nothing is lost, and who is connected is let go after the answer",
        .enabled(if: canMount))
    func stall() throws {
        let disk = try SmallDisk(room: 64 << 10, size: 256 << 10, ["--log-full", "stall"])
        let program = disk.program
        let kept = try program.connect()
        let request = "GET http://blocked.example/ HTTP/1.1\r\nHost: x\r\n\r\n"
        try kept.send(request)
        let answer = try kept.receive(12)
        let agent = "User-Agent: \(String(repeating: "a", count: 8000))\r\n"
        let load = DispatchGroup()
        let asked = 20
        DispatchQueue(label: "sallyport.test.load").async(group: load) {
            for _ in 0..<asked { _ = try? program.ask("blocked.example", agent) }
        }
        let warning = try program.process.nextComplaint()
        #expect(warning.contains(": No space left on device; "))
        #expect(warning.hasSuffix(" records wait, accepting pauses"))
        try kept.send(request)
        #expect(try kept.receiveToEnd().contains("\r\nConnection: close\r\n"))
        #expect(load.wait(timeout: .now()) == .timedOut)
        try disk.makeRoom()
        #expect(load.wait(timeout: .now() + 10) == .success)
        #expect(try program.process.nextComplaint().hasSuffix(" is written again"))
        let lines = try disk.stop()
        #expect(answer == "HTTP/1.1 403")
        #expect(lines.requests.count == asked + 2)
        #expect(lines.events("gap").isEmpty)
    }

    @Test("A folder that vanishes: who comes waits until there is one again, and nothing is lost")
    func folderVanishes() throws {
        let folder = try TestFolder(["policy.conf": Self.policy])
        try #require(mkdir(folder["logs"], 0o700) == 0)
        // To the kernel the new folder is another one than that which a confined program may write.
        let program = try RunningProgram(in: folder, ["--confine", "off"], log: folder["logs/access.log"])
        try Self.outage(of: program, "No such file or directory") {
            try #require(rename(folder["logs"], folder["gone"]) == 0)
        } andThen: {
            try #require(mkdir(folder["logs"], 0o700) == 0)
        }
        #expect(try program.wholeLog(["gone/access.log", "logs/access.log"]).requests.count == 3)
    }

    @Test("A folder in the place of the log: who comes waits until it is gone, and nothing is lost")
    func folderInItsPlace() throws {
        let folder = try TestFolder(["policy.conf": Self.policy])
        let program = try RunningProgram(in: folder)
        try Self.outage(of: program, "Is a directory") {
            try #require(rename(folder["access.log"], folder["old.log"]) == 0)
            try #require(mkdir(folder["access.log"], 0o700) == 0)
        } andThen: {
            try #require(rmdir(folder["access.log"]) == 0)
        }
        #expect(try program.wholeLog(["old.log", "access.log"]).requests.count == 3)
    }

    @Test("A log made read-only while it is written goes on: nobody's records depend on it")
    func readOnly() throws {
        let program = try RunningProgram(policy: Self.policy)
        try program.ask("blocked.example")
        try program.wait("the record") { program.records.count == 1 }
        try #require(chmod(program.folder["access.log"], 0o444) == 0)
        try program.ask("blocked.example")
        try program.stop()
        #expect(try program.wholeLog().requests.count == 2)
    }

    @Test("A log that may not be written: the program does not start, and says why", .enabled(if: geteuid() != 0))
    func readOnlyAtStart() throws {
        let folder = try TestFolder(["policy.conf": Self.policy, "access.log": ""])
        try #require(chmod(folder["access.log"], 0o444) == 0)
        let result = try ChildProcess(["--policy", folder["policy.conf"], "--log", folder["access.log"]]).finish()
        #expect(result.code == 1)
        #expect(result.complaints == ["sallyport: can't open the log \(folder["access.log"]): Permission denied"])
    }

    /// One request before the log is taken away, one that finds out, and one that has to wait until it is back.
    private static func outage(
        of program: RunningProgram, _ error: String, _ begin: () throws -> Void, andThen end: () throws -> Void
    ) throws {
        try program.ask("blocked.example")
        // Its record is in the file before anything happens to that.
        try program.wait("the seal") { program.hasSeal }
        try begin()
        try program.ask("blocked.example")
        let warning = try program.process.nextComplaint()
        #expect(warning.contains(": \(error); "))
        #expect(warning.hasSuffix(" records wait, accepting pauses"))
        let answered = DispatchGroup()
        DispatchQueue(label: "sallyport.test.load").async(group: answered) { _ = try? program.ask("blocked.example") }
        try end()
        #expect(answered.wait(timeout: .now() + 10) == .success)
        #expect(try program.process.nextComplaint().hasSuffix(" is written again"))
        try program.stop()
    }
}

extension RunningProgram {
    /// Whether what was asked for so far is sealed.
    fileprivate var hasSeal: Bool {
        for name in ["access.log", "logs/access.log"] {
            if folder.lines(of: name).contains(where: { $0.contains("\"type\":\"seal\"") }) { return true }
        }
        return false
    }
}
