import CLinux
import Glibc
import Testing

@testable import EventLoop

@Suite("The event loop")
struct EventLoopTests {
    @Test("A readiness is told once, and again only after it has come anew")
    func edges() throws {
        let running = try RunningLoop()
        let pair = try SocketPair()
        let notes = Notes()
        try running.run { stage in
            let handler = ScriptedHandler()
            handler.onReady = { readiness, tag in
                notes.add("\(tag) \(readiness.contains(.readable) ? "readable" : "not readable")")
            }
            _ = try stage.loop.register(pair.near, for: handler, tag: 7)
        }
        #expect(notes.wait(for: 1) == ["7 not readable"])
        pair.send([1])
        #expect(notes.wait(for: 2) == ["7 not readable", "7 readable"])
        // Nothing was read: told anew all the same, since more has come, and only then.
        for _ in 0..<20 { try running.run { _ in } }
        #expect(notes.all.count == 2)
        pair.send([2])
        #expect(notes.wait(for: 3).count == 3)
    }

    @Test("An event for a closed descriptor whose number is used again is dropped")
    func reusedNumber() throws {
        let running = try RunningLoop()
        let (first, second, third) = (try SocketPair(), try SocketPair(), try SocketPair())
        let notes = Notes()
        // Both get ready within this turn, so that the next one has both their events in one batch. Whoever comes
        // first puts the third socket in the other's place, under the other's number.
        try running.run { stage in
            let loop = stage.loop
            var registrations: [CInt: Registration] = [:]
            let newcomer = ScriptedHandler()
            newcomer.onReady = { readiness, _ in
                notes.add(readiness.contains(.readable) ? "newcomer has another's event" : "newcomer is writable")
            }
            for (own, other) in [(first, second), (second, first)] {
                let handler = ScriptedHandler()
                handler.onReady = { readiness, _ in
                    guard readiness.contains(.readable) else { return notes.add("no bytes yet") }
                    guard let old = registrations[other.near] else { return notes.add("a dead handler was called") }
                    registrations[own.near] = nil
                    registrations[other.near] = nil
                    loop.deregister(old)
                    dup2(third.near, other.near)
                    guard let new = try? loop.register(other.near, for: newcomer) else {
                        return notes.add("not registered")
                    }
                    notes.add(new.slot == old.slot ? "same number, same slot" : "another slot")
                }
                registrations[own.near] = try loop.register(own.near, for: handler)
                own.send([1])
            }
        }
        #expect(notes.wait(for: 2) == ["same number, same slot", "newcomer is writable"])
        third.send([1])
        #expect(notes.wait(for: 3).last == "newcomer has another's event")
    }

    @Test("A handler that ends its registration in its own event lives until the end of the turn, and no longer")
    func released() throws {
        let running = try RunningLoop()
        let pair = try SocketPair()
        let notes = Notes()
        try running.run { stage in
            let loop = stage.loop
            var registration: Registration?
            let handler = ScriptedHandler()
            handler.onEnd = { notes.add("gone") }
            handler.onReady = { [unowned handler] _, _ in
                guard let own = registration else { return notes.add("called after its end") }
                loop.deregister(own)
                registration = nil
                loop.turnEnded = {
                    notes.add("turn ended")
                    loop.turnEnded = nil
                }
                notes.add(loop.handler(of: own) == nil ? "not found" : "found")
                handler.onReady = { _, _ in }
            }
            registration = try loop.register(pair.near, for: handler)
        }
        #expect(notes.wait(for: 3) == ["not found", "turn ended", "gone"])
    }

    @Test("Events after a registration was handed over go to the new handler, under the new tag")
    func handsOver() throws {
        let running = try RunningLoop()
        let pair = try SocketPair()
        let notes = Notes()
        try running.run { stage in
            let old = ScriptedHandler()
            old.onReady = { _, tag in notes.add("old \(tag)") }
            let registration = try stage.loop.register(pair.near, for: old, tag: 1)
            let new = ScriptedHandler()
            new.onReady = { _, tag in notes.add("new \(tag)") }
            stage.loop.hand(registration, to: new, tag: 2)
            #expect(stage.loop.handler(of: registration) === new)
        }
        #expect(notes.wait(for: 1) == ["new 2"])
    }

