import Addressing
import Testing

@testable import Proxy

@Suite("A client's connection that is kept")
struct KeepAliveTests {
    @Test("Nothing of one request stands in the record of the next")
    func records() throws {
        let rig = try ForwardingRig(policy: "deny to host:no.example\ndefault allow\n")
        let (client, origin, _) = try rig.begin(
            "GET http://{origin}/longer?a=b HTTP/1.1\r\nHost: x\r\nReferer: http://a.example/\r\nUser-Agent: one\r\n\r\n"
        )
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try rig.exchange(client, on: origin)
        try client.send("GET http://no.example/n HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try client.receiveMessage()

        let records = try rig.finish()
        #expect(records.map(\.path) == ["/longer?a=b", "/", "/n"])
        #expect(records.map(\.referer) == ["http://a.example/", nil, nil])
        #expect(records.map(\.ua) == ["one", nil, nil])
        #expect(records.map(\.originStatus) == [200, 200, nil])
        #expect(records.map { $0.upHead == nil } == [false, false, true])
        #expect(records.map { $0.dialled == nil } == [false, false, true])
    }

    @Test("Requests to different origins follow each other, each recorded alone")
    func origins() throws {
        let rig = try ForwardingRig(policy: "deny to domain:blocked.example id B\ndefault allow\n")
        let other = try Origin()
        let client = try rig.connect()
        let first = try rig.exchange(client)
        try client.send("GET http://\(other.endpoint)/o HTTP/1.1\r\nHost: x\r\n\r\n")
        let second = try other.accept()
        #expect(try second.receiveHead() == "GET /o HTTP/1.1\r\nHost: \(other.endpoint)\r\n\r\n")
        try second.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try client.send("GET http://blocked.example/ HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.receiveMessage().head.status == 403)
        try rig.exchange(client, on: first)
        second.close()

        let records = try rig.finish()
        #expect(records.map(\.outcome) == ["ok", "ok", "http_request_denied", "ok"])
        #expect(records.map(\.ordinal) == [1, 2, 3, 4])
        #expect(Set(records.map(\.conn)).count == 1)
        #expect(records.map(\.path) == ["/", "/o", "/", "/"])
    }

    @Test("Pipelined requests are answered in order, also when the later ones are sooner done")
    func pipelined() throws {
        let rig = try ForwardingRig(policy: "deny to host:no.example\ndefault allow\n")
        let other = try Origin()
        let client = try rig.connect()
        try client.send(
            rig.text(
                """
                GET http://{origin}/1 HTTP/1.1\r\nHost: x\r\n\r\n\
                GET http://no.example/2 HTTP/1.1\r\nHost: x\r\n\r\n\
                POST http://\(other.endpoint)/3 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody\
                GET http://{origin}/4 HTTP/1.1\r\nHost: x\r\n\r\n
                """))
        let origin = try rig.accept()
        #expect(try origin.receiveHead().hasPrefix("GET /1 "))
        #expect(!client.hasNews && !other.isAsked)
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        #expect(try client.receiveMessage().head.status == 403)
        let second = try other.accept()
        #expect(try second.receiveHead().hasPrefix("POST /3 "))
        try second.expect("body")
        try second.send("HTTP/1.1 204 No\r\nDate: now\r\n\r\n")
        try client.expect("HTTP/1.1 204 No\r\nDate: now\r\n\r\n")
        #expect(try origin.receiveHead().hasPrefix("GET /4 "))
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        second.close()
        let records = try rig.finish()
        #expect(records.map(\.path) == ["/1", "/2", "/3", "/4"])
        #expect(records.map(\.status) == [200, 403, 204, 200])
    }

    @Test("A thousand pipelined requests that are denied are answered, however slowly the client reads")
    func thousand() throws {
        let rig = try ForwardingRig(policy: "default deny\n")
        let client = try rig.connect()
        let request = "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nAccept: text/html\r\n\r\n"
        let sender = Background {
            for _ in 0..<20 { try client.send(String(repeating: request, count: 50)) }
            client.halfClose()
        }
        for _ in 0..<1000 { #expect(try client.receiveMessage().head.status == 403) }
        try sender.wait()
        #expect(try client.end() == .fin)
        let records = try rig.finish()
        #expect(records.count == 1000)
        #expect(records.map(\.ordinal) == Array(1...1000))
        #expect(records.allSatisfy { $0.ending == "http_request_denied policy decide" })
    }

    @Test("An answer of the proxy's own waits its turn behind one that the client is slow to read")
    func backPressure() throws {
        let rig = try ForwardingRig(policy: "deny to host:no.example\ndefault allow\n")
        let client = try rig.connect()
        let origin = try rig.exchange(client)
        try rig.proxy.shrinkSendBuffers()
        // More answers than the kernel holds, and behind them one of the origin's.
        let denied = "GET http://no.example/ HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n"
        let count = 600
        try client.send(String(repeating: denied, count: count) + rig.text(ForwardingRig.get))
        try rig.proxy.wait("the proxy to be stuck") { try rig.proxy.isAnswering() }
        for _ in 0..<count { #expect(try client.receiveMessage().head.status == 403) }
        _ = try origin.receiveHead()
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        #expect(try rig.finish().count == count + 2)
    }

    @Test(
        "The connection ends after the answer where the client asks for it, or is of HTTP/1.0",
        arguments: [
            ("HTTP/1.1", "Connection: close\r\n"), ("HTTP/1.1", "connection: x, CLOSE\r\n"), ("HTTP/1.0", ""),
            ("HTTP/1.0", "Connection: keep-alive\r\n"), ("HTTP/1.0", "Proxy-Connection: keep-alive\r\n"),
        ])
    func closing(version: String, field: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, head) = try rig.begin("GET http://{origin}/ \(version)\r\nHost: x\r\n\(field)\r\n")
        #expect(head == rig.text("GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n"))
        // What comes behind such a request is not looked at.
        try client.send(rig.text(ForwardingRig.get))
        try origin.send(ForwardingRig.ok)
        try client.expect(
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", then: .fin)
        #expect(try rig.finish().count == 1)
    }

    @Test("The origin's wish to close is its own: the client's connection goes on")
    func originCloses() throws {
        let rig = try ForwardingRig()
        let (client, first, _) = try rig.begin(ForwardingRig.get)
        try first.send("HTTP/1.1 200 OK\r\nDate: now\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
        try client.expect(ForwardingRig.ok)
        #expect(try first.end() == .fin)
        try rig.exchange(client)
        try rig.finish()
    }

    @Test("A connection that rests too long is closed without a word")
    func idle() throws {
        let rig = try ForwardingRig { $0.keepAliveTimeout = .milliseconds(20) }
        let client = try rig.connect()
        try rig.exchange(client)
        try client.expect("", then: .fin)
        #expect(try rig.finish().count == 1)
    }

    @Test("A head that doesn't come to its end in time is answered with 408")
    func slowHead() throws {
        let rig = try ForwardingRig { $0.handshakeTimeout = .milliseconds(200) }
        let client = try rig.connect()
        try rig.exchange(client)
        try client.send("GET http://")
        let head = try client.receiveMessage().head
        #expect(head.status == 408)
        #expect(head.contains("Connection: close\r\n"))
        #expect(try client.end() == .fin)
        let records = try rig.finish()
        #expect(records.map(\.ending) == ["ok origin relay", "http_request_error proxy negotiate"])
        #expect(records.last?.status == 408)
    }

    @Test("A client that leaves in the middle of a head is recorded, one that leaves between requests is not")
    func leaves() throws {
        let rig = try ForwardingRig()
        let between = try rig.connect()
        let origin = try rig.exchange(between)
        between.close()
        let within = try rig.connect()
        try rig.exchange(within, on: origin)
        try within.send("GET ")
        within.close()
        let records = try rig.finish()
        #expect(
            records.map(\.ending) == ["ok origin relay", "ok origin relay", "http_request_error client negotiate"])
    }

    @Test("CONNECT on a kept connection opens a tunnel, and what follows belongs to it")
    func connect() throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        try rig.exchange(client)
        try client.send(rig.text("CONNECT {origin} HTTP/1.1\r\nHost: {origin}\r\n\r\nearly"))
        try client.expect("HTTP/1.1 200 Connection established\r\n\r\n")
        let tunnel = try rig.accept()
        try tunnel.expect("early")
        try tunnel.send("late")
        try client.expect("late")
        client.close()
        let records = try rig.finish()
        #expect(records.map(\.proto) == ["http", "connect"])
        #expect(records.map(\.ordinal) == [1, 2])
    }

    @Test("CONNECT that is refused ends the connection: what follows may be meant for the tunnel")
    func connectRefused() throws {
        let rig = try ForwardingRig(policy: "deny to port:443\ndefault allow\n")
        let client = try rig.connect()
        try rig.exchange(client)
        try client.send("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n" + rig.text(ForwardingRig.get))
        #expect(try client.receiveMessage().head.status == 403)
        #expect(try client.end() == .fin)
        #expect(try rig.finish().count == 2)
    }
}
