import Dispatch
import Synchronization
import Testing

@testable import EventLoop

@Suite("The mailbox")
struct MailboxTests {
    @Test("Messages of one sender come in its order, whoever else sends")
    func order() throws {
        let running = try RunningLoop()
        let senders = 4
        let messages = 500
        let seen = Mutex<[[Int]]>(Array(repeating: [], count: senders))
        DispatchQueue.concurrentPerform(iterations: senders) { sender in
            for number in 0..<messages {
                running.mailbox.post { _ in seen.withLock { $0[sender].append(number) } }
            }
        }
        try running.run { _ in }
        let result = seen.withLock { $0 }
        for sender in 0..<senders { #expect(result[sender] == Array(0..<messages)) }
    }

    @Test("A message wakes a loop that has gone to sleep")
    func wakes() throws {
        let running = try RunningLoop()
        let notes = Notes()
        let mailbox = running.mailbox
        // Later than a loop lingers after its last event.
        DispatchQueue(label: "sallyport.test.late").asyncAfter(deadline: .now() + .milliseconds(20)) {
            mailbox.post { _ in notes.add("woken") }
        }
        #expect(notes.wait(for: 1) == ["woken"])
    }

    @Test("A message that is posted by a message runs after it, not within it")
    func nested() throws {
        let running = try RunningLoop()
        let notes = Notes()
        let mailbox = running.mailbox
        mailbox.post { _ in
            mailbox.post { _ in notes.add("inner") }
            notes.add("outer")
        }
        #expect(notes.wait(for: 2) == ["outer", "inner"])
    }

    @Test("The loop keeps the owner until it stops, and lets it go then")
    func owner() throws {
        final class Owner: Sendable {
            let notes: Notes
            init(_ notes: Notes) { self.notes = notes }
            deinit { notes.add("gone") }
        }
        let running = try RunningLoop()
        let notes = Notes()
        let mailbox = try running.run { stage in try Mailbox(of: Owner(notes), on: stage.loop) }
        mailbox.post { $0.notes.add("message") }
        #expect(notes.wait(for: 1) == ["message"])
        try running.stop()
        #expect(notes.all == ["message", "gone"])
    }
}
