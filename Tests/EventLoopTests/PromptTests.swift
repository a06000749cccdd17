import Glibc
import Testing

@testable import EventLoop

@Suite("Handlers that are prompt")
struct PromptTests {
    private final class PromptHandler: EventHandler {
        var onReady: (Readiness) -> Void = { _ in }

        override var isPrompt: Bool { true }

        override func ready(_ readiness: Readiness, tag: UInt32) { onReady(readiness) }
    }

    private func plainHandlers(_ count: Int, _ loop: EventLoop, _ pairs: [SocketPair], _ body: @escaping (Int) -> Void)
        throws
    {
        for index in 0..<count {
            let handler = ScriptedHandler()
            handler.onReady = { _, _ in body(index) }
            _ = try loop.register(pairs[index].near, for: handler)
        }
    }

    @Test("Of events that are there together they hear theirs first, the others theirs in order")
    func first() throws {
        let running = try RunningLoop()
        let pairs = try (0..<4).map { _ in try SocketPair() }
        let notes = Notes()
        try running.run { stage in
            try plainHandlers(3, stage.loop, pairs) { notes.add("plain \($0)") }
            let prompt = PromptHandler()
            prompt.onReady = { _ in notes.add("prompt") }
            _ = try stage.loop.register(pairs[3].near, for: prompt)
        }
        #expect(notes.wait(for: 4) == ["prompt", "plain 0", "plain 1", "plain 2"])
    }

    @Test("What comes while the others have their turn does not wait until they have had it")
    func between() throws {
        let running = try RunningLoop()
        let pairs = try (0..<5).map { _ in try SocketPair() }
        let notes = Notes()
        try running.run { stage in
            try plainHandlers(4, stage.loop, pairs) { index in
                notes.add("plain \(index)")
                guard index == 0 else { return }
                pairs[4].send([1])
                // Longer than the others may go on before the loop looks.
                let end = Instant.now().advanced(by: .microseconds(300))
                while Instant.now() < end {}
            }
            let prompt = PromptHandler()
            prompt.onReady = { notes.add($0.contains(.readable) ? "bytes" : "writable") }
            _ = try stage.loop.register(pairs[4].near, for: prompt)
        }
        #expect(notes.wait(for: 6) == ["writable", "plain 0", "bytes", "plain 1", "plain 2", "plain 3"])
    }

    @Test("Events of others that are found meanwhile are told in the next turn, each once")
    func found() throws {
        let running = try RunningLoop()
        let pairs = try (0..<4).map { _ in try SocketPair() }
        let notes = Notes()
        try running.run { stage in
            let prompt = PromptHandler()
            prompt.onReady = { _ in notes.add("prompt") }
            _ = try stage.loop.register(pairs[3].near, for: prompt)
            try plainHandlers(3, stage.loop, pairs) { index in
                notes.add("plain \(index)")
                guard index == 0, notes.all.count == 2 else { return }
                pairs[0].send([1])
                let end = Instant.now().advanced(by: .microseconds(300))
                while Instant.now() < end {}
            }
        }
        #expect(notes.wait(for: 5) == ["prompt", "plain 0", "plain 1", "plain 2", "plain 0"])
        for _ in 0..<20 { try running.run { _ in } }
        #expect(notes.all.count == 5)
    }

    @Test("They starve nobody, even if there is always something for them")
    func fairness() throws {
        let running = try RunningLoop()
        let pairs = try (0..<65).map { _ in try SocketPair() }
        let notes = Notes()
        try running.run { stage in
            let prompt = PromptHandler()
            prompt.onReady = { _ in pairs[64].send([1]) }
            _ = try stage.loop.register(pairs[64].near, for: prompt)
            try plainHandlers(64, stage.loop, pairs) { notes.add("\($0)") }
        }
        #expect(notes.wait(for: 64) == (0..<64).map { "\($0)" })
    }

    @Test("The table counts their registrations, whoever has them in the end")
    func count() {
        var table = RegistrationTable()
        let registration = table.add(ScriptedHandler(), tag: 1)
        #expect(table.promptCount == 0 && !table.isPrompt(registration))
        _ = table.replace(registration, with: PromptHandler(), tag: 2)
        #expect(table.promptCount == 1 && table.isPrompt(registration))
        #expect(table.receiver(of: registration)?.tag == 2)
        _ = table.replace(registration, with: ScriptedHandler(), tag: 3)
        #expect(table.promptCount == 0 && !table.isPrompt(registration))
        let other = table.add(PromptHandler(), tag: 0)
        #expect(table.promptCount == 1)
        _ = table.remove(other)
        #expect(table.promptCount == 0 && !table.isPrompt(other))
    }
}
