import AccessLog
import Addressing
import Dispatch
import Testing

@testable import Proxy

/// What the log is for: nothing that came is missing from it, and nothing stands there twice.
@Suite("Accounting")
struct AccountingTests {
    @Test("After any mix of traffic there is one final record for each request and each connection without one")
    func mix() throws {
        let proxy = try RunningProxy(policy: Visit.Scene.policy, names: Visit.Scene.names) { $0.workers = 2 }
        let scene = Visit.Scene(proxy: proxy)
        var expected = try asItOpens(scene)
        // Several clients at a time, each beginning elsewhere in the same round.
        let clients = (0..<3).map { number in
            Background {
                let start = number * Visit.all.count / 3
                for visit in Visit.all[start...] + Visit.all[..<start] { try visit.act(scene) }
            }
        }
        for client in clients { try client.wait() }
        for visit in Visit.all { for _ in clients { expected += visit.endings } }
        try proxy.wait("what is over to be on record") { proxy.server.counts.recorded == expected.count }

        let left = try leaveOpen(scene)
        // Of the connection that rests between two requests.
        expected.append("proxy_internal_response proxy reply")
        try proxy.stop(grace: .zero)
        for connection in left.connections { _ = try connection.end() }
        let records = try proxy.recordsAfterStop()
        let stopped = records.filter { $0.endedBy == "operator" }
        #expect(stopped.count == left.requests)
        #expect(stopped.allSatisfy { $0.outcome == "connection_terminated" })
        let endings = Self.counts(records.filter { $0.endedBy != "operator" }.map(\.ending))
        for (ending, count) in Self.counts(expected) { #expect(endings[ending] == count, "\(ending)") }
        #expect(records.count == expected.count + left.requests)
        // Credentials are in another test; a limit of the system needs a process of its own.
        #expect(
            Set(records.map(\.stage)) == ["sniff", "negotiate", "decide", "resolve", "dial", "reply", "relay"])
        #expect(try LogVerifier.verify([proxy.folder["access.log"]]).isIntact)
    }

    @Test("Whoever is not let in by name and password has a record for each request, and one only")
    func logins() throws {
        let proxy = try LoginTests.proxy(mostFailures: 1000)
        let scene = Visit.Scene(proxy: proxy)
        let request = "HTTP/1.1\r\nHost: a.example\r\nProxy-Authorization: Basic"
        let denied = [
            "GET http://a.example/ HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT a.example:80 HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET http://a.example/ \(request) \(LoginTests.wrong)\r\n\r\n",
            "CONNECT a.example:80 \(request) \(LoginTests.wrong)\r\n\r\n", "GET http://a.example/ \(request) !\r\n\r\n",
        ]
        for said in denied.map({ Array($0.utf8) }) + [
            [5, 1, 2, 1, 3] + Array("ann".utf8) + [5] + Array("guess".utf8), [5, 1, 0],
            [4, 1, 0, 80, 127, 0, 0, 1] + Array("ann\0".utf8),
        ] {
            try scene.sayAndLeave(said)
        }
        // In the middle of the password.
        try scene.sayAndLeave([5, 1, 2, 1, 3] + Array("ann".utf8) + [6, 0x73])
        let records = try proxy.finish()
        #expect(records.count == denied.count + 4)
        #expect(records.filter { $0.ending == "http_request_denied proxy authenticate" }.count == denied.count + 3)
        #expect(try LogVerifier.verify([proxy.folder["access.log"]]).isIntact)
    }

    @Test("Whatever takes too long has its record, and one only")
    func deadlines() throws {
        let proxy = try RunningProxy {
            $0.workers = 2
            $0.handshakeTimeout = .milliseconds(60)
            $0.connectTimeout = .milliseconds(60)
            $0.idleTimeout = .milliseconds(60)
            $0.keepAliveTimeout = .milliseconds(60)
        }
        let silent = try SilentPort()
        let listening = try Origin()
        var clients: [Connection] = []
        for said in [
            [], [5], [5, 1, 0], [4, 1], Array("CONNECT a".utf8), Array("GET http://a".utf8),
            Way.connect.request("127.0.0.1", silent.port), Way.socks5.request("127.0.0.1", silent.port),
            Way.connect.request("never.example", Port(80)), Way.socks5.request("never.example", Port(80)),
            Way.connect.request("127.0.0.1", listening.port), Way.socks5.request("127.0.0.1", listening.port),
            Array(Visit.get(listening).utf8),
        ] as [[UInt8]] {
            let client = try proxy.connect()
            try client.send(said)
            clients.append(client)
        }
        for client in clients {
            _ = try client.end()
            client.close()
        }
        let records = try proxy.finish()
        #expect(records.count == clients.count)
        #expect(
            Set(records.map(\.outcome)).isSubset(of: [
                "http_request_error", "dns_timeout", "connection_timeout", "connection_read_timeout",
                "http_response_timeout",
            ]))
    }

    // MARK: - Private

    private static func counts(_ endings: [String]) -> [String: Int] {
        Dictionary(endings.map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// A client that resets in the moment in which its tunnel opens.
    ///
    /// - Returns: its record's ending.
    private func asItOpens(_ scene: Visit.Scene) throws -> [String] {
        let silent = try SilentPort()
        let idle = try scene.proxy.server.registrations()
        let client = try scene.connect()
        try client.send(Way.connect.request("127.0.0.1", silent.port))
        try scene.proxy.wait("the dial") { try scene.proxy.server.registrations() == idle + 2 }
        let workers = scene.proxy.server.workers
        try workers[0].mailbox.whileWaiting {
            try workers[1].mailbox.whileWaiting {
                // The origin's event comes first in the batch, the client's after it.
                try silent.speak().close()
                client.reset()
            }
        }
        return ["connection_terminated client reply ECONNRESET"]
    }

    /// Brings clients into every stage and leaves them there.
    ///
    /// - Returns: all ends, and how many requests are under way with them.
    private func leaveOpen(_ scene: Visit.Scene) throws -> (connections: [Connection], requests: Int) {
        let silent = try SilentPort()
        var connections: [Connection] = []
        for said in [
            [], [5], [5, 1, 0], [4, 1], Array("CONNECT a".utf8), Array("GET http://a".utf8),
            Way.socks5.request("never.example", Port(80)), Way.connect.request("127.0.0.1", silent.port),
        ] as [[UInt8]] {
            let client = try scene.connect()
            try client.send(said)
            connections.append(client)
        }
        for way in Way.allCases {
            let (client, origin) = try scene.proxy.tunnel(way, to: try Origin())
            if way == .socks5 {
                client.halfClose()
                _ = try origin.end()
            }
            connections += [client, origin]
        }
        let (client, origin, _) = try scene.beginGet()
        connections += [client, origin]
        let requests = connections.count - 3
        try scene.proxy.wait("all to be accepted") {
            let now = scene.proxy.server.counts
            return now.accepted - now.recorded == requests
        }
        try scene.waitForLookUp(of: "never.example")
        let resting = try scene.connect()
        try resting.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        _ = try resting.receiveMessage()
        return (connections + [resting], requests)
    }
}
