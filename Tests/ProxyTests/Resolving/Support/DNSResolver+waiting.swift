import Addressing
import Dispatch
import EventLoop
import Glibc
import Synchronization

@testable import Proxy

/// What look-ups came to, for a test to wait for.
final class Answers: Sendable {
    private let resolutions = Mutex<[Resolution]>([])
    private let hasCome = DispatchSemaphore(value: 0)

    struct NoAnswer: Error {}

    func add(_ resolution: Resolution) {
        resolutions.withLock { $0.append(resolution) }
        hasCome.signal()
    }

    /// The first `count`, once they are there.
    func wait(for count: Int) throws -> [Resolution] {
        for _ in 0..<count {
            guard hasCome.wait(timeout: .now() + 15) == .success else { throw NoAnswer() }
        }
        return resolutions.withLock { Array($0.prefix(count)) }
    }
}

extension DNSResolver {
    /// Asks `servers`, with files of the test's own.
    convenience init(
        _ servers: [ScriptedNameServer], hosts: String = "/nonexistent", settings: String = "/nonexistent",
        patience: Duration = .seconds(10)
    ) throws {
        var sources = Sources()
        sources.servers = servers.map(\.endpoint)
        sources.hostsFile = hosts
        sources.settingsFile = settings
        sources.patience = patience
        try self.init(sources)
    }

    /// Looks `name` up, as a worker does, and waits.
    func lookUp(_ name: String) throws -> Resolution {
        let name = try HostName(name)
        if let known = known(name, at: .now()) { return known }
        let answers = Answers()
        resolve(name) { answers.add($0) }
        return try answers.wait(for: 1)[0]
    }

    /// Looks `name` up again and again until it comes to `answer`: there is no event for a file's having been read.
    func wait(for answer: Resolution.Answer, of name: String) throws {
        let deadline = Instant.now().advanced(by: .seconds(10))
        while try lookUp(name).answer != answer {
            guard Instant.now() < deadline else { throw Answers.NoAnswer() }
            poll(nil, 0, 1)
        }
    }
}
