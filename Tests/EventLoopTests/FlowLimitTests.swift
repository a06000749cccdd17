import Testing

@testable import EventLoop

@Suite("A flow with a limit")
struct FlowLimitTests {
    /// Runs `body` with a rig, on a loop.
    private static func with(_ body: @escaping @Sendable (FlowRig) throws -> Void) throws {
        try RunningLoop().run { stage in
            try body(try FlowRig(stage.loop))
            #expect(stage.loop.pipes.lent == 0, "a pipe was not given back")
        }
    }

    @Test("It reads so many bytes and not one more, and says so when the sink has them", arguments: [1, 1000, 150_000])
    func limits(limit: Int) throws {
        try Self.with { rig in
            let bytes = FlowRig.bytes(limit + 7)
            var sent = rig.source.send(bytes)
            rig.flow.limit = UInt64(limit)
            var received: [UInt8] = []
            while received.count < limit {
                let result = rig.pump()
                let new = rig.sink.received().bytes
                received += new
                sent += rig.source.send(Array(bytes[sent...]))
                if result == "limit reached" { break }
                try #require(!new.isEmpty)
            }
            #expect(received == Array(bytes[..<limit]))
            #expect(rig.flow.limit == 0)
            // What is beyond the limit is the next message's.
            rig.flow.limit = .max
            #expect(rig.pump() == "waiting")
            #expect(rig.sink.received().bytes == Array(bytes[limit...]))
            #expect(rig.flow.delivered == UInt64(bytes.count))
        }
    }

    @Test("What a full sink holds up counts as read, and the limit is reached once it is delivered")
    func holds() throws {
        try Self.with { rig in
            rig.sink.setSendBuffer(of: rig.sink.near, to: 4096)
            let bytes = FlowRig.bytes(50_000)
            rig.source.send(bytes)
            rig.flow.limit = 40_000
            #expect(rig.pump() == "waiting")
            #expect(rig.flow.limit == 0)
            #expect(!rig.flow.isDrained)
            let (received, last) = rig.drain()
            #expect(last == "limit reached")
            #expect(rig.flow.isDrained)
            #expect(received + rig.sink.received().bytes == Array(bytes[..<40_000]))
        }
    }

    @Test("An end before the limit is an end")
    func endsEarly() throws {
        try Self.with { rig in
            rig.source.send([1, 2])
            rig.flow.limit = 3
            Socket.shutDownWriting(rig.source.far)
            #expect(rig.pump([.readable, .peerClosed, .writable]) == "ended")
            #expect(rig.flow.limit == 1)
        }
    }

    @Test("Bytes of our own are sent at once, or held in front of the source's")
    func passes() throws {
        try Self.with { rig in
            rig.source.send([9])
            #expect(([1, 2] as [UInt8]).withUnsafeBytes { rig.flow.pass($0, to: &rig.to) } == nil)
            #expect(rig.sink.received().bytes == [1, 2])
            rig.to.canWrite = false
            #expect(([3] as [UInt8]).withUnsafeBytes { rig.flow.pass($0, to: &rig.to) } == nil)
            #expect(!rig.flow.isDrained)
            #expect(rig.flow.delivered == 2)
            rig.to.note(.writable)
            #expect(rig.flow.flush(to: &rig.to) == nil)
            #expect(rig.flow.isDrained)
            #expect(rig.pump() == "waiting")
            #expect(rig.sink.received().bytes == [3, 9])
            #expect(rig.flow.delivered == 4)
        }
    }
}
