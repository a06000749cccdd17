import CLinux
import Glibc
import Testing

@Suite("Fewer rights")
struct ConfinementTests {
    private static let hasLandlock = sallyport_landlock_version() > 0
    private static let isRoot = geteuid() == 0

    /// Has the policy read again.
    ///
    /// - Returns: the lines up to the one that begins so.
    private static func reload(_ program: RunningProgram, _ policy: String, until end: String) throws -> [String] {
        try program.folder.write(Array(policy.utf8), to: "policy.conf")
        program.process.send(SIGHUP)
        var lines: [String] = []
        while lines.last?.contains(end) != true { lines.append(try program.process.nextComplaint()) }
        return lines
    }

    @Test(
        "A file outside the folders is refused at a reload, clearly; a new one inside is read",
        .enabled(if: hasLandlock))
    func reload() throws {
        let program = try RunningProgram()
        let outside = try TestFolder(["list": "a.example\n"])
        let refused = try Self.reload(
            program, "list l \(outside["list"])\ndeny to list:l\ndefault allow\n", until: "error: ")
        #expect(refused.last?.contains("\(outside["list"]) cannot be read: Permission denied (--confine on ") == true)
        try program.folder.write(Array("blocked.example\n".utf8), to: "list")
        _ = try Self.reload(program, "list l list\ndeny to list:l\ndefault allow\n", until: "is in force")
        #expect(try program.ask("blocked.example").hasPrefix("HTTP/1.1 403 "))
        try program.stop()
    }

    @Test("Without confinement the same file is read")
    func off() throws {
        let program = try RunningProgram(["--confine", "off"])
        let outside = try TestFolder(["list": "a.example\n"])
        _ = try Self.reload(
            program, "list l \(outside["list"])\ndeny to list:l\ndefault allow\n", until: "is in force")
        try program.stop()
    }

    @Test("The log is still rotated, compressed and opened anew")
    func log() throws {
        let program = try RunningProgram(
            policy: "default deny\n", ["--log-rotate", "1KB", "--log-compress", "on"])
        try program.wait("a compressed file") {
            try program.ask("a.example")
            return access(program.folder["access.log.1.gz"], F_OK) == 0
        }
        rename(program.folder["access.log"], program.folder["moved.log"])
        program.process.send(SIGUSR1)
        try program.wait("the new file") { access(program.folder["access.log"], F_OK) == 0 }
        try program.stop()
    }

    @Test("No thread can gain rights by running another program")
    func noNewPrivileges() throws {
        let program = try RunningProgram()
        let threads = try Self.statuses(of: program.process.id)
        #expect(threads.count > 1)
        for thread in threads { #expect(!Self.hasLandlock || thread.contains("NoNewPrivs:\t1\n")) }
        try program.stop()
    }

    @Test("Started as root it becomes the user, in every thread, and keeps no capability", .enabled(if: isRoot))
    func user() throws {
        let folder = try TestFolder(["policy.conf": "deny to host:a\ndefault allow\n"])
        chmod(folder.path, 0o755)
        let user = try #require(getpwnam("nobody")).pointee
        chown(folder.path, user.pw_uid, user.pw_gid)
        let program = try RunningProgram(in: folder, ["--user", "nobody", "--log-rotate", "1KB"])
        try program.wait("a rotated file, which is the user's") {
            try program.ask("a")
            var status = stat()
            return stat(folder["access.log.1"], &status) == 0 && status.st_uid == user.pw_uid
        }
        for thread in try Self.statuses(of: program.process.id) {
            let id = user.pw_uid
            #expect(thread.contains("Uid:\t\(id)\t\(id)\t\(id)\t\(id)\n"))
            #expect(thread.contains("CapPrm:\t0000000000000000\n"))
            #expect(thread.contains("NoNewPrivs:\t1\n"))
        }
        try program.stop()
    }

    @Test("A folder that the user can't write is told of", .enabled(if: isRoot))
    func foreignFolder() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        chmod(folder.path, 0o755)
        let process = try ChildProcess([
            "--listen", "127.0.0.1:0", "--policy", folder["policy.conf"], "--log", folder["access.log"], "--user",
            "nobody",
        ])
        let line = try process.nextComplaint()
        #expect(line.hasPrefix("sallyport: warning: nobody can't write the folder \(folder.path): "), "\(line)")
        process.send(SIGTERM)
        _ = try process.nextComplaint()
        #expect(try process.finish().code == 0)
    }

    @Test("A user that can't be had is told in one line: 1", arguments: ["no-such-user", "root", "nobody"])
    func wrongUser(name: String) throws {
        // Who is not root gets the same answer whomever they name.
        guard name != "nobody" || !Self.isRoot else { return }
        let result = try ChildProcess(["--user", name, "--log", "off", "--listen", "127.0.0.1:0"]).finish()
        #expect(result.code == 1)
        #expect(result.complaints.count == 1)
        #expect(result.complaints.first?.hasPrefix("sallyport: --user \(name)") == true)
    }

    private static func statuses(of process: pid_t) throws -> [String] {
        let folder = try #require(opendir("/proc/\(process)/task"))
        defer { closedir(folder) }
        var texts: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard pid_t(name) != nil else { continue }
            // A thread of Dispatch may have ended meanwhile.
            let bytes = TestFolder.bytes(at: "/proc/\(process)/task/\(name)/status")
            if !bytes.isEmpty { texts.append(String(decoding: bytes, as: UTF8.self)) }
        }
        return texts
    }
}
