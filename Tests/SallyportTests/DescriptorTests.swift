import Glibc
import Testing

/// Descriptors are counted in a process of its own: this one has those of all other tests.
@Suite("Descriptors")
struct DescriptorTests {
    @Test("Whatever becomes of connections, none leaves a descriptor behind")
    func noneLeft() throws {
        let program = try RunningProgram(policy: "deny to host:blocked.example\ndefault allow\n")
        let listener = try LoopbackListener()
        let refusing = try LoopbackListener().port
        _ = try program.tunnel(to: listener)
        try program.wait("the first tunnel's end") { program.records.count == 1 }
        let before = program.process.descriptorCount

        let requests = [
            "", "C", "\u{5}", "\u{5}\u{1}\u{0}", "\u{4}\u{1}", "\u{16}\u{3}\u{1}", "GET / HTTP/1.1\r\n\r\n",
            "CONNECT blocked.example:443 HTTP/1.1\r\nHost: blocked.example\r\n\r\n",
            "CONNECT 127.0.0.1:\(refusing) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "CONNECT \r\n\r\n",
        ]
        for request in requests {
            for resets in [false, true] {
                for _ in 0..<3 {
                    let client = try program.connect()
                    try client.send(request)
                    if resets { client.resetAtEnd() }
                }
            }
        }
        for resets in [0, 1, 2] {
            for _ in 0..<10 {
                let (client, origin) = try program.tunnel(to: listener)
                try client.send("ping")
                #expect(try origin.receive(4) == "ping")
                if resets == 1 { client.resetAtEnd() }
                if resets == 2 { origin.resetAtEnd() }
            }
        }
        let count = 1 + requests.count * 6 + 30
        try program.wait("every record") { program.records.count == count }
        try program.wait("the descriptors") { program.process.descriptorCount == before }
        try program.stop()
        #expect(program.records.count == count)
    }

    @Test("Five hundred aborted connections leave no descriptor behind, and each its record")
    func aborted() throws {
        let program = try RunningProgram()
        let listener = try LoopbackListener()
        _ = try program.tunnel(to: listener)
        try program.wait("the first tunnel's end") { program.records.count == 1 }
        let before = program.process.descriptorCount
        let request = "CONNECT 127.0.0.1:\(listener.port) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        for number in 0..<500 {
            let client = try program.connect()
            try client.send(String(request.prefix(number % (request.count + 1))))
            client.resetAtEnd()
            // Those that had asked for all: their tunnels would fill the listener's queue.
            if number % (request.count + 1) == request.count { _ = try? listener.accept() }
        }
        try program.wait("every record") { program.records.count == 501 }
        try program.wait("the descriptors") { program.process.descriptorCount == before }
        try program.stop()
    }

    @Test("When descriptors run out clients are refused with a record, and served again when some come free")
    func exhaustion() throws {
        let program = try RunningProgram(descriptors: 64)
        let listener = try LoopbackListener()
        var tunnels: [(Client, Client)] = []
        var refused = 0
        var waiting: [Client] = []
        // Each tunnel takes two of what the program has left.
        while refused == 0, tunnels.count + waiting.count < 40 {
            let client = try program.connect()
            try client.send("CONNECT 127.0.0.1:\(listener.port) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            let start = try client.receive(12)
            if start == "HTTP/1.1 200" {
                tunnels.append((client, try listener.accept()))
            } else {
                #expect(start == "HTTP/1.1 503")
                refused += 1
                waiting.append(client)
            }
        }
        #expect(tunnels.count >= 5)
        #expect(refused == 1)
        try program.wait("the refusal's record") {
            program.records.contains { $0.contains("\"outcome\":\"connection_limit_reached\"") }
        }
        let held = tunnels.count
        tunnels = []
        waiting = []
        try program.wait("the tunnels' records") { program.records.count == held + 1 }
        _ = try program.tunnel(to: listener)
        try program.stop()
        #expect(program.records.count == held + 2)
    }

    @Test("Idle connections to origins give way to clients when descriptors run out")
    func idleOrigins() throws {
        let program = try RunningProgram(descriptors: 64)
        let listener = try LoopbackListener()
        let client = try program.connect()
        var idle: [Client] = []
        for _ in 0..<16 {
            let listener = try LoopbackListener()
            try client.send("GET http://127.0.0.1:\(listener.port)/ HTTP/1.1\r\nHost: x\r\n\r\n")
            let origin = try listener.accept()
            let answer = "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n\r\n"
            try origin.send(answer)
            #expect(try client.receive(answer.utf8.count) == answer)
            idle.append(origin)
        }
        // Tunnels take what there is, one descriptor by accepting and one by dialling.
        var tunnels: [(Client, Client)] = []
        while tunnels.count < 40 {
            let client = try program.connect()
            try client.send("CONNECT 127.0.0.1:\(listener.port) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            guard try client.receive(12) == "HTTP/1.1 200" else { break }
            tunnels.append((client, try listener.accept()))
        }
        #expect(tunnels.count < 40)
        // Before anybody was refused.
        for origin in idle { #expect(try origin.receiveToEnd().hasPrefix("GET / ")) }
        program.process.send(SIGKILL)
    }
}
