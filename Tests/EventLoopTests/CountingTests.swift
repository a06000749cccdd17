import CLinux
import Dispatch
import Glibc
import Testing

@testable import EventLoop

@Suite("Counting on a loop")
struct CountingTests {
    @Test("A cell is read by other threads as its one writer leaves it, and no other changes with it")
    func cells() {
        let block = CounterBlock(count: 3)
        let done = DispatchSemaphore(value: 0)
        DispatchQueue(label: "writer").async {
            for _ in 0..<100_000 { block.add(to: 1) }
            done.signal()
        }
        var last: UInt64 = 0
        while last < 100_000, done.wait(timeout: .now()) == .timedOut {
            let now = block[1]
            #expect(now >= last)
            last = now
        }
        _ = done.wait(timeout: .now() + 10)
        #expect([block[0], block[1], block[2]] == [0, 100_000, 0])
        block.set(.max, at: 2)
        block.add(2, to: 2)
        #expect(block[2] == 1, "it wraps")
    }

    @Test("A visit meets each registration once, in parts, even while some of them end")
    func visiting() throws {
        try RunningLoop().run { stage in
            var ends: [CInt] = []
            var handlers: [ScriptedHandler] = []
            for _ in 0..<20 {
                let descriptor = eventfd(0, 0)
                ends.append(descriptor)
                handlers.append(ScriptedHandler())
                _ = try stage.loop.register(descriptor, for: handlers[handlers.count - 1])
            }
            var met: [ObjectIdentifier] = []
            var parts = 0
            var place: Int? = 0
            while let from = place {
                place = stage.loop.visit(from: from, atMost: 7) { handler, registration in
                    guard handler is ScriptedHandler else { return }
                    met.append(ObjectIdentifier(handler))
                    stage.loop.deregister(registration)
                }
                parts += 1
            }
            #expect(met.count == 20 && Set(met) == Set(handlers.map(ObjectIdentifier.init)))
            #expect(parts >= 3)
            #expect(!stage.loop.handlers.contains { $0 is ScriptedHandler })
            for descriptor in ends { close(descriptor) }
        }
    }

    @Test("A loop's rounds are counted, and its time now and then")
    func load() throws {
        let loop = try RunningLoop()
        let load = try loop.run { $0.loop.load }
        let before = load.turns
        for _ in 0..<40 { try loop.run { _ in _ = poll(nil, 0, 1) } }
        #expect(load.turns >= before + 39)
        // Two rounds at least were measured, each for seventeen; how long those took that were is the machine's affair.
        #expect(load.busyNanoseconds >= 2 * 17)
    }
}
