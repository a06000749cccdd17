import Addressing
import Policy
import Testing

@testable import Proxy

@Suite("A policy in the place of another")
struct PolicyChangeTests {
    @Test("Judges every request from then on, and the former is let go by all, while a tunnel it has allowed goes on")
    func replaced() throws {
        let proxy = try RunningProxy(policy: "default allow\n") { $0.workers = 2 }
        let folder = try TestFolder(["first": "deny to host:a.example\ndefault allow\n", "second": "default deny\n"])
        let first = Loaded(try Ruleset.load(path: folder["first"]))
        proxy.server.judge(by: try first.take(), insteadOf: try Ruleset.load(path: folder["second"]))
        let (client, origin) = try proxy.tunnel(.connect, to: try Origin())
        proxy.server.judge(by: try Ruleset.load(path: folder["second"]), insteadOf: try first.take())
        first.forget()
        try proxy.wait("the former to go") { first.isGone }
        let denied = try proxy.connect()
        #expect(try denied.ask(.socks5, for: "b.example", Port(80)) == 2)
        denied.close()
        try client.send("ping")
        #expect(try origin.receive(4) == Array("ping".utf8))
        client.close()
        origin.close()
        let records = try proxy.finish()
        #expect(records.map(\.verdict).sorted { $0 ?? "" < $1 ?? "" } == ["allow", "deny"])
        #expect(Set(records.map(\.policy)).count == 2)
    }

    /// A ruleset, and whether anybody has it.
    private final class Loaded {
        private var ruleset: Ruleset?
        private weak var anybodys: Ruleset?

        init(_ ruleset: Ruleset) {
            self.ruleset = ruleset
            anybodys = ruleset
        }

        var isGone: Bool { anybodys == nil }

        func take() throws -> Ruleset { try #require(ruleset) }

        func forget() {
            ruleset = nil
        }
    }
}
