import Dispatch
import Glibc
import Testing

/// The log over the life of the built program: all that comes, a start after a stop, a start after a crash.
@Suite("The log of the running program")
struct LogLifeTests {
    private static let policy = "deny to host:blocked.example\ndefault allow\n"

    @Test(
        "A limit that is reached, and a stop among open tunnels: one final record each, and the last line counts them")
    func accounting() throws {
        let program = try RunningProgram(policy: Self.policy, ["--grace", "0s"], descriptors: 64)
        let listener = try LoopbackListener()
        let words = ["", "\u{16}\u{3}\u{1}", "\u{5}\u{2}\u{1}\u{2}", "\u{4}\u{1}", "CONNECT", "GET / HTTP/1.1\n"]
        for said in words {
            let client = try program.connect()
            try client.send(said)
            client.halfClose()
            _ = try client.receiveToEnd()
        }
        let tunnels = try (0..<5).map { _ in try program.tunnel(to: listener) }
        // Who connects and says nothing takes a descriptor, until there are none left for who asks.
        var silent: [Client] = []
        var asked = 1
        while try program.ask("blocked.example").hasPrefix("HTTP/1.1 403 ") {
            try #require(silent.count < 64)
            silent.append(try program.connect())
            asked += 1
        }
        try program.stop()
        let lines = try program.wholeLog()
        #expect(lines.requests.count == words.count + tunnels.count + silent.count + asked)
        #expect(lines.requests.filter { $0["stage"] == "accept" }.count == 1)
        #expect(lines.requests.filter { $0["ended_by"] == "operator" }.count == tunnels.count + silent.count)
        let stop = try #require(lines.last { $0.type != "seal" })
        #expect(stop["event"] == "stop")
        #expect(stop["records"] == lines.requests.count)
    }

    @Test("After a stop the next start goes on, and speaks of no crash")
    func stopped() throws {
        let folder = try TestFolder(["policy.conf": Self.policy])
        var last: RunningProgram?
        for _ in 0..<2 {
            let program = try RunningProgram(in: folder)
            try program.ask("blocked.example")
            try program.stop()
            last = program
        }
        let lines = try #require(try last?.wholeLog())
        let starts = lines.events("start")
        #expect(starts.map { $0["chain"] ?? "" } == ["new", "continued"])
        #expect(starts.allSatisfy { ($0["crashed"] as Bool?) == nil })
        #expect(lines.events("recovery").isEmpty)
    }

    @Test(
        "Killed under load, its lines are whole or the last is torn; the next start closes that off, ends the tunnels that were open, and the chain holds",
        arguments: [false, true])
    func killed(isTorn: Bool) throws {
        let folder = try TestFolder(["policy.conf": Self.policy])
        let program = try RunningProgram(in: folder, ["--log-interval", "10ms"])
        let listener = try LoopbackListener()
        let tunnels = try (0..<3).map { _ in try program.tunnel(to: listener) }
        let load = DispatchGroup()
        for _ in 0..<2 {
            DispatchQueue(label: "sallyport.test.load").async(group: load) {
                // Until nobody answers any more.
                while (try? program.ask("blocked.example").isEmpty) == false {}
            }
        }
        try program.wait("tunnels and load to be in the log") {
            let lines = folder.lines(of: "access.log")
            return Set(lines.filter { $0.contains("\"type\":\"open\"") }.map { $0.prefix(80) }).count == tunnels.count
                && lines.count > 100
        }
        program.process.send(SIGKILL)
        #expect(try program.process.finish().code == 128 + SIGKILL)
        #expect(load.wait(timeout: .now() + 10) == .success)
        if isTorn { try folder.write(folder.bytes(of: "access.log").dropLast(12), to: "access.log") }
        let before = folder.bytes(of: "access.log")

        let next = try RunningProgram(in: folder)
        try next.wait("the tunnels' ends") { folder.lines(of: "access.log").contains { $0.contains("\"recovery\"") } }
        try next.stop()
        #expect(folder.bytes(of: "access.log").starts(with: before))
        let lines = try next.wholeLog()
        let opened = Set(lines.filter { $0.type == "open" }.map(\.id))
        let ended = lines.requests.filter { $0["crashed"] == true }
        #expect(opened.count == tunnels.count)
        #expect(Set(ended.map(\.id)) == opened)
        #expect(ended.count == tunnels.count)
        let start = try #require(lines.events("start").last)
        #expect(start["crashed"] == true)
        #expect((start["torn"] ?? false) == (before.last != UInt8(ascii: "\n")))
        #expect(lines.events("recovery").map { $0["tunnels"] ?? 0 } == [tunnels.count])
    }
}
