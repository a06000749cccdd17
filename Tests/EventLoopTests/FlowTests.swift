import Glibc
import Testing

@testable import EventLoop

@Suite("A flow")
struct FlowTests {
    /// Runs `body` with a rig, on a loop.
    private static func with(
        from source: SocketPair.Kind = .stream, to sink: SocketPair.Kind = .stream,
        _ body: @escaping @Sendable (FlowRig) throws -> Void
    ) throws {
        try RunningLoop().run { stage in
            try body(try FlowRig(stage.loop, from: source, to: sink))
            #expect(stage.loop.pipes.lent == 0, "a pipe was not given back")
        }
    }

    @Test("Bytes that came with the request are delivered before all others")
    func prepends() throws {
        try Self.with { rig in
            rig.source.send([4, 5])
            [1, 2, 3].withUnsafeBytes { rig.flow.prepend(UnsafeRawBufferPointer(rebasing: $0[..<0])) }
            ([1, 2, 3] as [UInt8]).withUnsafeBytes { rig.flow.prepend($0) }
            #expect(rig.pump() == "waiting")
            #expect(rig.sink.received().bytes == [1, 2, 3, 4, 5])
            #expect(rig.flow.delivered == 5)
        }
    }

    @Test("An end is told once, after everything before it was delivered")
    func ends() throws {
        try Self.with { rig in
            rig.source.send([1, 2])
            Socket.shutDownWriting(rig.source.far)
            #expect(rig.pump([.readable, .peerClosed, .writable]) == "ended")
            #expect(rig.flow.phase == .ended)
            #expect(rig.pump([.readable, .peerClosed, .writable]) == "waiting")
            #expect(rig.sink.received().bytes == [1, 2])
        }
    }

    @Test("The end of one direction leaves the other running")
    func halfClose() throws {
        try Self.with { rig in
            Socket.shutDownWriting(rig.source.far)
            #expect(rig.pump() == "ended")
            var back = Flow()
            rig.sink.send([7])
            rig.to.note(.readable)
            guard case .waiting = back.pump(from: &rig.to, to: &rig.from, on: rig.loop) else {
                Issue.record("the way back has stopped")
                return
            }
            #expect(rig.source.received().bytes == [7])
            #expect(back.phase == .open)
        }
    }

    @Test("What a full sink doesn't take is held, in order, and nothing more is read meanwhile")
    func holds() throws {
        try Self.with { rig in
            rig.sink.setSendBuffer(of: rig.sink.near, to: 4096)
            let bytes = FlowRig.bytes(60_000)
            #expect(rig.source.send(bytes) == bytes.count)
            #expect(rig.pump() == "waiting")
            #expect(!rig.to.canWrite)
            let moved = rig.flow.delivered
            #expect(moved > 0 && moved < 60_000)
            rig.source.send([9])
            // The sink has said nothing: pumping changes nothing, whatever the source says.
            #expect(rig.pump(.readable) == "waiting")
            #expect(rig.flow.delivered == moved)
            let (received, last) = rig.drain()
            #expect(received == bytes + [9])
            #expect(last == "waiting")
            #expect(rig.flow.delivered == 60_001)
        }
    }

    @Test("An end that comes while bytes are held is passed on after them")
    func endsAfterHeld() throws {
        try Self.with { rig in
            rig.sink.setSendBuffer(of: rig.sink.near, to: 4096)
            let bytes = FlowRig.bytes(50_000)
            rig.source.send(bytes)
            Socket.shutDownWriting(rig.source.far)
            #expect(rig.pump([.readable, .peerClosed, .writable]) == "waiting")
            #expect(rig.flow.phase != .ended)
            let (received, last) = rig.drain()
            #expect(last == "ended")
            #expect(received + rig.sink.received().bytes == bytes)
        }
    }

    @Test("After two full reads bytes go through a pipe, which is given back when the burst ends")
    func splices() throws {
        try Self.with { rig in
            rig.sink.setSendBuffer(of: rig.sink.near, to: 64 * 1024)
            let bytes = FlowRig.bytes(4 << 20)
            var sent = rig.source.send(bytes)
            try #require(sent > 3 * 64 * 1024)
            var received: [UInt8] = []
            var hadPipe = false
            while received.count < sent {
                let before = received.count
                #expect(rig.pump() == "waiting")
                hadPipe = hadPipe || rig.loop.pipes.lent == 1
                received += rig.sink.received().bytes
                sent += rig.source.send(Array(bytes[sent...]))
                try #require(received.count > before)
            }
            #expect(hadPipe)
            #expect(rig.pump() == "waiting")
            #expect(rig.loop.pipes.lent == 0)
            #expect(received == bytes)
            #expect(rig.flow.delivered == UInt64(bytes.count))
            rig.source.send([1])
            Socket.shutDownWriting(rig.source.far)
            #expect(rig.pump([.readable, .peerClosed, .writable]) == "ended")
            #expect(rig.sink.received().bytes == [1])
        }
    }

