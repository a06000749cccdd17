import Addressing
import EventLoop
import Testing

@testable import Proxy
@testable import Wire

/// A look-up and the time that passes for it.
private final class Looking {
    var servers = NameServersTests.servers(1)
    var machine: LookUp
    var now = Instant(nanoseconds: 1_000_000_000)
    /// Queries that are out, by family.
    private(set) var out: [LookUp.Family: LookUp.Send] = [:]
    /// Names that were asked for, in order, each once.
    private(set) var names: [String] = []

    init(_ name: String, _ settings: ResolverSettings = ResolverSettings(), patience: Duration = .seconds(10)) throws {
        machine = LookUp(try HostName(name), settings, at: now, until: now.advanced(by: patience), &servers)
        carryOut()
    }

    var isFinished: Bool { machine.isFinished }

    func answer(_ family: LookUp.Family, _ answer: DNSAnswer) throws {
        let send = try #require(out[family])
        let name = try #require(send.name.hostName).text
        let response = answer.response(to: DNSQuestion(name, v4: family == .v4))
        machine.about(send.query) { question, attempt in question.received(response, by: attempt, at: now, &servers) }
        carryOut()
    }

    func fail(_ family: LookUp.Family) throws {
        try answer(family, DNSAnswer(code: 2))
    }

    func wait(_ duration: Duration) {
        now = now.advanced(by: duration)
        carryOut()
    }

    /// Waits until there is nothing more to wait for.
    func exhaust() {
        while let wake = machine.nextWake {
            now = max(now, wake)
            carryOut()
        }
    }

    private func carryOut() {
        while let send = machine.next(at: now, &servers) {
            out[send.query.family] = send
            let name = send.name.hostName?.text ?? "?"
            if names.last != name { names.append(name) }
        }
    }
}

@Suite("Looking a name up")
struct LookUpMachineTests {
    private static let four = IPAddress(192, 0, 2, 1)
    private static let six = IPAddress(high: 0x2001_0db8_0000_0000, low: 1)
    private static let none = DNSAnswer(authorities: [.authority(ttl: 60)])
    private static let noName = DNSAnswer(authorities: [.authority(ttl: 40)], code: 3)

    private static func v4(_ name: String = "www.example", ttl: UInt32 = 300) -> DNSAnswer {
        DNSAnswer(records: [.address(name, four, ttl: ttl)])
    }

    private static func v6(_ name: String = "www.example", ttl: UInt32 = 300) -> DNSAnswer {
        DNSAnswer(records: [.address(name, six, ttl: ttl)])
    }

    private static func outcome(
        _ answer: Resolution.Answer, ttl: UInt32?, fullName: String? = nil
    ) throws -> LookUp.Outcome {
        LookUp.Outcome(answer: answer, ttl: ttl, fullName: try fullName.map { try HostName($0) })
    }

    @Test("Both families are asked for at once, and the lesser TTL holds for both")
    func both() throws {
        let looking = try Looking("www.example")
        try looking.answer(.v4, Self.v4(ttl: 90))
        #expect(looking.machine.outcome == nil)
        try looking.answer(.v6, Self.v6(ttl: 200))
        #expect(looking.machine.outcome == (try Self.outcome(.addresses([Self.six, Self.four]), ttl: 90)))
        #expect(looking.isFinished)
    }

