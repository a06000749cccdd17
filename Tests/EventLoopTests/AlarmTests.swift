import Testing

@testable import EventLoop

@Suite("Alarms")
struct AlarmTests {
    @Test("The earliest comes first, whatever was set, moved and removed before")
    func order() {
        var heap = AlarmHeap()
        var random = SystemRandomNumberGenerator()
        var expected: [ObjectIdentifier: Int64] = [:]
        let handlers = (0..<200).map { _ in EventHandler() }
        for _ in 0..<2000 {
            let handler = handlers.randomElement(using: &random) ?? handlers[0]
            if handler.alarmIndex >= 0 && Bool.random(using: &random) {
                heap.remove(handler)
                expected[ObjectIdentifier(handler)] = nil
            } else {
                let time = Int64.random(in: 0..<1000, using: &random)
                heap.set(handler, at: Instant(nanoseconds: time))
                expected[ObjectIdentifier(handler)] = time
            }
            #expect(heap.count == expected.count)
        }
        var last = Int64.min
        while let earliest = heap.earliest {
            let handler = heap.removeEarliest()
            #expect(expected.removeValue(forKey: ObjectIdentifier(handler)) == earliest.nanoseconds)
            #expect(earliest.nanoseconds >= last)
            #expect(handler.alarmIndex < 0)
            last = earliest.nanoseconds
        }
        #expect(expected.isEmpty)
    }

    /// A handler that notes its name when its time has come.
    private static func handler(_ name: String, _ notes: Notes) -> ScriptedHandler {
        let handler = ScriptedHandler()
        handler.onDeadline = { notes.add(name) }
        return handler
    }

    @Test("Alarms ring in the order of their times, one that has passed at once, and the loop keeps who waits")
    func rings() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            let now = stage.loop.now
            stage.loop.wake(Self.handler("third", notes), at: now.advanced(by: .milliseconds(6)))
            stage.loop.wake(Self.handler("first", notes), at: now.advanced(by: .milliseconds(-50)))
            stage.loop.wake(Self.handler("second", notes), at: now.advanced(by: .milliseconds(3)))
        }
        #expect(notes.wait(for: 3) == ["first", "second", "third"])
        try running.run { stage in #expect(stage.loop.now.nanoseconds > 0) }
    }

    @Test("An alarm rings no earlier than it is set for, and is moved by setting it again")
    func moved() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            let loop = stage.loop
            let time = loop.now.advanced(by: .milliseconds(8))
            let handler = ScriptedHandler()
            handler.onDeadline = { notes.add("\(loop.now >= time)") }
            loop.wake(handler, at: loop.now.advanced(by: .milliseconds(1)))
            loop.wake(handler, at: time)
        }
        #expect(notes.wait(for: 1) == ["true"])
    }

    @Test("A handler waits for one thing: a list ends its alarm, an alarm its place in a list, stopping both")
    func oneThing() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            let loop = stage.loop
            let soon = loop.now.advanced(by: .milliseconds(1))
            let listed = Self.handler("list", notes)
            let alarmed = Self.handler("alarm", notes)
            let stopped = Self.handler("stopped", notes)
            stage.kept += [listed, alarmed, stopped]
            loop.wake(listed, at: soon)
            loop.timers(after: .milliseconds(8)).start(listed)
            loop.timers(after: .milliseconds(1)).start(alarmed)
            loop.wake(alarmed, at: loop.now.advanced(by: .milliseconds(4)))
            loop.wake(stopped, at: soon)
            loop.stopTimer(of: stopped)
        }
        // When both times have passed before the loop's next turn, lists come first.
        #expect(notes.wait(for: 2).sorted() == ["alarm", "list"])
    }

    @Test("A handler that sets its alarm for the past again and again holds up nobody")
    func again() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            let loop = stage.loop
            let eager = ScriptedHandler()
            eager.onDeadline = { [unowned eager] in loop.wake(eager, at: Instant(nanoseconds: 1)) }
            loop.wake(eager, at: loop.now)
            loop.wake(Self.handler("other", notes), at: loop.now.advanced(by: .milliseconds(1)))
        }
        #expect(notes.wait(for: 1) == ["other"])
        try running.stop()
    }

    @Test("A loop that stops lets go of those who wait")
    func stops() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            let handler = ScriptedHandler()
            handler.onEnd = { notes.add("gone") }
            stage.loop.wake(handler, at: stage.loop.now.advanced(by: .seconds(3600)))
        }
        try running.stop()
        #expect(notes.wait(for: 1) == ["gone"])
    }
}
