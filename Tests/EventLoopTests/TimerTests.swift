import Testing

@testable import EventLoop

@Suite("Timers")
struct TimerTests {
    /// A handler that notes its name when its time is up. The stage keeps it.
    private static func handler(_ name: String, _ notes: Notes, on stage: RunningLoop.Stage) -> ScriptedHandler {
        let handler = ScriptedHandler()
        handler.onDeadline = { notes.add(name) }
        stage.kept.append(handler)
        return handler
    }

    @Test("Handlers of a list come in the order in which they started")
    func order() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            let list = stage.loop.timers(after: .milliseconds(5))
            for name in ["a", "b", "c"] { list.start(Self.handler(name, notes, on: stage)) }
        }
        #expect(notes.wait(for: 3) == ["a", "b", "c"])
    }

    @Test("A deadline passes no earlier than its duration, however short")
    func notEarly() throws {
        let running = try RunningLoop()
        let notes = Notes()
        for duration in [Duration.microseconds(1), .microseconds(700), .milliseconds(3), .milliseconds(20)] {
            let before = notes.all.count
            try running.run { stage in
                let loop = stage.loop
                let start = loop.now
                let handler = ScriptedHandler()
                handler.onDeadline = { notes.add("\(loop.now >= start.advanced(by: duration))") }
                stage.kept.append(handler)
                loop.timers(after: duration).start(handler)
            }
            #expect(notes.wait(for: before + 1).last == "true")
        }
    }

    @Test("A short wait that starts after a long one is not held up by it")
    func rearms() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            stage.loop.timers(after: .seconds(3600)).start(Self.handler("long", notes, on: stage))
            stage.loop.timers(after: .milliseconds(2)).start(Self.handler("short", notes, on: stage))
        }
        #expect(notes.wait(for: 1) == ["short"])
    }

    @Test("A stopped wait never ends, and its neighbours' do")
    func stops() throws {
        let running = try RunningLoop()
        let notes = Notes()
        for stopped in 0..<3 {
            let before = notes.all.count
            try running.run { stage in
                let list = stage.loop.timers(after: .milliseconds(2))
                let handlers = (0..<3).map { Self.handler("\($0)", notes, on: stage) }
                for handler in handlers { list.start(handler) }
                stage.loop.stopTimer(of: handlers[stopped])
                stage.loop.stopTimer(of: handlers[stopped])
            }
            let others = (0..<3).filter { $0 != stopped }.map(String.init)
            #expect(notes.wait(for: before + 2)[before...] == others[...])
        }
        try running.run { stage in #expect(stage.loop.timers(after: .milliseconds(2)).nextDeadline == nil) }
    }

    @Test("A handler waits for one thing at a time: starting a wait ends the one before")
    func startsAnother() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            let handler = Self.handler("once", notes, on: stage)
            let first = stage.loop.timers(after: .milliseconds(1))
            let second = stage.loop.timers(after: .milliseconds(2))
            first.start(handler)
            second.start(handler)
            #expect(first.nextDeadline == nil)
            stage.loop.timers(after: .milliseconds(8)).start(Self.handler("end", notes, on: stage))
        }
        #expect(notes.wait(for: 2) == ["once", "end"])
    }

    @Test("Activity within the slack leaves the list as it is; beyond it the wait begins anew")
    func touches() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            let loop = stage.loop
            // Made first, so that it is looked at first even when a slow machine lets both lists become due at once.
            let activity = loop.timers(after: .milliseconds(12))
            let list = loop.timers(after: .milliseconds(40))
            let handlers = ["a", "b"].map { Self.handler($0, notes, on: stage) }
            for handler in handlers { list.start(handler) }
            let deadline = list.nextDeadline
            list.touch(handlers[0])
            #expect(list.nextDeadline == deadline)
            #expect(list.first === handlers[0])
            let active = ScriptedHandler()
            active.onDeadline = { list.touch(handlers[0]) }
            stage.kept.append(active)
            activity.start(active)
        }
        #expect(notes.wait(for: 2) == ["b", "a"])
    }

    @Test("Activity in a later turn moves nothing either, while it is within the slack")
    func touchesLater() throws {
        let running = try RunningLoop()
        let deadline = try running.run { stage in
            let list = stage.loop.timers(after: .seconds(900))
            for _ in 0..<2 {
                let handler = ScriptedHandler()
                stage.kept.append(handler)
                list.start(handler)
            }
            return list.nextDeadline
        }
        try running.run { stage in
            let list = stage.loop.timers(after: .seconds(900))
            let handler = stage.kept[0]
            // A machine that takes more than the slack of a second from one turn to the next has nothing to show here.
            guard stage.loop.now < handler.timer.start.advanced(by: .seconds(1)) else { return }
            #expect(stage.loop.now > handler.timer.start)
            list.touch(handler)
            #expect(list.first === handler)
            #expect(list.nextDeadline == deadline)
        }
    }

    @Test("The slack is an eighth of the duration and a second at most")
    func slack() throws {
        let running = try RunningLoop()
        try running.run { stage in
            let table: [(Duration, Duration)] = [
                (.milliseconds(80), .milliseconds(90)), (.seconds(8), .seconds(9)), (.seconds(900), .seconds(901)),
            ]
            for (duration, due) in table {
                let list = stage.loop.timers(after: duration)
                let handler = ScriptedHandler()
                stage.kept.append(handler)
                list.start(handler)
                #expect(list.nextDeadline == stage.loop.now.advanced(by: due))
                stage.loop.stopTimer(of: handler)
            }
        }
    }

    @Test("Equal durations share one list")
    func shares() throws {
        let running = try RunningLoop()
        try running.run { stage in
            #expect(stage.loop.timers(after: .seconds(1)) == stage.loop.timers(after: .milliseconds(1000)))
            #expect(stage.loop.timers(after: .seconds(1)) != stage.loop.timers(after: .seconds(2)))
        }
    }

    @Test("A deadline may start its own next wait, and stop those of others that are due as well")
    func withinDeadline() throws {
        let running = try RunningLoop()
        let notes = Notes()
        try running.run { stage in
            let list = stage.loop.timers(after: .milliseconds(2))
            let victim = Self.handler("victim", notes, on: stage)
            let handler = ScriptedHandler()
            var rounds = 0
            handler.onDeadline = { [unowned handler] in
                rounds += 1
                notes.add("round \(rounds)")
                stage.loop.stopTimer(of: victim)
                if rounds < 3 { list.start(handler) }
            }
            stage.kept.append(handler)
            list.start(handler)
            list.start(victim)
        }
        #expect(notes.wait(for: 3) == ["round 1", "round 2", "round 3"])
        try running.run { stage in #expect(stage.loop.timers(after: .milliseconds(2)).nextDeadline == nil) }
    }
}
