import Addressing
import Testing

@testable import Proxy

@Suite("Resets")
struct ResetTests {
    @Test("A client's reset is a reset for the origin", arguments: Way.allCases)
    func clientResets(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        try client.send("before")
        #expect(try origin.receive(6) == Array("before".utf8))
        client.reset()
        #expect(try origin.end() == .reset)
        origin.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "connection_terminated client relay ECONNRESET")
        #expect(record.up == 6)
        #expect(record.told == way.success)
    }

    @Test("An origin's reset is a reset for the client, after what the origin had said", arguments: Way.allCases)
    func originResets(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        try proxy.server.workers[0].mailbox.whileWaiting {
            try origin.send("last words")
            origin.reset()
        }
        let (bytes, end) = try client.receiveToEnd()
        #expect(bytes == Array("last words".utf8))
        #expect(end == .reset)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "connection_terminated origin relay ECONNRESET")
        #expect(record.down == 10)
    }

    @Test("They reach a client whose first bytes meet the reset as well", arguments: Way.allCases)
    func originResetsFirstBytes(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        // The client's event comes first in the batch, and finds an origin that takes nothing.
        try proxy.server.workers[0].mailbox.whileWaiting {
            try client.send("hello")
            try origin.send("go away")
            origin.reset()
        }
        let (bytes, end) = try client.receiveToEnd()
        #expect(bytes == Array("go away".utf8))
        #expect(end == .reset)
        client.close()
        #expect(try #require(try proxy.finish().first).endedBy == "origin")
    }

    @Test("What an origin says before it resets reaches a client that is still sending", arguments: Way.allCases)
    func originResetsUpload(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        // The origin reads nothing, until neither it, the proxy nor the client's kernel takes any more.
        let bytes = [UInt8](repeating: 0x62, count: 64 * 1024)
        var sent = 0
        while true {
            let count = try client.sendSome(bytes[...])
            sent += count
            if count == 0 {
                // The proxy has had its turn, and still there is no room.
                for _ in 0..<3 { _ = try proxy.server.registrations() }
                let more = try client.sendSome(bytes[...])
                sent += more
                if more == 0 { break }
            }
        }
        // Closing with bytes unread is how servers refuse an upload: the kernel makes it a reset.
        try proxy.server.workers[0].mailbox.whileWaiting {
            try origin.send("too large")
            origin.close()
        }
        let (answer, end) = try client.receiveToEnd()
        #expect(answer == Array("too large".utf8))
        #expect(end == .reset)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.outcome == "connection_terminated")
        #expect(record.endedBy == "origin")
        #expect(record.down == 9)
    }

    @Test("A reset after the client has ended is passed on as well", arguments: Way.allCases)
    func resetAfterHalfClose(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        client.halfClose()
        #expect(try origin.end() == .fin)
        origin.reset()
        #expect(try client.end() == .reset)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "connection_terminated origin relay ECONNRESET")
    }

    @Test("A client that closes with bytes unread has ended it, however much the origin still sends")
    func closesUnread() throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(.connect, to: try Origin())
        try origin.send("unread")
        try Connection.wait(for: 1, on: client.descriptor, "bytes")
        client.close()
        #expect(try origin.end() == .reset)
        origin.close()
        #expect(try #require(try proxy.finish().first).endedBy == "client")
    }
}
