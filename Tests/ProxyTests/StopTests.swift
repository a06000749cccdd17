import Addressing
import Dispatch
import Testing

@testable import Proxy

@Suite("Stopping")
struct StopTests {
    @Test("A server without connections stops at once, however long the grace")
    func idle() throws {
        let proxy = try RunningProxy()
        try proxy.stop(grace: .seconds(3600))
        #expect(proxy.server.counts == (0, 0))
        #expect(throws: (any Error).self) { _ = try proxy.connect() }
    }

    @Test("Tunnels may finish within the grace, and nobody new is let in", arguments: Way.allCases)
    func grace(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        let stopped = DispatchSemaphore(value: 0)
        proxy.server.stop(grace: .seconds(3600)) { stopped.signal() }
        // Mailbox and tunnel are left: whoever connects from now on is not accepted any more, and soon refused.
        try proxy.wait("the listener to go") { try proxy.server.registrations() == 3 }
        try proxy.wait("the port to close") { (try? proxy.connect()) == nil }
        try client.send("still")
        #expect(try origin.receive(5) == Array("still".utf8))
        client.close()
        #expect(try origin.end() == .fin)
        origin.close()
        #expect(stopped.wait(timeout: .now() + 10) == .success)
        let records = try proxy.recordsAfterStop()
        #expect(records.map(\.ending) == ["ok client relay"])
    }

    @Test("What is left after the grace is ended, each with its record")
    func afterGrace() throws {
        let proxy = try RunningProxy()
        let silent = try SilentPort()
        let (client, origin) = try proxy.tunnel(.connect, to: try Origin())
        let negotiating = try proxy.connect()
        try negotiating.send("CONNECT ")
        let greeting = try proxy.connect()
        try greeting.send([5])
        let resolving = try proxy.connect()
        try resolving.send(Way.socks5.request("slow.example", Port(80)))
        _ = try proxy.resolver.nextWaiting()
        let dialling = try proxy.connect()
        try dialling.send(Way.connect.request("127.0.0.1", silent.port))
        let saysNothing = try proxy.connect()
        try proxy.wait("all to be under way") { try proxy.server.registrations() == 2 + 2 + 4 + 1 + 1 }

        try proxy.stop(grace: .milliseconds(20))
        #expect(try negotiating.readAnswer(.connect).code == 503)
        #expect(try greeting.receiveToEnd().bytes == [5, 255])
        #expect(try resolving.readAnswer(.socks5).code == 1)
        #expect(try dialling.readAnswer(.connect).code == 503)
        #expect(try saysNothing.receiveToEnd().bytes == [])
        _ = try client.end()
        _ = try origin.end()
        let records = try proxy.recordsAfterStop()
        #expect(records.allSatisfy { $0.outcome == "connection_terminated" && $0.endedBy == "operator" })
        #expect(records.map(\.stage).sorted() == ["dial", "negotiate", "negotiate", "relay", "resolve", "sniff"])
    }

    @Test("A second stop ends at once what the first had left its grace", arguments: Way.allCases)
    func secondSignal(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        let stopped = DispatchSemaphore(value: 0)
        proxy.server.stop(grace: .seconds(3600)) { stopped.signal() }
        proxy.server.endAll()
        #expect(stopped.wait(timeout: .now() + 10) == .success)
        _ = try client.end()
        _ = try origin.end()
        #expect(try proxy.recordsAfterStop().map(\.ending) == ["connection_terminated operator relay"])
    }

    @Test("Who has connected before the stop and was not accepted yet is served within the grace")
    func inTheQueue() throws {
        let proxy = try RunningProxy()
        let listening = try Origin()
        var client: Connection?
        let stopped = DispatchSemaphore(value: 0)
        try proxy.server.workers[0].mailbox.whileWaiting {
            client = try proxy.connect()
            try client?.send(Way.connect.request("127.0.0.1", listening.port))
            proxy.server.stop(grace: .seconds(3600)) { stopped.signal() }
        }
        #expect(try client?.readAnswer(.connect).code == 200)
        try listening.accept().close()
        client?.close()
        #expect(stopped.wait(timeout: .now() + 10) == .success)
        #expect(try proxy.recordsAfterStop().count == 1)
    }

    @Test("A refused client that has not closed doesn't hold up the stop")
    func lingering() throws {
        let proxy = try RunningProxy(policy: "default deny\n")
        let client = try proxy.connect()
        #expect(try client.ask(.socks5, for: "a.example", Port(1)) == 2)
        try proxy.stop(grace: .seconds(3600))
        #expect(try proxy.recordsAfterStop().count == 1)
        client.close()
    }

    @Test("Several workers stop together, each with what it has")
    func workers() throws {
        let proxy = try RunningProxy { $0.workers = 3 }
        let listening = try Origin()
        var tunnels: [(Connection, Connection)] = []
        for _ in 0..<9 {
            let (client, origin) = try proxy.tunnel(.socks5, to: listening)
            tunnels.append((client, origin))
        }
        try proxy.stop(grace: .zero)
        for (client, origin) in tunnels {
            _ = try client.end()
            _ = try origin.end()
        }
        let records = try proxy.recordsAfterStop()
        #expect(records.count == 9)
        #expect(records.allSatisfy { $0.ending == "connection_terminated operator relay" })
    }
}