    @Test("IPv4 addresses wait 50 ms for the others, IPv6 ones as long as IPv4 would wait to be tried")
    func grace() throws {
        for (first, answer, grace) in [
            (LookUp.Family.v4, Self.v4(), LookUp.graceAfterV4), (.v6, Self.v6(), LookUp.graceAfterV6),
        ] {
            let looking = try Looking("www.example")
            try looking.answer(first, answer)
            looking.wait(grace - .milliseconds(1))
            #expect(looking.machine.early == nil)
            looking.wait(.milliseconds(1))
            let address = first == .v4 ? Self.four : Self.six
            #expect(
                looking.machine.early == (try Self.outcome(.addresses([address]), ttl: LookUp.incompleteTTL)))
            #expect(looking.machine.outcome == nil)
            try looking.answer(first == .v4 ? .v6 : .v4, first == .v4 ? Self.v6() : Self.v4())
            #expect(looking.machine.outcome == (try Self.outcome(.addresses([Self.six, Self.four]), ttl: 300)))
        }
    }

    @Test("A family without addresses takes nothing from the other")
    func oneFamily() throws {
        for negative in [Self.none, Self.noName, DNSAnswer()] {
            let looking = try Looking("www.example")
            try looking.answer(.v6, negative)
            try looking.answer(.v4, Self.v4())
            #expect(looking.machine.outcome == (try Self.outcome(.addresses([Self.four]), ttl: 300)))
        }
    }

    @Test("Where one family can't be had the other's addresses are remembered for a short time")
    func halfFailed() throws {
        let looking = try Looking("www.example")
        try looking.fail(.v6)
        try looking.answer(.v4, Self.v4())
        #expect(looking.machine.outcome == (try Self.outcome(.addresses([Self.four]), ttl: LookUp.incompleteTTL)))
    }

    @Test("No address in either family: not found, to be remembered if both answers may be")
    func notFound() throws {
        let cases: [(DNSAnswer, DNSAnswer, UInt32?)] = [
            (Self.none, Self.noName, 40), (Self.noName, Self.noName, 40), (DNSAnswer(code: 3), Self.noName, nil),
            (DNSAnswer(), DNSAnswer(), nil),
        ]
        for (first, second, ttl) in cases {
            let looking = try Looking("www.example")
            try looking.answer(.v6, first)
            try looking.answer(.v4, second)
            #expect(looking.machine.outcome == (try Self.outcome(.notFound, ttl: ttl)))
        }
    }

    @Test("A failure of either family is no absence of the name")
    func failed() throws {
        let failing = try Looking("www.example")
        try failing.answer(.v6, Self.none)
        try failing.fail(.v4)
        #expect(failing.machine.outcome == (try Self.outcome(.failed, ttl: nil)))

        let silent = try Looking("www.example")
        try silent.answer(.v6, Self.noName)
        silent.exhaust()
        #expect(silent.machine.outcome == (try Self.outcome(.timedOut, ttl: nil)))
    }

    @Test("A short name is tried in the search domains first, in their order, and found under its full name")
    func search() throws {
        var settings = ResolverSettings()
        settings.search = [try HostName("a.example"), try HostName("b.example")]
        let looking = try Looking("host", settings)
        try looking.answer(.v6, Self.noName)
        try looking.answer(.v4, Self.noName)
        #expect(looking.machine.outcome == nil)
        try looking.answer(.v6, Self.none)
        try looking.answer(.v4, Self.v4("host.b.example"))
        #expect(looking.names == ["host.a.example", "host.b.example"])
        #expect(
            looking.machine.outcome
                == (try Self.outcome(.addresses([Self.four]), ttl: 300, fullName: "host.b.example")))
    }

    @Test("A short name that no domain has is asked for as it is")
    func searchInVain() throws {
        var settings = ResolverSettings()
        settings.search = [try HostName("a.example")]
        let looking = try Looking("host", settings)
        for _ in 0..<2 {
            try looking.answer(.v6, Self.noName)
            try looking.answer(.v4, Self.noName)
        }
        #expect(looking.names == ["host.a.example", "host"])
        #expect(looking.machine.outcome == (try Self.outcome(.notFound, ttl: 40)))
    }

    @Test("A failure in one search domain does not lead to another's name")
    func searchFails() throws {
        var settings = ResolverSettings()
        settings.search = [try HostName("a.example"), try HostName("b.example")]
        let looking = try Looking("host", settings)
        try looking.fail(.v6)
        try looking.fail(.v4)
        #expect(looking.names == ["host.a.example"])
        #expect(looking.machine.outcome == (try Self.outcome(.failed, ttl: nil)))
    }

    @Test("All candidates together have one deadline")
    func oneDeadline() throws {
        var settings = ResolverSettings()
        settings.search = [try HostName("a.example")]
        let looking = try Looking("host", settings)
        let start = looking.now
        looking.wait(.seconds(9))
        try looking.answer(.v6, Self.noName)
        try looking.answer(.v4, Self.noName)
        looking.exhaust()
        #expect(looking.machine.outcome == (try Self.outcome(.timedOut, ttl: nil)))
        #expect(start.duration(to: looking.now) == .seconds(10))
    }

    @Test("What belongs to a former candidate is not taken for the present one's")
    func lateAnswer() throws {
        var settings = ResolverSettings()
        settings.search = [try HostName("a.example")]
        let looking = try Looking("host", settings)
        let former = try #require(looking.out[.v4])
        try looking.answer(.v6, Self.noName)
        try looking.answer(.v4, Self.noName)
        var wasTold = false
        looking.machine.about(former.query) { _, _ in wasTold = true }
        #expect(!wasTold)
    }
}
