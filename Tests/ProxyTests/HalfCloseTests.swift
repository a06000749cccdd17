import Addressing
import Testing

@testable import Proxy

@Suite("Half-close")
struct HalfCloseTests {
    private static let large = [UInt8](repeating: 0x61, count: 3 << 20)

    @Test("A client that has ended still gets the whole answer", arguments: Way.allCases)
    func clientEnds(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        try client.send("question")
        client.halfClose()
        let (question, end) = try origin.receiveToEnd()
        #expect(question == Array("question".utf8))
        #expect(end == .fin)
        let sending = Background {
            try origin.send(Self.large)
            origin.close()
        }
        let (answer, answerEnd) = try client.receiveToEnd()
        try sending.wait()
        #expect(answer == Self.large)
        #expect(answerEnd == .fin)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "ok client relay")
        #expect(record.up == 8)
        #expect(record.down == Self.large.count)
    }

    @Test("An origin that has ended still gets all that the client sends", arguments: Way.allCases)
    func originEnds(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        try origin.send("greeting")
        origin.halfClose()
        #expect(try client.receiveToEnd().bytes == Array("greeting".utf8))
        let sending = Background {
            try client.send(Self.large)
            client.close()
        }
        let (upload, end) = try origin.receiveToEnd()
        try sending.wait()
        #expect(upload == Self.large)
        #expect(end == .fin)
        origin.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "ok origin relay")
        #expect(record.up == Self.large.count)
        #expect(record.down == 8)
    }

    @Test(
        "An end that comes together with the request is passed on, and the answer comes back", arguments: Way.allCases)
    func endWithRequest(way: Way) throws {
        let proxy = try RunningProxy()
        let listening = try Origin()
        let client = try proxy.connect()
        try client.send(way.request("127.0.0.1", listening.port) + Array("all".utf8))
        client.halfClose()
        let origin = try listening.accept()
        let (bytes, end) = try origin.receiveToEnd()
        #expect(bytes == Array("all".utf8))
        #expect(end == .fin)
        try origin.send("answer")
        origin.close()
        #expect(try client.readAnswer(way).code == way.success)
        #expect(try client.receiveToEnd().bytes == Array("answer".utf8))
        client.close()
        #expect(try #require(try proxy.finish().first).ending == "ok client relay")
    }

    @Test("An end during the look-up is no farewell", arguments: Way.allCases)
    func endDuringLookUp(way: Way) throws {
        let proxy = try RunningProxy()
        let listening = try Origin()
        let client = try proxy.connect()
        try client.send(way.request("slow.example", listening.port) + Array("all".utf8))
        let answer = try proxy.resolver.nextWaiting()
        client.halfClose()
        answer(.addresses([.loopbackV4]))
        let origin = try listening.accept()
        #expect(try origin.receiveToEnd().bytes == Array("all".utf8))
        try origin.send("answer")
        origin.close()
        #expect(try client.readAnswer(way).code == way.success)
        #expect(try client.receiveToEnd().bytes == Array("answer".utf8))
        client.close()
        #expect(try #require(try proxy.finish().first).ending == "ok client relay")
    }

    @Test("The record has the time of the first byte, even when the origin's answer and end come at once")
    func firstByte() throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(.connect, to: try Origin())
        client.halfClose()
        #expect(try origin.end() == .fin)
        try proxy.server.workers[0].mailbox.whileWaiting {
            try origin.send("answer")
            origin.close()
        }
        #expect(try client.receiveToEnd().bytes == Array("answer".utf8))
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.down == 6)
        #expect(record.ms.firstByte != nil)
    }
}
