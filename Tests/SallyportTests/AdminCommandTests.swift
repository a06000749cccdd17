import Foundation
import Testing

@testable import sallyport

@Suite("Operators' commands")
struct AdminCommandTests {
    private static func start(_ options: [String] = []) throws -> (program: RunningProgram, place: String) {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let place = "unix:\(folder["admin.sock"])"
        let program = try RunningProgram(in: folder, ["--admin", place] + options)
        #expect(try program.process.nextComplaint() == "sallyport: answering operators at \(place)")
        return (program, place)
    }

    private static func run(_ arguments: String...) throws -> ChildProcess.Result {
        try ChildProcess(arguments).finish()
    }

    @Test("status shows the numbers, for people and as JSON")
    func status() throws {
        let (program, place) = try Self.start()
        try program.ask("127.0.0.1:1")
        try program.wait("the record") { program.records.count == 1 }
        let text = try Self.run("status", "--admin", place)
        #expect(text.code == 0)
        let lines = text.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("info ") == true)
        #expect(lines.contains { $0.hasPrefix("outcomes_total ") && $0.hasSuffix(" connection_refused 1") })
        let json = try Self.run("status", "--json", "--admin", place)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(object["version"] as? String == Sallyport.version)
        #expect((object["outcomes_total"] as? [String: Int])?["connection_refused"] == 1)
        try program.stop()
    }

    @Test("top lists tunnels with what has passed, and kill ends them with their records")
    func killing() throws {
        let (program, place) = try Self.start()
        let origin = try LoopbackListener()
        let (client, accepted) = try program.tunnel(to: origin)
        try client.send("hello")
        #expect(try accepted.receive(5) == "hello")
        let top = try Self.run("top", "--once", "--interval", "20ms", "--sort", "age", "--admin", place)
        #expect(top.code == 0)
        let lines = top.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.count == 3 && lines[0].starts(with: ["1", "under", "way,"]))
        #expect(lines[1] == ["ID", "CLIENT", "USER", "HOST", "RULE", "STAGE", "BYTES", "RATE", "AGE"])
        #expect(lines[2][1...3] == ["127.0.0.1", "-", "127.0.0.1:\(origin.port)"])
        #expect(lines[2][5...7] == ["relay", "5B", "0B/s"])
        let killed = try Self.run("kill", lines[2][0], "--admin", place)
        #expect(killed.code == 0 && killed.output == "1 ended\n")
        try program.wait("the record") { program.records.count == 1 }
        #expect(program.records[0].contains("\"ended_by\":\"operator\"") && program.records[0].contains(lines[2][0]))
        #expect(try client.receiveToEnd().isEmpty)
        let none = try Self.run("kill", "--host", "127.0.0.1", "--admin", place)
        #expect(none.code == 2 && none.output == "0 ended\n")
        try program.stop()
        #expect(access(program.folder["admin.sock"], F_OK) != 0, "the socket is left behind")
    }

    @Test("A file of options says where the proxy answers; where nothing does, that is said")
    func places() throws {
        let (program, place) = try Self.start()
        let folder = program.folder
        try folder.write(Array("admin \(place)\n".utf8), to: "with.conf")
        try folder.write(Array("workers 1\n".utf8), to: "without.conf")
        #expect(try Self.run("status", "--config", folder["with.conf"]).code == 0)
        let without = try Self.run("status", "--config", folder["without.conf"])
        #expect(without.code == 64 && without.complaints.first?.contains("has no line admin") == true)
        try program.stop()
        for command in ["status", "top", "kill"] {
            let operands = command == "kill" ? ["--user", "ann"] : []
            let silent = try ChildProcess([command, "--admin", place] + operands).finish()
            #expect(silent.code == 1, "\(command)")
            #expect(
                silent.complaints.first?.hasPrefix("sallyport: nothing answers at \(place): ") == true, "\(command)")
        }
        #expect(try Self.run("kill").code == 64)
        #expect(try Self.run("kill", "1-1-1", "--user", "ann").code == 64)
        #expect(try Self.run("top", "--sort", "size").code == 64)
    }

    @Test("Without a token the proxy answers nobody from elsewhere: it does not start")
    func exposed() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n", "token": "0123456789abcdef\n", "short": "1\n"])
        let base = [
            "--policy", folder["policy.conf"], "--log", "off", "--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0",
        ]
        let refused = try ChildProcess(base).finish()
        #expect(refused.code == 1)
        #expect(refused.complaints.first?.contains("--admin-token FILE is needed") == true)
        let short = try ChildProcess(base + ["--admin-token", folder["short"]]).finish()
        #expect(short.code == 64 && short.complaints.first?.contains("16 to 4096") == true)
        let started = try RunningProgram(
            in: folder, ["--admin", "0.0.0.0:0", "--admin-token", folder["token"]], log: "off")
        #expect(try started.process.nextComplaint().hasPrefix("sallyport: answering operators at 0.0.0.0:"))
        try started.stop()
    }

    @Test("Sizes of memory are read with their units, and nonsense is refused")
    func memory() throws {
        let sizes: [(String, Int)] = [
            ("1048576", 1 << 20), ("1024K", 1 << 20), ("500M", 500 << 20), ("2G", 2 << 30), ("2GB", 2_000_000_000),
        ]
        for (text, bytes) in sizes { #expect(try OptionValue.memory(text) == bytes) }
        for text in ["", "M", "-1M", "1T", "1 G", "0", "1K", "99999999999999999999G", "9999999999999G"] {
            #expect(throws: OptionError.self, "\(text)") { try OptionValue.memory(text) }
        }
    }

    @Test("A name that would steer the terminal is shown without its controls")
    func printable() {
        #expect(Printable.text("a\u{1b}[2Jb\u{202e}c\u{9b}d") == "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d")
        #expect(TopTable.size(999) == "999B" && TopTable.size(1500) == "1.5KB" && TopTable.size(999_999) == "1.0MB")
        #expect(TopTable.time(59.9) == "59s" && TopTable.time(3725) == "1h02m" && TopTable.time(90_061) == "1d01h")
    }
}
