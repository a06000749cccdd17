import Addressing
import EventLoop
import Foundation
import Glibc
import Synchronization
import Testing
import Wire

@testable import Proxy

@Suite("The operators' interface")
struct AdminTests {
    private static func tunnel(_ proxy: RunningProxy, _ origin: Origin, _ fields: String = "") throws -> [Connection] {
        let client = try proxy.connect()
        try client.send("CONNECT \(origin.endpoint) HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\(fields)\r\n")
        guard try client.receiveHead().hasPrefix("HTTP/1.1 200") else {
            throw Connection.Failure(description: "no tunnel")
        }
        return [client, try origin.accept()]
    }

    @Test("/metrics is what a strict reader takes, /status has the same numbers, and every metric is in the article")
    func metrics() throws {
        let rig = try AdminRig(try RunningProxy { $0.version = "1.2.3" })
        let answer = try rig.ask("GET /metrics")
        #expect(answer.status == 200 && answer.head.contains("text/plain; version=0.0.4"))
        let exposition = try ExpositionParser(answer.text)
        let status = try #require(try rig.ask("GET /status").json() as? [String: Any])
        #expect(status["version"] as? String == "1.2.3")
        #expect(status["policy_rules"] as? Int == 0)
        let folder = String(#filePath.dropLast("Tests/ProxyTests/Administering/AdminTests.swift".count))
        let article = try String(
            contentsOfFile: folder + "Sources/sallyport/Documentation.docc/Monitoring.md", encoding: .utf8)
        for (name, type) in exposition.types {
            #expect(article.contains("| `\(name)` | \(type) |"), "\(name), a \(type), is not in the article")
            if name != "sallyport_info" { #expect(status[String(name.dropFirst(10))] != nil, "\(name)") }
        }
        let rows = article.split(separator: "\n").filter { $0.hasPrefix("| `sallyport_") }
        #expect(rows.count == exposition.types.count, "the article has others")
        let text = try rig.ask("GET /status", "Accept: text/plain\r\n").text
        #expect(text.contains("\npolicy_rules ") && text.hasPrefix("info "))
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    @Test("What is under way is listed with what is known of it, on every worker")
    func listing() throws {
        let rig = try AdminRig(try RunningProxy { $0.workers = 2 })
        let origin = try Origin()
        let first = try Self.tunnel(rig.proxy, origin)
        let second = try Self.tunnel(rig.proxy, origin)
        try first[0].send("hello")
        _ = try first[1].receive(5)
        let silent = try rig.proxy.connect()
        try rig.proxy.wait("the third") { rig.proxy.server.counts.accepted == 3 }
        let rows = try rig.connections()
        #expect(rows.count == 3)
        #expect(Set(rows.compactMap { $0["id"] as? String }).count == 3)
        let relayed = rows.filter { $0["stage"] as? String == "relay" }
        #expect(relayed.count == 2)
        #expect(relayed.map { $0["up"] as? Int }.sorted { $0 ?? 0 < $1 ?? 0 } == [0, 5])
        #expect(
            relayed.allSatisfy {
                $0["port"] as? Int == Int(origin.port.rawValue) && $0["host"] as? String == "127.0.0.1"
            })
        #expect(relayed.allSatisfy { $0["proto"] as? String == "connect" && $0["age"] is Double })
        #expect(try rig.connections("?host=127.0.0.1").count == 2)
        #expect(try rig.connections("?host=other.example").isEmpty)
        for connection in first + second + [silent] { connection.close() }
        _ = try rig.proxy.finish()
        try rig.stop()
    }

    @Test("Requests end by id, by host and by user, each with a record that says that an operator did it")
    func ending() throws {
        let rig = try AdminRig(try LoginTests.proxy { $0.workers = 2 })
        let origin = try Origin()
        let ann = "Proxy-Authorization: Basic \(LoginTests.ann)\r\n"
        let bob = "Proxy-Authorization: Basic \(LoginTests.bob)\r\n"
        var all = try Self.tunnel(rig.proxy, origin, ann)
        let id = try #require(try rig.connections().first?["id"] as? String)
        #expect(try rig.ended("id=\(id)") == 1)
        #expect(try rig.ended("id=\(id)") == 0)
        _ = try all[0].end()
        all += try Self.tunnel(rig.proxy, origin, ann)
        all += try Self.tunnel(rig.proxy, origin, bob)
        #expect(try rig.ended("user=nobody") == 0)
        #expect(try rig.ended("user=ann") == 1)
        #expect(try rig.connections().compactMap { $0["user"] as? String } == ["bob"])
        #expect(try rig.ended("host=127.0.0.1") == 1)
        // A plain request that waits for its answer is told.
        let plain = try rig.proxy.connect()
        try plain.send("GET http://\(origin.endpoint)/ HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\(ann)\r\n")
        let asked = try origin.accept()
        _ = try asked.receiveHead()
        #expect(try rig.ended("user=ann") == 1)
        let head = try plain.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 503"))
        for connection in all + [plain, asked] { connection.close() }
        let records = try rig.proxy.finish()
        #expect(records.count == 4)
        #expect(records.allSatisfy { $0.endedBy == "operator" && $0.outcome == "connection_terminated" })
        try rig.stop()
    }

    @Test("A thousand tunnels are listed, each once, in parts; and ended")
    func many() throws {
        let rig = try AdminRig(try RunningProxy())
        let origin = try Origin()
        var all: [Connection] = []
        for _ in 0..<400 { all += try Self.tunnel(rig.proxy, origin) }
        let ids = try rig.connections().compactMap { $0["id"] as? String }
        #expect(ids.count == 400 && Set(ids).count == 400)
        let chunked = try rig.send("GET /connections HTTP/1.1\r\nHost: [::1]\r\n\r\n")
        #expect(chunked.head.contains("Transfer-Encoding: chunked") && chunked.text.hasSuffix("\r\n0\r\n\r\n"))
        #expect(try rig.ended("host=127.0.0.1") == 400)
        for connection in all { connection.close() }
        #expect(try rig.proxy.finish().count == 400)
        try rig.stop()
    }

    @Test(
        "Whoever is not at home here, or comes by way of a page, is refused and changes nothing",
        arguments: [
            ("GET /status HTTP/1.1\r\nHost: rebound.example\r\n\r\n", 403),
            ("GET /status HTTP/1.1\r\n\r\n", 400),
            ("GET /status HTTP/1.0\r\n\r\n", 200),
            ("GET /status HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200),
            ("GET /status HTTP/1.1\r\nHost: LOCALHOST:80\r\n\r\n", 200),
            ("GET /status HTTP/1.1\r\nHost: localhost.example\r\n\r\n", 403),
            ("GET http://127.0.0.1/status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
            ("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n", 400),
            ("POST /kill?host=a.example HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\n\r\n", 403),
            ("POST /kill?host=a.example HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: null\r\n\r\n", 403),
            ("POST /kill?host=a.example HTTP/1.1\r\nHost: 127.0.0.1:9\r\nOrigin: http://127.0.0.1:8\r\n\r\n", 403),
            ("POST /kill?host=a.example HTTP/1.1\r\nHost: 127.0.0.1:9\r\nOrigin: http://127.0.0.1:9\r\n\r\n", 200),
            ("POST /kill?host=a.example HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: cross-site\r\n\r\n", 403),
            ("POST /kill?host=a.example HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-site\r\n\r\n", 403),
            ("POST /kill?host=a.example HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n\r\n", 200),
            ("POST /kill HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 14\r\n\r\nhost=a.example", 200),
            ("POST /kill HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
            ("POST /kill?host=a&user=b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
            ("POST /kill?hosts=a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
            ("POST /kill?id=1-2 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
            ("POST /kill?user=%zz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
            ("POST /kill?user=%ff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
            ("POST /kill?host=a..b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
            ("GET /kill?host=a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 405),
            ("POST /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 405),
            ("GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 404),
            ("POST /kill HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n", 413),
            ("POST /kill HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
            ("GET /status\r\n\r\n", 400), ("nonsense\r\n\r\n", 400), ("\u{16}\u{3}\u{1}", 400),
        ] as [(String, Int)])
    func gate(request: String, status: Int) throws {
        let rig = try AdminRig(try RunningProxy())
        #expect(try rig.send(request).status == status, "\(request)")
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    @Test("A head that is too large, and a client too many, are refused")
    func bounds() throws {
        let rig = try AdminRig(try RunningProxy())
        let large = "GET /status HTTP/1.1\r\nHost: localhost\r\nA: \(String(repeating: "a", count: 7000))\r\n"
        let more = "B: \(String(repeating: "b", count: 7000))\r\nC: \(String(repeating: "c", count: 7000))\r\n\r\n"
        #expect(try rig.send(large + more).status == 431)
        var waiting: [Connection] = []
        for _ in 0..<AdminDesk.mostClients { waiting.append(try rig.connect()) }
        try rig.proxy.wait("one too many") { try rig.send("").status == 503 }
        for connection in waiting { connection.close() }
        try rig.proxy.wait("room again") { try rig.ask("GET /metrics").status == 200 }
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    @Test("A route may answer with events that come when they come, until the client leaves")
    func lasting() throws {
        let events = Events()
        let rig = try AdminRig(try RunningProxy()) { desk in
            let mailbox = desk.mailbox
            return [
                AdminRoute(.get, "/events", "events") { _ in
                    .stream(contentType: "text/event-stream", EventStream(events, mailbox))
                }
            ]
        }
        let client = try rig.connect()
        try client.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        #expect(try client.receiveHead().contains("Content-Type: text/event-stream\r\n"))
        for number in 1...3 {
            try rig.proxy.wait("the stream") { events.send.withLock { $0 != nil } }
            let event = "data: \(number)\n\n"
            events.send.withLock { $0?(event) }
            let chunk = "9\r\n\(event)\r\n"
            #expect(try client.receive(chunk.utf8.count) == Array(chunk.utf8))
        }
        client.close()
        try rig.proxy.wait("its end") { events.isClosed.withLock { $0 } }
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    private final class Events: Sendable {
        let send = Mutex<(@Sendable (String) -> Void)?>(nil)
        let isClosed = Mutex(false)
    }

    private final class EventStream: AdminStream {
        private let events: Events
        private let mailbox: Mailbox<AdminDesk>

        init(_ events: Events, _ mailbox: Mailbox<AdminDesk>) {
            self.events = events
            self.mailbox = mailbox
        }

        override var isLasting: Bool { true }

        override func ready(_ outlet: any AdminOutlet) {
            let outlets = Outlet(outlet)
            let mailbox = mailbox
            events.send.withLock { send in
                send = { text in mailbox.post { _ in outlets.outlet?.send(Array(text.utf8)) } }
            }
        }

        override func closed() {
            events.isClosed.withLock { $0 = true }
        }
    }

    // SAFETY: used on the desk's loop alone.
    private final class Outlet: @unchecked Sendable {
        weak var outlet: (any AdminOutlet)?
        init(_ outlet: any AdminOutlet) { self.outlet = outlet }
    }

    @Test("Who goes on sending is answered, and holds up nobody else")
    func flood() throws {
        let rig = try AdminRig(try RunningProxy())
        let client = try rig.connect()
        try client.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")
        // Until the kernel takes no more, or the connection is over.
        let sending = Background {
            let bytes = [UInt8](repeating: 0x61, count: 64 * 1024)
            for _ in 0..<200 { try? client.send(bytes) }
        }
        for _ in 0..<5 { #expect(try rig.ask("GET /metrics").status == 200) }
        #expect(try client.receiveHead().hasPrefix("HTTP/1.1 404"))
        try sending.wait()
        client.close()
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    @Test("A byte at a time is as good as all at once")
    func dripping() throws {
        let rig = try AdminRig(try RunningProxy())
        let client = try rig.connect()
        for byte in "POST /kill HTTP/1.0\r\nContent-Length: 7\r\n\r\nuser=ab".utf8 { try client.send([byte]) }
        let answer = String(decoding: try client.receiveToEnd().bytes, as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 200") && answer.hasSuffix("{\"ended\":0}\n"))
        client.close()
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    @Test("The socket is this user's alone, takes the place of one that nobody answers at, and goes at the end")
    func localSocket() throws {
        let proxy = try RunningProxy()
        let path = proxy.folder["admin.sock"]
        let place = AdminPlace.local(path: path)
        let first = try AdminRig(proxy, at: place)
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
        #expect(try first.ask("GET /metrics").status == 200)
        #expect(throws: StartError.admin(place, Errno(rawValue: EADDRINUSE))) { try AdminRig(proxy, at: place) }
        try first.stop()
        #expect(lstat(path, &status) == -1)
        // What a run leaves behind that was cut off.
        _ = try Socket.listen(at: path)
        #expect(lstat(path, &status) == 0)
        let second = try AdminRig(proxy, at: place)
        #expect(try second.ask("GET /metrics").status == 200)
        // Somebody else's by now.
        #expect(unlink(path) == 0)
        let others = try Socket.listen(at: path)
        try second.stop()
        #expect(lstat(path, &status) == 0)
        _ = others.take()
        #expect(unlink(path) == 0)
        _ = try proxy.finish()
    }

    @Test("A file that is no socket is left alone")
    func otherFile() throws {
        let proxy = try RunningProxy()
        let place = AdminPlace.local(path: proxy.folder["policy.conf"])
        #expect(throws: StartError.admin(place, Errno(rawValue: EADDRINUSE))) { try AdminRig(proxy, at: place) }
        #expect(!proxy.folder.bytes(of: "policy.conf").isEmpty)
        _ = try proxy.finish()
    }

    @Test("Where other machines could reach it there must be a token, which near clients need not show")
    func token() throws {
        let proxy = try RunningProxy()
        let exposed = AdminPlace.port(Endpoint(.anyV4, Port(0)))
        #expect(throws: StartError.exposedAdmin(exposed)) { try AdminRig(proxy, at: exposed) }
        let gate = AdminGate(token: Array("0123456789abcdef".utf8))
        func request(_ fields: String) throws -> AdminRequest {
            let bytes = Array("GET /status HTTP/1.0\r\n\(fields)\r\n".utf8)
            var head = HTTP1.RequestHead()
            try head.parse(bytes.span)
            return try AdminRequest(head, bytes)
        }
        try gate.check(try request(""), isNear: true)
        try gate.check(try request("Authorization: Bearer 0123456789abcdef\r\n"), isNear: false)
        try gate.check(try request("Authorization: bearer  0123456789abcdef\r\n"), isNear: false)
        for wrong in ["", "Bearer", "Bearer ", "Bearer 0123456789abcde", "Bearer 0123456789abcdefa", "Basic MDEyMw=="] {
            let field = wrong.isEmpty ? "" : "Authorization: \(wrong)\r\n"
            #expect(throws: AdminRefusal.self, "\(wrong)") { try gate.check(try request(field), isNear: false) }
        }
        #expect(throws: AdminRefusal.self) { try AdminGate(token: nil).check(try request(""), isNear: false) }
        _ = try proxy.finish()
    }
}