    @Test("A handler that hands its own registration on while it is called lives until the call is over")
    func handsOwnOver() throws {
        let running = try RunningLoop()
        let pair = try SocketPair()
        let notes = Notes()
        try running.run { stage in
            let loop = stage.loop
            let old = ScriptedHandler()
            let registration = try loop.register(pair.near, for: old, tag: 1)
            old.onEnd = { notes.add("gone") }
            old.onReady = { _, _ in
                loop.hand(registration, to: ScriptedHandler(), tag: 2)
                notes.add("called")
            }
        }
        #expect(notes.wait(for: 2) == ["called", "gone"])
    }

    @Test("A descriptor that is kept open after its registration ended makes no more events")
    func keeps() throws {
        let running = try RunningLoop()
        let pair = try SocketPair()
        let notes = Notes()
        let before = try running.run { $0.loop.registrationCount }
        try running.run { stage in
            let handler = ScriptedHandler()
            handler.onReady = { _, _ in notes.add("called") }
            let registration = try stage.loop.register(pair.near, for: handler)
            stage.loop.deregister(registration, keeping: pair.near)
            #expect(stage.loop.handler(of: registration) == nil)
        }
        pair.send([1])
        for _ in 0..<5 { try running.run { _ in } }
        #expect(notes.all.isEmpty)
        #expect(try running.run { $0.loop.registrationCount } == before)
        #expect(fcntl(pair.near, F_GETFD) >= 0)
    }

    @Test("A descriptor that the kernel won't watch is an error, and leaves no registration")
    func refusesFiles() throws {
        let running = try RunningLoop()
        try running.run { stage in
            let before = stage.loop.registrationCount
            #expect(throws: Errno(rawValue: EBADF)) { _ = try stage.loop.register(-1, for: ScriptedHandler()) }
            #expect(stage.loop.registrationCount == before)
        }
    }

    @Test("A listener is told again as long as somebody waits")
    func listeners() throws {
        let running = try RunningLoop()
        let pair = try SocketPair()
        let notes = Notes()
        pair.send([1])
        try running.run { stage in
            let handler = ScriptedHandler()
            var calls = 0
            handler.onReady = { [unowned handler] _, _ in
                calls += 1
                notes.add("waiting")
                var byte: UInt8 = 0
                if calls == 3 {
                    recv(pair.near, &byte, 1, 0)
                    handler.onReady = { _, _ in notes.add("nobody waits") }
                }
            }
            _ = try stage.loop.registerListener(pair.near, for: handler)
        }
        #expect(notes.wait(for: 3) == ["waiting", "waiting", "waiting"])
        for _ in 0..<5 { try running.run { _ in } }
        #expect(notes.all.count == 3)
    }

    @Test("Who asks for another go gets it once, in the next turn, after the events")
    func again() throws {
        let running = try RunningLoop()
        let pair = try SocketPair()
        let notes = Notes()
        try running.run { stage in
            let handler = ScriptedHandler()
            handler.onReady = { readiness, _ in if readiness.contains(.readable) { notes.add("event") } }
            handler.onAgain = { notes.add("again") }
            _ = try stage.loop.register(pair.near, for: handler)
            stage.loop.again(handler)
            pair.send([1])
            notes.add("asked")
        }
        #expect(notes.wait(for: 3) == ["asked", "event", "again"])
        for _ in 0..<5 { try running.run { _ in } }
        #expect(notes.all.count == 3)
    }

    @Test("Stopping releases every handler, and says when nothing is left")
    func stops() throws {
        let running = try RunningLoop()
        let pairs = [try SocketPair(), try SocketPair()]
        let notes = Notes()
        try running.run { stage in
            for pair in pairs {
                let handler = ScriptedHandler()
                handler.onEnd = { notes.add("gone") }
                _ = try stage.loop.register(pair.near, for: handler)
            }
            #expect(stage.loop.handlers.count == stage.loop.registrationCount)
        }
        try running.stop()
        #expect(notes.all == ["gone", "gone"])
        running.mailbox.post { _ in notes.add("a message after the end") }
        #expect(notes.all.count == 2)
    }
}
