import Testing

@testable import Proxy

@Suite("A body that is forwarded")
struct BodyTests {
    // MARK: - Requests

    @Test("A request's body goes on as it came, cut at any byte", arguments: [true, false])
    func requestSplit(isChunked: Bool) throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 11"
        let body = isChunked ? "5;x=\"y\"\r\nhello\r\n006\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n" : "hello world"
        let bytes = Array("POST http://{origin}/ HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n\(body)".utf8)
        let request = Array(rig.text(String(decoding: bytes, as: UTF8.self)).utf8)
        for index in request.indices.dropFirst() {
            try client.send(Array(request[..<index]))
            try client.send(Array(request[index...]))
            let origin = try rig.accept()
            #expect(try origin.receiveHead() == rig.text("POST / HTTP/1.1\r\nHost: {origin}\r\n\(framing)\r\n\r\n"))
            try origin.expect(body)
            try origin.send(ForwardingRig.ok)
            try client.expect(ForwardingRig.ok)
            origin.close()
        }
        let records = try rig.finish()
        #expect(records.count == request.count - 1)
        #expect(records.allSatisfy { $0.up == body.utf8.count && $0.down == 2 })
    }

    @Test("What comes behind a request's body is the next request", arguments: [true, false])
    func nextRequest(isChunked: Bool) throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 5"
        let body = isChunked ? "5\r\nhello\r\n0\r\n\r\n" : "hello"
        try client.send(
            rig.text("PUT http://{origin}/1 HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n\(body)" + ForwardingRig.get))
        let origin = try rig.accept()
        _ = try origin.receiveHead()
        try origin.expect(body)
        #expect(!origin.hasNews)
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        #expect(try origin.receiveHead().hasPrefix("GET / "))
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try rig.finish()
    }

    @Test(
        "The framing of a request that has no body is told as it was",
        arguments: ["Content-Length: 0\r\n", "Content-Length: 000\r\n", ""])
    func empty(field: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, head) = try rig.begin("POST http://{origin}/ HTTP/1.1\r\nHost: x\r\n\(field)\r\n")
        #expect(head == rig.text("POST / HTTP/1.1\r\nHost: {origin}\r\n\(field)\r\n"))
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try rig.finish()
    }

    // MARK: - Answers

    @Test(
        "An answer goes on as it came, cut at any byte",
        arguments: [
            ("Content-Length: 5\r\n", "hello"), ("Content-Length: 0\r\n", ""),
            ("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n1;a\r\n!\r\n00\r\nX-Sum: 1\r\nX-Two:\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        ])
    func answerSplit(framing: String, body: String) throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        var origin: Connection?
        let answer = Array("HTTP/1.1 200 OK\r\nDate: now\r\n\(framing)\r\n\(body)".utf8)
        for index in answer.indices.dropFirst() {
            try client.send(rig.text(ForwardingRig.get))
            let connection = try origin ?? rig.accept()
            _ = try connection.receiveHead()
            try connection.send(Array(answer[..<index]))
            try connection.send(Array(answer[index...]))
            try client.expect(String(decoding: answer, as: UTF8.self))
            origin = connection
        }
        let records = try rig.finish()
        #expect(records.count == answer.count - 1)
        #expect(records.allSatisfy { $0.down == body.utf8.count && $0.ending == "ok origin relay" })
    }

    @Test("An answer byte by byte comes through whole")
    func answerDripped() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        let answer = "HTTP/1.1 200 OK\r\nDate: now\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        for byte in answer.utf8 { try origin.send([byte]) }
        try client.expect(answer)
        try rig.finish()
    }

    @Test("An answer that ends with the connection ends so for the client too", arguments: ["1.1", "1.0"])
    func untilClose(version: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get + ForwardingRig.get)
        try origin.send("HTTP/\(version) 200 OK\r\nDate: now\r\n\r\nall")
        try client.expect("HTTP/1.1 200 OK\r\nDate: now\r\nConnection: close\r\n\r\nall")
        try origin.send(" there is")
        try client.expect(" there is")
        origin.halfClose()
        try client.expect("", then: .fin)
        let records = try rig.finish()
        #expect(records.map(\.ending) == ["ok origin relay"])
        #expect(records.first?.down == 12)
    }

    @Test("An answer of an HTTP/1.0 origin is an answer; its connection is kept only if it says so")
    func oldOrigin() throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        try client.send(rig.text(ForwardingRig.get))
        let first = try rig.accept()
        _ = try first.receiveHead()
        try first.send("HTTP/1.0 200 OK\r\nDate: now\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok")
        try client.expect(ForwardingRig.ok)
        try client.send(rig.text(ForwardingRig.get))
        _ = try first.receiveHead()
        try first.send("HTTP/1.0 200 OK\r\nDate: now\r\nContent-Length: 2\r\n\r\nok")
        try client.expect(ForwardingRig.ok)
        #expect(try first.end() == .fin)
        try rig.exchange(client)
        try rig.finish()
    }

    @Test(
        "An answer that has no body has none, whatever its fields say",
        arguments: [
            ("HEAD", "200 OK", "Content-Length: 5\r\n"), ("HEAD", "200 OK", "Transfer-Encoding: chunked\r\n"),
            ("HEAD", "200 OK", ""), ("GET", "304 Same", "Content-Length: 5\r\n"), ("GET", "304 Same", ""),
            ("GET", "204 None", ""), ("GET", "204 None", "Content-Length: 0\r\n"),
            ("HEAD", "404 No", "Content-Length: 9\r\n"),
        ])
    func noBody(method: String, status: String, field: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin("\(method) http://{origin}/ HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = "HTTP/1.1 \(status)\r\nDate: now\r\n\(field)\r\n"
        try origin.send(answer)
        try client.expect(answer)
        // Both connections go on.
        try rig.exchange(client, on: origin)
        try rig.finish()
    }

    @Test("An HTTP/1.0 client gets the data of chunks, and the end of its connection behind them")
    func unwrapped() throws {
        let answer =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nDate: now\r\n\r\n3;x\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n"
        let head = "HTTP/1.1 200 OK\r\nDate: now\r\nConnection: close\r\n\r\n"
        let rig = try ForwardingRig()
        for index in [answer.utf8.count] + Array(50..<answer.utf8.count) {
            let (client, origin, _) = try rig.begin("GET http://{origin}/ HTTP/1.0\r\n\r\n")
            try origin.send(Array(answer.utf8.prefix(index)))
            try origin.send(Array(answer.utf8.dropFirst(index)))
            try client.expect(head + "abc0123456789", then: .fin)
            origin.close()
        }
        #expect(try rig.finish().allSatisfy { $0.down == 13 })
    }

    @Test("An answer without Date gets one")
    func date() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        try origin.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(
            try client.receiveHead().wholeMatch(
                of: /HTTP\/1.1 200 OK\r\nContent-Length: 0\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n\r\n/)
                != nil)
        try rig.finish()
    }

    // MARK: - Bulk

    /// Megabytes that are the same nowhere.
    private static let bulk: [UInt8] = {
        var generator = SeededGenerator(seed: 5)
        return (0..<3_000_001).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }()

    @Test(
        "Megabytes pass both ways at once, with a length and in chunks large and small",
        arguments: [0, 1_000_000, 1000])
    func bulk(chunk: Int) throws {
        let rig = try ForwardingRig()
        let framing = chunk == 0 ? "Content-Length: \(Self.bulk.count)" : "Transfer-Encoding: chunked"
        let (client, origin, _) = try rig.begin("POST http://{origin}/ HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
        let message = Self.framed(Self.bulk, by: chunk)
        try origin.send("HTTP/1.1 200 OK\r\nDate: now\r\n\(framing)\r\n\r\n")
        let sending = Background { try client.send(message) }
        // The answer ends behind the request: an origin whose answer is through wants no more of the request.
        let (most, last) = (Array(message.dropLast(5)), Array(message.suffix(5)))
        let answering = Background { try origin.send(most) }
        let arriving = Background {
            let arrived = try origin.receive(message.count)
            #expect(arrived == message)
        }
        // The answer began before the request was through.
        try client.expect(
            "HTTP/1.1 200 OK\r\nDate: now\r\n" + framing + "\r\n"
                + "Connection: close\r\n\r\n")
        #expect(try client.receive(most.count) == most)
        for work in [sending, answering, arriving] { try work.wait() }
        try origin.send(last)
        #expect(try client.receive(last.count) == last)
        #expect(try client.end() == .fin)
        let record = try #require(try rig.finish().first)
        #expect(record.up == message.count && record.down == message.count)
        #expect(record.ending == "ok origin relay")
    }

    private static func framed(_ bytes: [UInt8], by chunk: Int) -> [UInt8] {
        guard chunk > 0 else { return bytes }
        var message: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(chunk)
            message += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8)
            rest = rest.dropFirst(chunk)
        }
        return message + Array("0\r\n\r\n".utf8)
    }
}
