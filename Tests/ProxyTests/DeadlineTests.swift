import Addressing
import Testing

@testable import Proxy

@Suite("Deadlines")
struct DeadlineTests {
    /// What a client says before it falls silent, what it is told, and what stands in the record.
    struct Silence: Sendable, CustomTestStringConvertible {
        let said: [UInt8]
        let answer: [UInt8]
        let stage: String
        let told: Int?
        let testDescription: String

        static let all = [
            Silence(said: [], answer: [], stage: "sniff", told: nil, testDescription: "nothing"),
            Silence(said: [5], answer: [], stage: "negotiate", told: nil, testDescription: "SOCKS5 greeting, a part"),
            Silence(
                said: [5, 1, 0], answer: [5, 0], stage: "negotiate", told: nil, testDescription: "SOCKS5 greeting"),
            Silence(
                said: [5, 1, 0, 5, 1, 0, 1], answer: [5, 0], stage: "negotiate", told: nil,
                testDescription: "SOCKS5 request, a part"),
            Silence(
                said: [4, 1], answer: [], stage: "negotiate", told: nil, testDescription: "SOCKS4 request, a part"),
        ]
    }

    @Test("A SOCKS request that doesn't come in time closes the connection without a word", arguments: Silence.all)
    func handshake(silence: Silence) throws {
        let proxy = try RunningProxy { $0.handshakeTimeout = .milliseconds(40) }
        let client = try proxy.connect()
        try client.send(silence.said)
        let (answer, end) = try client.receiveToEnd()
        #expect(answer == silence.answer)
        #expect(end == .fin)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "http_request_error proxy \(silence.stage)")
        #expect(record.told == silence.told)
    }

    @Test(
        "An HTTP request that doesn't come in time is answered with 408", arguments: ["C", "CONNECT a:1 HTTP/1.1\r\n"])
    func httpHandshake(said: String) throws {
        let proxy = try RunningProxy { $0.handshakeTimeout = .milliseconds(40) }
        let client = try proxy.connect()
        try client.send(said)
        #expect(try client.readAnswer(.connect).code == 408)
        #expect(try client.end() == .fin)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "http_request_error proxy negotiate")
        #expect(record.status == 408)
    }

    @Test("A client that drips bytes gains no time")
    func dripping() throws {
        let proxy = try RunningProxy { $0.handshakeTimeout = .milliseconds(60) }
        let client = try proxy.connect()
        // A field that never ends: each byte is fine, and the deadline is the whole request's.
        try client.send("CONNECT a:1 HTTP/1.1\r\nX: ")
        for _ in 0..<10_000 where !client.hasNews { try client.send("x") }
        #expect(try client.readAnswer(.connect).code == 408)
        client.close()
        #expect(try #require(try proxy.finish().first).status == 408)
    }

    @Test("A tunnel through which nothing moves is ended, and neither end is left", arguments: Way.allCases)
    func idle(way: Way) throws {
        let proxy = try RunningProxy { $0.idleTimeout = .milliseconds(60) }
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        try client.send("ping")
        #expect(try origin.receive(4) == Array("ping".utf8))
        #expect(try client.receiveToEnd().bytes == [])
        #expect(try origin.receiveToEnd().bytes == [])
        client.close()
        origin.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "connection_read_timeout proxy relay")
        #expect(record.up == 4)
        #expect(record.told == way.success)
    }

    @Test("A half-closed tunnel through which nothing moves is ended too")
    func idleHalfClosed() throws {
        let proxy = try RunningProxy { $0.idleTimeout = .milliseconds(60) }
        let (client, origin) = try proxy.tunnel(.connect, to: try Origin())
        client.halfClose()
        #expect(try origin.end() == .fin)
        _ = try client.end()
        client.close()
        origin.close()
        #expect(try #require(try proxy.finish().first).ending == "connection_read_timeout proxy relay")
    }

    @Test("A refused client that neither reads nor closes is let go after two seconds")
    func lingering() throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        #expect(try client.ask(.socks5, for: "0.0.0.0", Port(1)) == 1)
        #expect(try client.end() == .fin)
        // Still open on this side: what is awaited is the server's letting go.
        try proxy.finish()
        client.close()
    }
}
