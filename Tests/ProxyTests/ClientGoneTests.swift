import Addressing
import Testing

@testable import Proxy

@Suite("Clients that leave")
struct ClientGoneTests {
    /// How far a client comes before it leaves.
    struct Departure: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let said: [UInt8]
        let stage: String
        /// What the proxy says before it waits for more.
        var answer: [UInt8] = []

        static let all = [
            Departure(testDescription: "nothing", said: [], stage: "sniff"),
            Departure(testDescription: "a byte of SOCKS5", said: [5], stage: "negotiate"),
            Departure(testDescription: "a SOCKS5 greeting", said: [5, 1, 0], stage: "negotiate", answer: [5, 0]),
            Departure(
                testDescription: "half a SOCKS5 request", said: [5, 1, 0, 5, 1, 0, 3, 9, 0x61], stage: "negotiate",
                answer: [5, 0]),
            Departure(testDescription: "half a SOCKS4 request", said: [4, 1, 0], stage: "negotiate"),
            Departure(
                testDescription: "half a CONNECT", said: Array("CONNECT a.example:443 HTTP/1.1\r\nHo".utf8),
                stage: "negotiate"),
        ]
    }

    @Test("A client that closes in the middle of its request has its record", arguments: Departure.all)
    func closes(departure: Departure) throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send(departure.said)
        #expect(try client.receive(departure.answer.count) == departure.answer)
        client.halfClose()
        #expect(try client.receiveToEnd().bytes == [])
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "http_request_error client \(departure.stage)")
        #expect(record.told == nil)
    }

    @Test("A client that resets in the middle of its request has its record", arguments: Departure.all)
    func resets(departure: Departure) throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send(departure.said)
        #expect(try client.receive(departure.answer.count) == departure.answer)
        // So that the bytes are not destroyed by the reset before they are read.
        try proxy.wait("the connection") { proxy.server.counts.accepted == 1 }
        _ = try proxy.server.registrations()
        client.reset()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "http_request_error client \(departure.stage) ECONNRESET")
    }

    @Test("A client that is gone before it was accepted is one that said nothing")
    func goneBeforeAccept() throws {
        let proxy = try RunningProxy()
        try proxy.server.workers[0].mailbox.whileWaiting {
            for _ in 0..<3 { try proxy.connect().reset() }
            for _ in 0..<3 { try proxy.connect().close() }
        }
        let records = try proxy.finish()
        #expect(records.count == 6)
        #expect(records.allSatisfy { $0.outcome == "http_request_error" && $0.endedBy == "client" })
    }

    @Test("A client that resets during the look-up ends it, and nothing is dialled", arguments: Way.allCases)
    func duringLookUp(way: Way) throws {
        let listening = try Origin()
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send(way.request("slow.example", listening.port))
        let answer = try proxy.resolver.nextWaiting()
        client.reset()
        let record = try #require(try proxy.records(1).first)
        #expect(record.ending == "connection_terminated client resolve ECONNRESET")
        #expect(record.host == "slow.example")
        answer(.addresses([.loopbackV4]))
        try proxy.finish()
        #expect(!listening.isAsked)
    }

    @Test("A look-up's answer for a client that has left is not the next client's", arguments: Way.allCases)
    func lateAnswer(way: Way) throws {
        let wrong = try Origin(.ownLoopback())
        let right = try Origin(.ownLoopback(), port: wrong.port)
        let proxy = try RunningProxy()
        let first = try proxy.connect()
        try first.send(way.request("first.example", wrong.port))
        let firstAnswer = try proxy.resolver.nextWaiting()
        first.reset()
        _ = try proxy.records(1)
        // Takes the place of the first, whose number and slot are free again.
        let second = try proxy.connect()
        try second.send(way.request("second.example", right.port))
        let secondAnswer = try proxy.resolver.nextWaiting()
        firstAnswer(.addresses([wrong.endpoint.address]))
        _ = try proxy.server.registrations()
        secondAnswer(.addresses([right.endpoint.address]))
        #expect(try second.readAnswer(way).code == way.success)
        try right.accept().close()
        second.close()
        let records = try proxy.finish()
        #expect(records.map(\.dialled) == [nil, "\(right.endpoint.address)"])
        #expect(!wrong.isAsked)
    }

    @Test("A client that resets while the origin is dialled ends the dialling", arguments: Way.allCases)
    func duringDial(way: Way) throws {
        let silent = try SilentPort()
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send(way.request("127.0.0.1", silent.port))
        // The client, and the connection that is being made for it.
        try proxy.wait("the dial") { try proxy.server.registrations() == 4 }
        client.reset()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "connection_terminated client dial ECONNRESET")
        #expect(record.dialled == nil)
    }

    @Test("A client that resets as its tunnel opens was told nothing")
    func asItOpens() throws {
        let silent = try SilentPort()
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send(Way.connect.request("127.0.0.1", silent.port))
        try proxy.wait("the dial") { try proxy.server.registrations() == 4 }
        var origin: Connection?
        // The origin's event comes first in the batch, the client's after it.
        try proxy.server.workers[0].mailbox.whileWaiting {
            origin = try silent.speak()
            client.reset()
        }
        #expect(try origin?.end() == .reset)
        origin?.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.outcome == "connection_terminated")
        #expect(record.endedBy == "client")
        #expect(record.stage == "reply")
        #expect(record.told == nil)
    }

    @Test("A refused client that resets instead of reading leaves nothing behind", arguments: Way.allCases)
    func afterRefusal(way: Way) throws {
        let proxy = try RunningProxy(policy: "default deny\n")
        for _ in 0..<8 {
            let client = try proxy.connect()
            try client.send(way.request("a.example", Port(1)))
            client.reset()
        }
        #expect(try proxy.finish().count == 8)
    }
}
