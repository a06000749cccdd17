import Glibc
import Testing

@Suite("Reading the configuration again")
struct ReloadTests {
    /// A running program that goes by the file `conf`, and has told where it listens.
    private struct Reloading {
        let program: RunningProgram
        var folder: TestFolder { program.folder }

        init(_ conf: String, _ options: [String] = []) throws {
            let folder = try TestFolder(["policy.conf": "default allow\n", "conf": "listen 127.0.0.1:0\n" + conf])
            program = try RunningProgram(in: folder, flags: ["--config", folder["conf"]] + options)
        }

        /// The lines up to the one that the policy is read with, which is the last.
        func reload(_ conf: String) throws -> [String] {
            try folder.write(Array(conf.utf8), to: "conf")
            program.process.send(SIGHUP)
            var lines: [String] = []
            while lines.last != "the policy has not changed" {
                lines.append(String(try program.process.nextComplaint().dropFirst("sallyport: ".count)))
            }
            return lines.dropLast()
        }
    }

    @Test("A listener is added and one removed; who stays keeps its tunnels, and so does who went")
    func listeners() throws {
        let running = try Reloading("")
        let origin = try LoopbackListener()
        let before = try running.program.tunnel(to: origin)
        let added = try running.reload("listen 127.0.0.1:0\nlisten [::1]:0\n")
        #expect(added.count == 2)
        #expect(added.first?.hasPrefix("listening on [::1]:") == true, "\(added)")
        #expect(added.last == "in force from now on: listen")
        let during = try running.program.tunnel(to: origin)
        let removed = try running.reload("listen [::1]:0\n")
        #expect(removed.first == "no longer listening on 127.0.0.1:\(running.program.port)")
        try running.program.wait("the port to close") { (try? running.program.connect()) == nil }
        for tunnel in [before, during] {
            try tunnel.client.send("still")
            #expect(try tunnel.origin.receive(5) == "still")
        }
    }

    @Test("A connection that waits unaccepted at a listener that stays is served")
    func backlog() throws {
        let running = try Reloading("")
        let waiting = try running.program.connect()
        _ = try running.reload("listen 127.0.0.1:0\nidle-timeout 1m\n")
        try waiting.send("GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n")
        #expect(try waiting.receiveToEnd().hasPrefix("HTTP/1.1 502 "))
    }

