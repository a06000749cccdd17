import Glibc
import Testing

@Suite("Under a service manager")
struct SupervisionTests {
    @Test("It is told of readiness, each reload and the stop", arguments: [true, false])
    func states(isAbstract: Bool) throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let manager = try PlayedSupervisor(at: isAbstract ? "@" + folder["notify"] : folder["notify"])
        let program = try RunningProgram(
            in: folder, flags: ["--listen", "127.0.0.1:0"], surroundings: [manager.variable])
        let ready = try manager.message(with: "READY=1")
        #expect(ready.contains("STATUS=serving on 127.0.0.1:\(program.port)"))
        let before = Self.microseconds()
        program.process.send(SIGHUP)
        let reloading = try manager.message(with: "RELOADING=1")
        let time = reloading.first { $0.hasPrefix("MONOTONIC_USEC=") }.flatMap { Int64($0.dropFirst(15)) }
        #expect(try #require(time) >= before)
        #expect(try #require(time) <= Self.microseconds())
        _ = try manager.message(with: "READY=1")
        program.process.send(SIGTERM)
        _ = try manager.message(with: "STOPPING=1")
        #expect(try program.process.finish().code == 0)
    }

    @Test("A reload that is refused is told of, and so is the next that isn't")
    func refusedReload() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let manager = try PlayedSupervisor(at: folder["notify"])
        let program = try RunningProgram(
            in: folder, flags: ["--listen", "127.0.0.1:0"], surroundings: [manager.variable])
        let well = try manager.message(with: "READY=1")
        try folder.write(Array("default perhaps\n".utf8), to: "policy.conf")
        program.process.send(SIGHUP)
        let refused = try manager.message(with: "READY=1")
        #expect(
            refused.contains { $0.hasPrefix("STATUS=serving on ") && $0.contains("; a faulty policy was refused: ") })
        #expect(refused.contains { $0.contains("policy.conf:1:9: ") })
        try folder.write(Array("default deny\n".utf8), to: "policy.conf")
        program.process.send(SIGHUP)
        #expect(try manager.message(with: "READY=1") == well)
        try program.stop()
    }

    @Test("Signs of life come while it is meant to give them, and not to another process's manager")
    func watchdog() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let manager = try PlayedSupervisor(at: folder["notify"])
        let program = try RunningProgram(
            in: folder, flags: ["--listen", "127.0.0.1:0"], surroundings: [manager.variable, "WATCHDOG_USEC=20000"])
        for _ in 0..<5 { _ = try manager.message(with: "WATCHDOG=1") }
        try program.stop()
        let other = try PlayedSupervisor(at: folder["other"])
        let silent = try RunningProgram(
            in: folder, flags: ["--listen", "127.0.0.1:0"],
            surroundings: [other.variable, "WATCHDOG_USEC=2000", "WATCHDOG_PID=1"])
        _ = try other.message(with: "READY=1")
        silent.process.send(SIGTERM)
        #expect(try other.message(with: "STOPPING=1").count == 2)
        #expect(try silent.process.finish().code == 0)
    }

    /// Becomes the program with the passed sockets made known to it.
    private static func passing(_ count: Int, names: String = "") -> [String] {
        let variables = "LISTEN_PID=$$ LISTEN_FDS=\(count) LISTEN_FDNAMES=\(names)"
        return ["/bin/sh", "-c", "\(variables) exec \"$@\"", "sh"]
    }

    @Test("Passed sockets are served where no option says where to listen, and after a reload too")
    func passed() throws {
        let folder = try TestFolder(["policy.conf": "deny to host:a\ndefault allow\n"])
        let sockets = [try LoopbackListener(), try LoopbackListener()]
        let program = try RunningProgram(
            in: folder, flags: [], under: Self.passing(2), passed: sockets.map(\.descriptor))
        #expect(program.port == sockets[0].port)
        #expect(try program.process.nextComplaint() == "sallyport: listening on 127.0.0.1:\(sockets[1].port)")
        program.process.send(SIGHUP)
        #expect(try program.process.nextComplaint() == "sallyport: the policy has not changed")
        for socket in sockets {
            let client = try Client(port: socket.port)
            try client.send("GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try client.receiveToEnd().hasPrefix("HTTP/1.1 403 "))
        }
        try program.stop()
    }

    @Test("Where options say where to listen, the socket of that address is taken and another is not")
    func matched() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let sockets = [try LoopbackListener(), try LoopbackListener()]
        let process = try ChildProcess(
            ["--listen", "127.0.0.1:\(sockets[1].port)", "--policy", folder["policy.conf"], "--log", "off"],
            under: Self.passing(2), passed: sockets.map(\.descriptor))
        let port = sockets[0].port
        #expect(
            try process.nextComplaint()
                == "sallyport: warning: the passed socket of 127.0.0.1:\(port) is not served: no listen option names it"
        )
        #expect(try process.nextComplaint() == "sallyport: listening on 127.0.0.1:\(sockets[1].port)")
        process.send(SIGTERM)
        #expect(try process.finish().code == 0)
    }

    @Test("A passed descriptor that is no listening socket is told in one line: 1")
    func wrongDescriptor() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let file = open(folder["policy.conf"], O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        let result = try ChildProcess(
            ["--policy", folder["policy.conf"], "--log", "off"], under: Self.passing(1, names: "web"), passed: [file]
        ).finish()
        #expect(result.code == 1)
        #expect(
            result.complaints == [
                "sallyport: the passed descriptor 3 (web) is no TCP socket that listens;"
                    + " a socket unit with ListenStream=ADDRESS:PORT and Accept=no is needed"
            ])
    }

    @Test("Sockets that were passed to another process are not ours")
    func otherProcess() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let program = try RunningProgram(
            in: folder, flags: ["--listen", "127.0.0.1:0"], surroundings: ["LISTEN_PID=1", "LISTEN_FDS=many"])
        try program.stop()
    }

    @Test("No client is refused while a process with passed sockets is replaced")
    func restart() throws {
        let folder = try TestFolder(["policy.conf": "deny to host:a\ndefault allow\n"])
        let socket = try LoopbackListener()
        let load = SteadyLoad(port: socket.port)
        for _ in 0..<3 {
            let program = try RunningProgram(
                in: folder, flags: ["--grace", "5s"], under: Self.passing(1), passed: [socket.descriptor])
            let before = load.answered
            try program.wait("clients to be served") { load.answered > before + 20 }
            try program.stop()
        }
        let last = try RunningProgram(in: folder, flags: [], under: Self.passing(1), passed: [socket.descriptor])
        #expect(try load.end() == [])
        try last.stop()
        let requests = try last.wholeLog().requests
        #expect(requests.count == load.answered)
    }

    private static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
