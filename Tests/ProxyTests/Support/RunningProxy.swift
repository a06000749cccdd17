import AccessLog
import Addressing
import Dispatch
import EventLoop
import Glibc
import Policy
import Synchronization
import Testing

@testable import Proxy

/// A server on a free port of the loopback, with a policy, a resolver and a log of its own.
final class RunningProxy: Sendable {
    let folder: TestFolder
    let resolver: ScriptedResolver
    let server: Server
    private let log: LogWriter
    /// Of the idle server: mailboxes and listeners.
    private let idleRegistrations: Int

    /// - Parameters:
    ///   - policy: the text of `policy.conf`.
    ///   - files: further files beside it, by name.
    ///   - names: what look-ups come to; others wait for the test.
    ///   - actual: asked in the place of the script.
    init(
        policy: String = "default allow\n", files: [String: String] = [:], names: [String: Resolution.Answer] = [:],
        resolver actual: (any Resolver)? = nil, _ configure: (inout Configuration) -> Void = { _ in }
    ) throws {
        folder = try TestFolder(files.merging(["policy.conf": policy]) { $1 })
        resolver = ScriptedResolver(names)
        log = try LogWriter(path: folder["access.log"])
        var configuration = Configuration()
        configuration.listeners = [Configuration.Listener(Endpoint(.loopbackV4, Port(0)))]
        configure(&configuration)
        server = try Server(
            configuration, ruleset: try Ruleset.load(path: folder["policy.conf"]), log: log,
            resolver: actual ?? resolver)
        server.serve()
        idleRegistrations = try server.registrations()
    }

    /// The first listener.
    var endpoint: Endpoint { server.endpoints[0] }

    func connect() throws -> Connection {
        try Connection(to: endpoint)
    }

    /// Waits until `count` records are in the file; all there are then, in the file's order.
    func records(_ count: Int) throws -> [RecordLine] {
        try wait("\(count) records") { [log] in
            guard log.flush(within: .seconds(10)) else { return false }
            return log.counters.written >= UInt64(count)
        }
        return try Self.records(lines())
    }

    /// Waits until everything is over, which no client may hold up any more, and holds the server to what must be true
    /// then: a record for every request and no more, no registration left over, a log in whole lines.
    @discardableResult
    func finish(_ location: SourceLocation = #_sourceLocation) throws -> [RecordLine] {
        try wait("connections to end") { [server] in
            let counts = server.counts
            return counts.accepted == counts.recorded
        }
        try wait("registrations to end") { [self] in try server.registrations() == idleRegistrations }
        try stop(grace: .zero)
        return try recordsAfterStop(location)
    }

    /// Holds a server that has stopped to what must be true then, and gives its records.
    func recordsAfterStop(_ location: SourceLocation = #_sourceLocation) throws -> [RecordLine] {
        let counts = server.counts
        #expect(counts.accepted == counts.recorded, sourceLocation: location)
        #expect(log.close(within: .seconds(10)), sourceLocation: location)
        let lines = lines()
        for line in lines {
            #expect(!line.contains { $0 < 0x20 || $0 == 0x7f }, "a control byte in the log", sourceLocation: location)
        }
        let sequence = try lines.map { try AnyLine($0).seq }
        #expect(sequence == Array(1..<lines.count + 1), sourceLocation: location)
        let records = try Self.records(lines)
        #expect(records.count == counts.recorded, "one record for each request", sourceLocation: location)
        #expect(Set(records.map(\.id)).count == records.count, sourceLocation: location)
        return records
    }

    /// Stops the server, and waits for its completion.
    func stop(grace: Duration) throws {
        let stopped = DispatchSemaphore(value: 0)
        server.stop(grace: grace) { stopped.signal() }
        guard stopped.wait(timeout: .now() + 10) == .success else {
            throw Connection.Failure(description: "the server did not stop in time")
        }
    }

    /// Asks, until `condition` holds: there is no event to wait for where the server's account is looked at.
    func wait(_ what: String, until condition: () throws -> Bool) throws {
        let deadline = Instant.now().advanced(by: .seconds(10))
        while try !condition() {
            guard Instant.now() < deadline else {
                throw Connection.Failure(description: "\(what): not in time")
            }
            poll(nil, 0, 1)
        }
    }

    // MARK: - Private

    /// The records of requests among the lines; the others are seals and events.
    private static func records(_ lines: [[UInt8]]) throws -> [RecordLine] {
        try lines.filter { try AnyLine($0).type == "request" }.map { try RecordLine($0) }
    }

    /// The lines of the log without their line feeds; a last one without line feed counts as well.
    private func lines() -> [[UInt8]] {
        folder.bytes(of: "access.log").split(separator: UInt8(ascii: "\n")).map(Array.init)
    }
}

extension Server {
    /// Descriptors registered with the loops of all workers, asked on the loops.
    func registrations() throws -> Int {
        var sum = 0
        for worker in workers {
            sum += try worker.mailbox.ask { $0.loop.registrationCount }
        }
        return sum
    }
}

extension Mailbox<Worker> {
    /// What `body` gives on the loop.
    func ask<Value: Sendable>(_ body: @escaping @Sendable (Worker) -> Value) throws -> Value {
        let done = DispatchSemaphore(value: 0)
        let value = Mutex<Value?>(nil)
        post { worker in
            let answer = body(worker)
            value.withLock { $0 = answer }
            done.signal()
        }
        guard done.wait(timeout: .now() + 10) == .success, let answer = value.withLock({ $0 }) else {
            throw Connection.Failure(description: "a worker did not answer in time")
        }
        return answer
    }

    /// Runs `body` while the loop waits: all that it does is in one batch of events for the loop.
    func whileWaiting(_ body: () throws -> Void) throws {
        let holds = DispatchSemaphore(value: 0)
        let done = DispatchSemaphore(value: 0)
        post { _ in
            holds.signal()
            _ = done.wait(timeout: .now() + 10)
        }
        defer { done.signal() }
        guard holds.wait(timeout: .now() + 10) == .success else {
            throw Connection.Failure(description: "a worker did not wait in time")
        }
        try body()
    }
}
