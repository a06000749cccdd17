import Glibc
import Testing

@Suite("Signals")
struct SignalTests {
    @Test("The first ends an idle program with 0", arguments: [SIGTERM, SIGINT])
    func idle(signal: CInt) throws {
        let program = try RunningProgram()
        program.process.send(signal)
        #expect(try program.process.finish().code == 0)
    }

    @Test("A tunnel may finish within the grace, and has its record", arguments: [SIGTERM, SIGINT])
    func grace(signal: CInt) throws {
        let program = try RunningProgram(["--grace", "1h"])
        let listener = try LoopbackListener()
        var tunnel: (client: Client, origin: Client)? = try program.tunnel(to: listener)
        program.process.send(signal)
        try program.wait("the port to close") { (try? program.connect()) == nil }
        try tunnel?.client.send("still")
        #expect(try tunnel?.origin.receive(5) == "still")
        tunnel = nil
        #expect(try program.process.finish().code == 0)
        let records = program.records.filter { $0.contains("\"up\":5") }
        #expect(records.count == 1)
        #expect(records.first?.contains("\"outcome\":\"ok\"") == true)
    }

    @Test("A tunnel that is left after the grace is ended, and has its record")
    func afterGrace() throws {
        let program = try RunningProgram(["--grace", "0s"])
        let (client, origin) = try program.tunnel(to: try LoopbackListener())
        program.process.send(SIGTERM)
        #expect(try program.process.finish().code == 0)
        #expect(try client.receiveToEnd() == "")
        #expect(try origin.receiveToEnd() == "")
        #expect(program.records.count == 1)
        #expect(program.records.first?.contains("\"ended_by\":\"operator\"") == true)
    }

    @Test("A second ends at once what the first had left its grace, with every record")
    func twice() throws {
        let program = try RunningProgram(["--grace", "1h"])
        let listener = try LoopbackListener()
        let tunnels = try (0..<3).map { _ in try program.tunnel(to: listener) }
        program.process.send(SIGINT)
        // Only once the first has been heeded: signals of one kind that come together are one.
        try program.wait("the port to close") { (try? program.connect()) == nil }
        program.process.send(SIGINT)
        #expect(try program.process.finish().code == 0)
        // Those who only tried the port may still have been there; they have reached nobody.
        let operators = program.records.filter {
            $0.contains("\"ended_by\":\"operator\"") && $0.contains("\"dialled\"")
        }
        #expect(operators.count == tunnels.count)
    }

    @Test("The log on standard output is one JSON object a line, and nothing else is there")
    func standardOutput() throws {
        let program = try RunningProgram(policy: "default deny\n", log: "-")
        let client = try program.connect()
        try client.send("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n")
        #expect(try client.receiveToEnd().hasPrefix("HTTP/1.1 403 "))
        program.process.send(SIGTERM)
        let result = try program.process.finish()
        #expect(result.code == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("{\"v\":1,\"type\":\"") && $0.hasSuffix("}") })
        #expect(lines.count { $0.contains("\"outcome\":\"http_request_denied\"") } == 1)
    }
}
