import Dispatch
import Testing

@testable import Proxy

@Suite("A forwarded request that takes too long, or is overtaken by a stop")
struct ForwardingDeadlineTests {
    @Test("An origin that doesn't answer is 504, and the client's connection goes on", arguments: ["GET", "POST"])
    func silentOrigin(method: String) throws {
        let rig = try ForwardingRig { $0.idleTimeout = .milliseconds(60) }
        let (client, origin, _) = try rig.begin(
            "\(method) http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        let head = try client.receiveMessage().head
        #expect(head.status == 504)
        #expect(head.contains("Proxy-Status: sallyport; error=http_response_timeout\r\n"))
        #expect(try origin.end() == .reset)
        try client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.receiveMessage().head.status == 200)
        #expect(try rig.finish().first?.ending == "http_response_timeout proxy relay")
    }

    @Test("An origin that says 100 and nothing more is 504; to one that is asked for 100 and is silent likewise")
    func noFinalAnswer() throws {
        let rig = try ForwardingRig { $0.idleTimeout = .milliseconds(60) }
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        try origin.send("HTTP/1.1 100 Continue\r\n\r\n")
        try client.expect("HTTP/1.1 100 Continue\r\n\r\n")
        #expect(try client.receiveMessage().head.status == 504)
        let (expecting, _, _) = try rig.begin(
            "PUT http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        #expect(try expecting.receiveMessage().head.status == 504)
        #expect(try rig.finish().map(\.outcome) == ["http_response_timeout", "http_response_timeout"])
    }

    @Test("A client that doesn't go on with its body is 408, and the origin never takes it for whole")
    func slowBody() throws {
        let rig = try ForwardingRig { $0.idleTimeout = .milliseconds(60) }
        let (client, origin, _) = try rig.begin(
            "PUT http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1234")
        let head = try client.receiveMessage().head
        #expect(head.status == 408 && head.contains("\r\nConnection: close\r\n"))
        #expect(head.contains("Proxy-Status: sallyport; error=http_request_error\r\n"))
        try client.expect("", then: .fin)
        try origin.expect("1234", then: .reset)
        #expect(try rig.finish().map(\.ending) == ["http_request_error proxy relay"])
    }

    @Test("An answer that stands still is broken off, never ended")
    func stalledAnswer() throws {
        let rig = try ForwardingRig { $0.idleTimeout = .milliseconds(60) }
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        try origin.send("HTTP/1.1 200 OK\r\nDate: now\r\n\r\nabc")
        try client.expect("HTTP/1.1 200 OK\r\nDate: now\r\nConnection: close\r\n\r\nabc", then: .reset)
        #expect(try origin.end() == .reset)
        #expect(try rig.finish().map(\.ending) == ["connection_read_timeout proxy relay"])
    }

    // MARK: - Stopping

    @Test("At a stop connections at rest go at once, a request under way gets its answer and the end")
    func grace() throws {
        let rig = try ForwardingRig()
        let resting = try rig.connect()
        let idle = try rig.exchange(resting)
        let (client, origin, _) = try rig.begin("POST http://{origin}/ HTTP/1.1\r\nHost: x\r\n\r\n" + ForwardingRig.get)
        let stopped = DispatchSemaphore(value: 0)
        rig.proxy.server.stop(grace: .seconds(3600)) { stopped.signal() }
        try resting.expect("", then: .fin)
        try origin.send(ForwardingRig.ok)
        try client.expect(
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", then: .fin)
        client.close()
        #expect(stopped.wait(timeout: .now() + 10) == .success)
        #expect(try idle.end() == .fin)
        #expect(try rig.proxy.recordsAfterStop().map(\.ending) == ["ok origin relay", "ok origin relay"])
    }

    @Test("After the grace each request is ended: refused where there was no answer, broken off where there was")
    func afterGrace() throws {
        let rig = try ForwardingRig()
        let (waiting, first, _) = try rig.begin(ForwardingRig.get)
        let (reading, second, _) = try rig.begin(ForwardingRig.get)
        try second.send("HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 9\r\n\r\nabc")
        _ = try reading.receiveHead()
        try reading.expect("abc")
        let slow = try rig.connect()
        try slow.send("GET http://slow.example/ HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try rig.proxy.resolver.nextWaiting()
        try rig.proxy.stop(grace: .milliseconds(20))
        #expect(try waiting.receiveMessage().head.status == 503)
        #expect(try first.end() == .reset)
        #expect(try reading.end() == .reset && second.end() == .reset)
        let head = try slow.receiveMessage().head
        #expect(head.status == 503 && head.contains("\r\nConnection: close\r\n"))
        let records = try rig.proxy.recordsAfterStop()
        #expect(
            records.map(\.ending).sorted() == [
                "connection_terminated operator relay", "connection_terminated operator relay",
                "connection_terminated operator resolve",
            ])
    }
}
