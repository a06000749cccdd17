import Addressing
import EventLoop
import Foundation
import Testing

@testable import Proxy
@testable import Wire

@Suite("What the resolver keeps, and the files it follows")
struct ResolverMemoryTests {
    private static let old = IPAddress(192, 0, 2, 1)
    private static let new = IPAddress(192, 0, 2, 2)

    /// Puts into the cache what was answered some time ago.
    private static func remember(_ name: String, ttl: UInt32, ago: Duration, in resolver: DNSResolver) throws {
        let then = Instant.now().advanced(by: .zero - ago)
        let cached = CachedAnswer(.addresses([old]), fullName: nil, ttl: ttl, at: then)
        resolver.known.cache.store(cached, of: try HostName(name), at: then)
    }

    @Test("A name in use is asked for again before its time is over, and nobody waits")
    func refreshes() throws {
        let server = try ScriptedNameServer(of: [Self.new])
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        try Self.remember("www.example", ttl: 1000, ago: .seconds(950), in: resolver)
        #expect(try resolver.lookUp("www.example") == Resolution(.addresses([Self.old]), from: .cache))
        try resolver.wait(for: .addresses([Self.new]), of: "www.example")
        #expect(server.asked.count == 2)
    }

    @Test("A name whose time is over is asked for, and what is new counts")
    func expires() throws {
        let server = try ScriptedNameServer(of: [Self.new])
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        try Self.remember("www.example", ttl: 100, ago: .seconds(101), in: resolver)
        #expect(try resolver.lookUp("www.example") == Resolution(.addresses([Self.new]), from: .query))
    }

    @Test("While the servers are silent or fail, old addresses are served, at once from the second time on")
    func stale() throws {
        let silent = try ScriptedNameServer()
        let failing = try ScriptedNameServer { _ in [.answer(DNSAnswer(code: 2))] }
        defer {
            silent.stop()
            failing.stop()
        }
        for server in [silent, failing] {
            let resolver = try DNSResolver([server], patience: .milliseconds(50))
            try Self.remember("www.example", ttl: 100, ago: .seconds(101), in: resolver)
            let name = try HostName("www.example")
            #expect(resolver.known(name, at: .now()) == nil)
            #expect(try resolver.lookUp("www.example") == Resolution(.addresses([Self.old]), from: .stale))
            #expect(resolver.known(name, at: .now()) == Resolution(.addresses([Self.old]), from: .stale))
        }
    }

    @Test("Servers known to be silent are not waited for where there is an old address")
    func staleAtOnce() throws {
        let server = try ScriptedNameServer()
        defer { server.stop() }
        let resolver = try DNSResolver([server], patience: .milliseconds(50))
        #expect(try resolver.lookUp("unknown.example").answer == .timedOut)
        try Self.remember("www.example", ttl: 100, ago: .seconds(101), in: resolver)
        let answers = Answers()
        resolver.resolve(try HostName("www.example")) { answers.add($0) }
        #expect(try answers.wait(for: 1) == [Resolution(.addresses([Self.old]), from: .stale)])
        // It is asked for all the same.
        while !server.asked.contains(where: { $0.name == "www.example" }) { _ = try server.nextHeld() }
    }

    @Test("A name that has ceased to exist is not served as stale")
    func staleNoMore() throws {
        let server = try ScriptedNameServer { _ in [.answer(DNSAnswer(code: 3))] }
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        try Self.remember("www.example", ttl: 100, ago: .seconds(101), in: resolver)
        #expect(try resolver.lookUp("www.example") == Resolution(.notFound, from: .query))
        #expect(resolver.known.cache.lastResort(try HostName("www.example"), at: .now()) == nil)
    }

    // MARK: - Files

    private final class Folder {
        let path: String

        init() throws {
            path = NSTemporaryDirectory() + "sallyport-names-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit {
            try? FileManager.default.removeItem(atPath: path)
        }

        func write(_ text: String, to name: String, atomically: Bool = false) throws {
            try text.write(toFile: "\(path)/\(name)", atomically: atomically, encoding: .utf8)
        }
    }