    @Test("A limit that comes, rises and goes holds at once, and counts the connections that were there before")
    func limits() throws {
        let running = try Reloading("")
        let origin = try LoopbackListener()
        let open = try running.program.tunnel(to: origin)
        let request = "CONNECT 127.0.0.1:\(origin.port) HTTP/1.1\r\nHost: x\r\n\r\n"
        func answer() throws -> String {
            let client = try running.program.connect()
            try client.send(request)
            return try client.receive(12)
        }
        #expect(
            try running.reload("listen 127.0.0.1:0\nmax-connections 1\n")
                == ["in force from now on: max-connections"])
        #expect(try answer() == "HTTP/1.1 503")
        _ = try running.reload("listen 127.0.0.1:0\nmax-connections 3\n")
        #expect(try answer() == "HTTP/1.1 200")
        _ = try running.reload("listen 127.0.0.1:0\nmax-per-client 1\n")
        #expect(try answer() == "HTTP/1.1 503")
        _ = try running.reload("listen 127.0.0.1:0\n")
        #expect(try answer() == "HTTP/1.1 200")
        try open.client.send("still")
        #expect(try open.origin.receive(5) == "still")
    }

    @Test("A shorter idle time ends a tunnel that was opened under a longer one, once something has moved in it")
    func idle() throws {
        let running = try Reloading("idle-timeout 1h\n")
        let tunnel = try running.program.tunnel(to: try LoopbackListener())
        _ = try running.reload("listen 127.0.0.1:0\nidle-timeout 50ms\n")
        // The first may still be within the slack of the wait before.
        for _ in 0..<3 {
            try tunnel.client.send("x")
            _ = try? tunnel.origin.receive(1)
            poll(nil, 0, 20)
        }
        #expect(try tunnel.origin.receiveToEnd() == "")
        try running.program.wait("its record") { !running.program.records.isEmpty }
    }

    @Test("What can't take effect says so each time; flags win over the file")
    func restart() throws {
        let running = try Reloading("", ["--grace", "1s"])
        for _ in 0..<2 {
            let lines = try running.reload("listen 127.0.0.1:0\nlog-full drop\ngrace 5s\n")
            #expect(lines == ["log-full changed and needs a restart"])
        }
        #expect(
            try running.reload("listen 127.0.0.1:0\n") == [
                "the configuration \(running.folder["conf"]) has not changed"
            ])
    }

    @Test("A faulty file leaves all as it was, says where, and leaves an event")
    func faulty() throws {
        let running = try Reloading("")
        let lines = try running.reload("listen [::1]:0\nmax-connections many\nidle-timout 5s\n")
        let conf = running.folder["conf"]
        #expect(lines.count == 3)
        #expect(lines.first == "the configuration is faulty, all stays as it was:")
        #expect(lines.dropFirst().first?.hasPrefix("error: \(conf):2:17: max-connections: ") == true, "\(lines)")
        #expect(lines.last?.hasPrefix("error: \(conf):3:1: unknown option \"idle-timout\"") == true, "\(lines)")
        _ = try running.program.tunnel(to: try LoopbackListener())
        try running.program.stop()
        let events = try running.program.wholeLog().events("configuration")
        #expect(events.map { $0["result"] ?? "" } == ["refused"])
        #expect(events.first?["errors"] == 2)
        #expect((events.first?["first_error"] as String?)?.hasPrefix("\(conf):2:17: ") == true)
    }

    @Test("A listener of any address takes the port of one of the loopback, and gives it back")
    func widened() throws {
        let running = try Reloading("")
        let port = running.program.port
        // Under its own number, so that it is the port's former owner that is in the way.
        _ = try running.reload("listen 127.0.0.1:0\nlisten [::1]:0\n")
        let lines = try running.reload("listen 0.0.0.0:\(port)\n")
        #expect(lines.contains("listening on 0.0.0.0:\(port)"), "\(lines)")
        _ = try running.program.tunnel(to: try LoopbackListener())
        let other = try LoopbackListener()
        let refused = try running.reload("listen 127.0.0.1:\(port)\nlisten 127.0.0.1:\(other.port)\n")
        #expect(refused.last == "error: can't listen on 127.0.0.1:\(other.port): Address already in use")
        _ = try running.program.tunnel(to: try LoopbackListener())
        #expect(try running.reload("listen 127.0.0.1:\(port)\n").first == "no longer listening on 0.0.0.0:\(port)")
        _ = try running.program.tunnel(to: try LoopbackListener())
    }

    @Test("An address that is taken leaves all as it was")
    func taken() throws {
        let running = try Reloading("")
        let other = try LoopbackListener()
        let lines = try running.reload("listen 127.0.0.1:\(other.port)\nmax-connections 1\n")
        #expect(lines.last == "error: can't listen on 127.0.0.1:\(other.port): Address already in use")
        _ = try running.program.tunnel(to: try LoopbackListener())
    }

    @Test("A policy that the file names, and a flag too, is the flag's")
    func policy() throws {
        let running = try Reloading("")
        try running.folder.write(Array("deny to host:127.0.0.1\ndefault allow\n".utf8), to: "other.conf")
        try running.folder.write(
            Array("listen 127.0.0.1:0\npolicy \(running.folder["other.conf"])\n".utf8), to: "conf")
        // The flag that names the policy wins, as at the start.
        running.program.process.send(SIGHUP)
        let line = try running.program.process.nextComplaint()
        #expect(line == "sallyport: the configuration \(running.folder["conf"]) has not changed")
    }

    @Test("SIGUSR2 tells the state")
    func summary() throws {
        let running = try Reloading("")
        _ = try running.program.tunnel(to: try LoopbackListener())
        running.program.process.send(SIGUSR2)
        let lines = try (0..<6).map { _ in try running.program.process.nextComplaint() }
        let beginnings = [
            "sallyport 0.1.0, process \(running.program.process.id), up ", "requests and connections: ",
            "listening on 127.0.0.1:",
            "policy ", "log: ", "descriptors: ",
        ]
        for (line, beginning) in zip(lines, beginnings) {
            #expect(line.hasPrefix("sallyport: \(beginning)"), "\(line)")
        }
    }

    @Test("Checking before a reload finds what the reload would", arguments: [true, false])
    func check(isGood: Bool) throws {
        let folder = try TestFolder([
            "policy.conf": "default allow\n", "users": isGood ? "" : "ann\n",
        ])
        try folder.write(
            Array("policy \(folder["policy.conf"])\nusers \(folder["users"])\nworkers \(isGood ? 2 : 0)\n".utf8),
            to: "conf")
        let result = try ChildProcess(["check", "--config", folder["conf"]]).finish()
        #expect(result.code == (isGood ? 0 : 1))
        if isGood {
            #expect(result.output.contains("configuration \(folder["conf"]): 3 options\nusers \(folder["users"]): 0\n"))
        } else {
            #expect(result.output.hasPrefix("error: \(folder["conf"]):3:9: workers: "), "\(result.output)")
        }
        let users = try ChildProcess([
            "check", "--policy", folder["policy.conf"], "--users", folder["users"],
        ]).finish()
        #expect(users.code == (isGood ? 0 : 1), "\(users.output)")
    }
}
