import Addressing
import Policy
import Testing

@testable import Proxy

@Suite("A connection to an origin that is used again")
struct OriginReuseTests {
    @Test("Requests of any client follow each other on one connection, and the record says so")
    func reuse() throws {
        let rig = try ForwardingRig()
        let origin = try rig.exchange(try rig.connect())
        for _ in 0..<3 { try rig.exchange(try rig.connect(), on: origin) }
        let records = try rig.finish()
        #expect(!rig.origin.isAsked)
        #expect(
            records.count == 4 && records.allSatisfy { $0.dialled != nil && $0.ending == "ok origin relay" })
        #expect(Set(records.map(\.local)).count == 1)
    }

    @Test(
        "It isn't, when the origin said more than its answer",
        arguments: [
            ("GET", "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\n\r\n"),
            ("GET", "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n\r\n", "x"),
            ("GET", "HTTP/1.1 200 OK\r\nDate: now\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "\r\n"),
            ("GET", "HTTP/1.1 204 No\r\nDate: now\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            ("GET", "HTTP/1.1 304 Same\r\nDate: now\r\nContent-Length: 3\r\n\r\n", "abc"),
            ("HEAD", "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 3\r\n\r\n", "abc"),
        ])
    func leftOver(method: String, answer: String, more: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin("\(method) http://{origin}/ HTTP/1.1\r\nHost: x\r\n\r\n")
        try origin.send(answer + more)
        try client.expect(answer)
        _ = try origin.end()
        #expect(try rig.proxy.idleOrigins() == 0)
        // The next answer begins with the next origin's first byte.
        try rig.exchange(client)
        try rig.finish()
    }

    @Test("It isn't, when the request was not taken whole before the answer was through")
    func earlyAnswer() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(
            "POST http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        try origin.send("HTTP/1.1 413 Large\r\nDate: now\r\nContent-Length: 0\r\n\r\n")
        try client.expect(
            "HTTP/1.1 413 Large\r\nDate: now\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", then: .fin)
        #expect(try origin.receiveToEnd().bytes == Array("abc".utf8))
        #expect(try rig.proxy.idleOrigins() == 0)
        try rig.finish()
    }

    @Test("An idle one on which the origin speaks unasked, or ends, is dropped", arguments: [true, false])
    func unasked(speaks: Bool) throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let origin = try rig.exchange(client)
        #expect(try rig.proxy.idleOrigins() == 1)
        if speaks { try origin.send("HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n") } else { origin.halfClose() }
        _ = try origin.end()
        #expect(try rig.proxy.idleOrigins() == 0)
        try rig.exchange(client)
        try rig.finish()
    }

    @Test("What the origin says unasked as the request comes is not its answer", arguments: [true, false])
    func poisoned(poisonFirst: Bool) throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let origin = try rig.exchange(client)
        let poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"
        // Both are there in one batch of events, in one order or the other.
        try rig.proxy.server.workers[0].mailbox.whileWaiting {
            if poisonFirst { try origin.send(poison) }
            try client.send(rig.text(ForwardingRig.get))
            if !poisonFirst { try origin.send(poison) }
        }
        let next = try rig.accept()
        #expect(try next.receiveHead() == rig.text("GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n"))
        try next.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try rig.finish()
    }

    // MARK: - Retries

    @Test(
        "A request whose connection dies under it is sent once more, if it may be, and only then",
        arguments: ["GET", "HEAD", "OPTIONS", "TRACE", "DELETE", "PUT"], [Connection.End.fin, .reset])
    func retry(method: String, end: Connection.End) throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let idle = try rig.exchange(client)
        let head = rig.text("\(method) /r HTTP/1.1\r\nHost: {origin}\r\nX: y\r\n\r\n")
        try client.send(rig.text("\(method) http://{origin}/r HTTP/1.1\r\nHost: x\r\nX: y\r\n\r\n"))
        #expect(try idle.receiveHead() == head)
        if end == .fin { idle.close() } else { idle.reset() }
        let second = try rig.accept()
        #expect(try second.receiveHead() == head)
        // Once: this one was not idle, so it did not die of that.
        if end == .fin { second.close() } else { second.reset() }
        #expect(try client.receiveHead().status == 502)
        let records = try rig.finish()
        #expect(!rig.origin.isAsked)
        #expect(records.count == 2)
        #expect(records.last?.outcome == "connection_terminated" && records.last?.endedBy == "origin")
    }

    @Test("A request that is sent once more succeeds as if nothing had happened")
    func retried() throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let idle = try rig.exchange(client)
        try client.send(rig.text(ForwardingRig.get))
        _ = try idle.receiveHead()
        idle.close()
        let second = try rig.accept()
        _ = try second.receiveHead()
        try second.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        // And the connection that served is the one that is kept.
        try rig.exchange(client, on: second)
        let records = try rig.finish()
        #expect(records.map(\.ending) == Array(repeating: "ok origin relay", count: 3))
        #expect(records[1].local != records[0].local && records[1].local == records[2].local)
    }

    @Test("Not even an idle connection that dies is a reason to send again what was answered by one byte")
    func answered() throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let idle = try rig.exchange(client)
        try client.send(rig.text(ForwardingRig.get))
        _ = try idle.receiveHead()
        try idle.send("H")
        idle.close()
        let head = try client.receiveMessage().head
        #expect(head.status == 502 && head.contains("error=http_response_incomplete\r\n"))
        try rig.finish()
        #expect(!rig.origin.isAsked)
    }

    @Test(
        "What can't be sent twice goes on a connection of its own, and never a second time",
        arguments: [
            "POST http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
            "POST http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi",
            "PATCH http://{origin}/ HTTP/1.1\r\nHost: x\r\n\r\n", "BREW http://{origin}/ HTTP/1.1\r\nHost: x\r\n\r\n",
            "PUT http://{origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi",
            "GET http://{origin}/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ])
    func unrepeatable(request: String) throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let idle = try rig.exchange(client)
        try client.send(rig.text(request))
        let own = try rig.accept()
        _ = try own.receiveHead()
        own.close()
        #expect(try client.receiveMessage().head.status == 502)
        #expect(!idle.hasNews)
        try rig.finish()
        #expect(!rig.origin.isAsked)
    }

    // MARK: - Bounds

    @Test("So many are kept to one origin, and so many in all; one more is closed")
    func bounds() throws {
        let rig = try ForwardingRig { $0.originPool = OriginPool.Limits(mostPerOrigin: 2, most: 3) }
        let other = try Origin()
        var mine: [Connection] = []
        for _ in 0..<3 {
            // Each while those before it are busy.
            let client = try rig.connect()
            try client.send(rig.text(ForwardingRig.get))
            let origin = try rig.accept()
            _ = try origin.receiveHead()
            mine.append(origin)
        }
        for origin in mine { try origin.send(ForwardingRig.ok) }
        try rig.proxy.wait("one to go") { mine.contains(where: \.hasNews) }
        #expect(try rig.proxy.idleOrigins() == 2)
        var theirs: [Connection] = []
        let clients = try (0..<2).map { _ in try rig.connect() }
        for client in clients {
            try client.send("GET http://\(other.endpoint)/ HTTP/1.1\r\nHost: x\r\n\r\n")
            let origin = try other.accept()
            _ = try origin.receiveHead()
            theirs.append(origin)
        }
        for origin in theirs { try origin.send(ForwardingRig.ok) }
        for client in clients { try client.expect(ForwardingRig.ok) }
        try rig.proxy.wait("one to go") { theirs.contains(where: \.hasNews) }
        #expect(try rig.proxy.idleOrigins() == 3)
        for origin in theirs { origin.close() }
        try rig.finish()
    }

    @Test("Origins to which there are no idle connections any more are forgotten")
    func forgotten() throws {
        let rig = try ForwardingRig { $0.originPool = OriginPool.Limits(mostPerOrigin: 1, most: 1) }
        let client = try rig.connect()
        for _ in 0..<5 {
            let other = try Origin()
            try client.send("GET http://\(other.endpoint)/ HTTP/1.1\r\nHost: x\r\n\r\n")
            let origin = try other.accept()
            _ = try origin.receiveHead()
            try origin.send(ForwardingRig.ok)
            try client.expect(ForwardingRig.ok)
            origin.close()
            try rig.proxy.wait("the connection to go") { try rig.proxy.idleOrigins() == 0 }
            #expect(try rig.proxy.rememberedOrigins() <= 2)
        }
        try rig.finish()
    }

    @Test("One that nobody wants for a while is closed")
    func idleTime() throws {
        let rig = try ForwardingRig { $0.originPool = OriginPool.Limits(patience: .milliseconds(20)) }
        let client = try rig.connect()
        let origin = try rig.exchange(client)
        #expect(try origin.end() == .fin)
        #expect(try rig.proxy.idleOrigins() == 0)
        try rig.exchange(client)
        try rig.finish()
    }

    @Test("One that the policy would not permit any more is not used")
    func judgedAgain() throws {
        let rig = try ForwardingRig(files: ["new.conf": "deny to loopback\ndefault allow\n"])
        let client = try rig.connect()
        let request = rig.text("GET http://one.example:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n")
        try client.send(request)
        let origin = try rig.accept()
        _ = try origin.receiveHead()
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        rig.proxy.server.judge(by: try Ruleset.load(path: rig.proxy.folder["new.conf"]))
        try client.send(request)
        let head = try client.receiveMessage().head
        #expect(head.status == 403 && head.contains("error=destination_ip_prohibited"))
        #expect(!origin.hasNews)
        try rig.finish()
    }
}