    /// Sends `count` bytes at once through a flow that has a pipe or not, told by whether one is lent while the sink is
    /// full; then reads them.
    private static func burst(_ rig: FlowRig, _ count: Int) throws -> Bool {
        let before = rig.flow.delivered
        let filling = FlowRig.bytes(4096)
        while case .bytes = filling.withUnsafeBytes({ Socket.send(rig.sink.near, $0) }) {}
        try #require(rig.source.send(FlowRig.bytes(count)) == count)
        #expect(rig.pump() == "waiting")
        try #require(!rig.to.canWrite)
        let hasPipe = rig.loop.pipes.lent == 1
        while rig.flow.delivered < before + UInt64(count) {
            try #require(!rig.sink.received().bytes.isEmpty)
            #expect(rig.pump() == "waiting")
        }
        _ = rig.sink.received()
        #expect(rig.pump() == "waiting")
        #expect(rig.loop.pipes.lent == 0)
        return hasPipe
    }

    @Test("A source that has sent in bulk is spliced from its next byte on, until some bursts were small")
    func remembersBulk() throws {
        try Self.with { rig in
            #expect(try Self.burst(rig, 60_000) == false)
            _ = try Self.burst(rig, 200_000)
            #expect(try Self.burst(rig, 100_000) == true)
            for _ in 0..<4 { #expect(try Self.burst(rig, 40_000) == true) }
            #expect(try Self.burst(rig, 40_000) == false)
        }
    }

    @Test("A tunnel that ends with bytes in its pipe gives back no pipe that others would read them from")
    func releasesDirty() throws {
        try Self.with { rig in
            rig.sink.setSendBuffer(of: rig.sink.near, to: 4096)
            let bytes = FlowRig.bytes(1 << 20)
            let sent = rig.source.send(bytes)
            // Two full reads are held and drained before the pipe is there.
            var received: [UInt8] = []
            while rig.loop.pipes.lent == 0 {
                #expect(rig.pump() == "waiting")
                received += rig.sink.received().bytes
                try #require(received.count < sent)
            }
            while rig.to.canWrite { #expect(rig.pump() == "waiting") }
            rig.flow.release(on: rig.loop)
            rig.flow.release(on: rig.loop)
            #expect(rig.loop.pipes.lent == 0)
            let next = try #require(rig.loop.pipes.borrow())
            var byte: UInt8 = 0
            #expect(read(next.readEnd.raw, &byte, 1) == -1)
            rig.loop.pipes.giveBack(next)
        }
    }

    @Test("A source that never runs dry has its budget, and then others go first")
    func budget() throws {
        try Self.with(from: .messages) { rig in
            for number in 0..<40 { rig.source.send([UInt8(number)]) }
            // A message each read; with the peer's end known of, a short one is not taken for the last.
            #expect(rig.pump([.readable, .peerClosed, .writable]) == "budget spent")
            #expect(rig.flow.delivered == 16)
            #expect(rig.pump([]) == "budget spent")
            #expect(rig.pump([]) == "waiting")
            #expect(rig.sink.received().bytes == (0..<40).map { UInt8($0) })
        }
    }

    @Test("A reset by the source is the source's failure, after what it had sent before")
    func sourceReset() throws {
        try Self.with(from: .tcp) { rig in
            rig.source.send([1, 2, 3])
            SocketPair.wait(for: CInt(POLLIN), on: rig.source.near)
            rig.source.resetFar()
            #expect(rig.pump([.readable, .writable, .error, .hangUp]) == "source failed: Connection reset by peer")
            #expect(rig.sink.received().bytes == [1, 2, 3])
        }
    }

    @Test("A reset by the sink is the sink's failure", arguments: [false, true])
    func sinkReset(isHeld: Bool) throws {
        try Self.with(to: .tcp) { rig in
            if isHeld { ([1] as [UInt8]).withUnsafeBytes { rig.flow.prepend($0) } }
            rig.sink.resetFar()
            rig.source.send([1])
            #expect(rig.pump() == "sink failed: Connection reset by peer")
            #expect(rig.flow.delivered == 0)
        }
    }

    @Test("A sink that has gone without a reset is the sink's failure too")
    func sinkGone() throws {
        try Self.with { rig in
            rig.sink.end(rig.sink.far)
            rig.source.send([1])
            #expect(rig.pump() == "sink failed: Broken pipe")
        }
    }
}