    @Test("The hosts file goes before the servers, and is followed in whatever way it changes")
    func hosts() throws {
        let server = try ScriptedNameServer(of: [Self.new])
        defer { server.stop() }
        let folder = try Folder()
        try folder.write("192.0.2.1 www.example\n", to: "hosts")
        let resolver = try DNSResolver([server], hosts: "\(folder.path)/hosts")
        #expect(try resolver.lookUp("www.example") == Resolution(.addresses([Self.old]), from: .hosts))
        #expect(server.asked.isEmpty)
        try folder.write("192.0.2.3 www.example\n", to: "hosts")
        try resolver.wait(for: .addresses([IPAddress(192, 0, 2, 3)]), of: "www.example")
        try folder.write("192.0.2.4 www.example\n", to: "hosts", atomically: true)
        try resolver.wait(for: .addresses([IPAddress(192, 0, 2, 4)]), of: "www.example")
        try folder.write("192.0.2.5 www.example\n", to: "hosts")
        try resolver.wait(for: .addresses([IPAddress(192, 0, 2, 5)]), of: "www.example")
        try FileManager.default.removeItem(atPath: "\(folder.path)/hosts")
        try resolver.wait(for: .addresses([Self.new]), of: "www.example")
        try folder.write("192.0.2.6 www.example\n", to: "hosts")
        try resolver.wait(for: .addresses([IPAddress(192, 0, 2, 6)]), of: "www.example")
    }

    @Test("A file behind a link is followed too, when the link and when the file changes")
    func linked() throws {
        let server = try ScriptedNameServer(of: [Self.new])
        defer { server.stop() }
        let (folder, elsewhere) = (try Folder(), try Folder())
        try elsewhere.write("192.0.2.1 www.example\n", to: "one")
        try elsewhere.write("192.0.2.4 www.example\n", to: "two")
        let link = "\(folder.path)/hosts"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "\(elsewhere.path)/one")
        let resolver = try DNSResolver([server], hosts: link)
        #expect(try resolver.lookUp("www.example").answer == .addresses([Self.old]))
        try elsewhere.write("192.0.2.3 www.example\n", to: "one")
        try resolver.wait(for: .addresses([IPAddress(192, 0, 2, 3)]), of: "www.example")
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "\(elsewhere.path)/two")
        try resolver.wait(for: .addresses([IPAddress(192, 0, 2, 4)]), of: "www.example")
    }

    @Test("Search domains of the settings hold for short names, with the full name told")
    func search() throws {
        let server = try ScriptedNameServer { question in
            question.name == "host.b.example"
                ? [.answer(.addresses([Self.new], to: question))] : [.answer(DNSAnswer(code: 3))]
        }
        defer { server.stop() }
        let folder = try Folder()
        try folder.write("search a.example b.example\nnameserver 192.0.2.53\n", to: "resolv.conf")
        let resolver = try DNSResolver([server], settings: "\(folder.path)/resolv.conf")
        let fullName = try HostName("host.b.example")
        for source in [Resolution.Source.query, .cache] {
            #expect(
                try resolver.lookUp("host") == Resolution(.addresses([Self.new]), from: source, fullName: fullName))
        }
        #expect(try resolver.lookUp("host.dotted").answer == .notFound)
        #expect(!server.asked.contains { $0.name.hasPrefix("host.dotted.") })
    }

    @Test("Other settings forget what was known, and look-ups under way begin anew with them")
    func otherSettings() throws {
        let server = try ScriptedNameServer { question in
            question.name == "host.b.example" ? [.answer(.addresses([Self.new], to: question))] : []
        }
        defer { server.stop() }
        let folder = try Folder()
        try folder.write("search a.example\n", to: "resolv.conf")
        let resolver = try DNSResolver([server], settings: "\(folder.path)/resolv.conf")
        try Self.remember("www.example", ttl: 100, ago: .zero, in: resolver)
        let answers = Answers()
        resolver.resolve(try HostName("host")) { answers.add($0) }
        #expect(try server.nextHeld().question.name == "host.a.example")
        try folder.write("search b.example\n", to: "resolv.conf")
        #expect(try answers.wait(for: 1)[0].answer == .addresses([Self.new]))
        #expect(resolver.known(try HostName("www.example"), at: .now()) == nil)
    }

    // MARK: - The end

    @Test("A resolver that is stopped answers those who wait, and comes to its end")
    func stops() throws {
        let server = try ScriptedNameServer()
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        let answers = Answers()
        for number in 0..<5 { resolver.resolve(try HostName("n\(number).example")) { answers.add($0) } }
        _ = try server.nextHeld()
        let stopped = Answers()
        resolver.stop { stopped.add(Resolution(.failed, from: .query)) }
        #expect(try answers.wait(for: 5).allSatisfy { $0.answer == .failed })
        _ = try stopped.wait(for: 1)
    }
}
