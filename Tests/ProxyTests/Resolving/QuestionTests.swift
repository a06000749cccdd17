import Addressing
import EventLoop
import Testing

@testable import Proxy
@testable import Wire

/// A question and the time that passes for it.
private final class Asking {
    var servers: NameServers
    var question: Question
    var now = Instant(nanoseconds: 1_000_000_000)
    let start = Instant(nanoseconds: 1_000_000_000)

    init(servers count: Int, patience: Duration = .seconds(10), _ prepare: (inout NameServers) -> Void = { _ in })
        throws
    {
        servers = NameServersTests.servers(count)
        // No probes, unless a test wants them.
        for index in 0..<count { servers.asked(index, at: now) }
        prepare(&servers)
        question = Question(
            DNS.Name(try HostName("www.example")), .a, at: now, until: now.advanced(by: patience), &servers)
    }

    var isFinished: Bool { question.isFinished }

    /// What is to be sent now: the server, with a T for TCP.
    func sends() -> [String] {
        var sends: [String] = []
        while let send = question.next(at: now, &servers) {
            sends.append("\(send.server)\(send.isStream ? "T" : "")")
        }
        return sends
    }

    /// Goes on to the next wake, and what is sent then; nil when there is none.
    func nextWake() -> (after: Duration, sends: [String])? {
        guard let wake = question.nextWake else { return nil }
        now = wake
        return (start.duration(to: wake), sends())
    }

    func answer(_ attempt: Int, _ answer: DNSAnswer) {
        question.received(answer.response(to: DNSQuestion("www.example")), by: attempt, at: now, &servers)
    }

    func wait(_ duration: Duration) {
        now = now.advanced(by: duration)
    }
}

@Suite("A question to the name servers")
struct QuestionTests {
    private static let address = IPAddress(192, 0, 2, 1)
    private static let good = DNSAnswer(records: [.address("www.example", address)])

    @Test("The first answer settles it, and nothing more is sent")
    func answered() throws {
        let asking = try Asking(servers: 2)
        #expect(asking.sends() == ["0"])
        asking.wait(.milliseconds(3))
        asking.answer(0, Self.good)
        #expect(asking.question.answer == .addresses([Self.address], ttl: 300))
        #expect(asking.sends() == [])
        #expect(asking.isFinished)
        #expect(asking.question.nextWake == nil)
    }

    @Test("A silent server costs a quarter of a second once, and then nothing")
    func silentFirst() throws {
        let asking = try Asking(servers: 2)
        #expect(asking.sends() == ["0"])
        let next = try #require(asking.nextWake())
        #expect(next.after == .milliseconds(250))
        #expect(next.sends == ["1"])
        asking.wait(.milliseconds(5))
        asking.answer(1, Self.good)
        #expect(asking.question.answer == .addresses([Self.address], ttl: 300))
        #expect(asking.servers.order() == [1, 0])
    }

    @Test("The answer of a slow server counts after others have been asked")
    func slowFirst() throws {
        let asking = try Asking(servers: 2)
        _ = asking.sends()
        #expect(asking.nextWake()?.sends == ["1"])
        asking.wait(.milliseconds(40))
        asking.answer(0, Self.good)
        #expect(asking.question.answer == .addresses([Self.address], ttl: 300))
        // It goes on listening, to learn of the second.
        #expect(!asking.isFinished)
        asking.wait(.milliseconds(10))
        asking.answer(1, Self.good)
        #expect(asking.isFinished)
        #expect(!asking.servers[0].isFailing && !asking.servers[1].isFailing)
    }

    @Test("Silent servers are asked again, ever more rarely, until the deadline")
    func silent() throws {
        let asking = try Asking(servers: 1)
        #expect(asking.sends() == ["0"])
        var times: [Duration] = []
        while let next = asking.nextWake() {
            times.append(next.after)
            if asking.question.answer == nil { #expect(next.sends == ["0"]) }
        }
        #expect(times == [1, 3, 7, 10].map { .seconds($0) })
        #expect(asking.question.answer == .timedOut)
        #expect(asking.servers.areSilent)
        #expect(asking.isFinished)
    }

    @Test("However long it lasts, a question has few queries")
    func bounded() throws {
        let asking = try Asking(servers: 3, patience: .seconds(100_000))
        var count = asking.sends().count
        while let next = asking.nextWake() { count += next.sends.count }
        #expect(count == Question.mostSends)
    }

    @Test("A server that fails hands over to the next at once, and all failing fails")
    func failing() throws {
        let asking = try Asking(servers: 3)
        #expect(asking.sends() == ["0"])
        asking.answer(0, DNSAnswer(code: 2))
        #expect(asking.sends() == ["1"])
        asking.question.attemptFailed(1, at: asking.now, &asking.servers)
        #expect(asking.sends() == ["2"])
        asking.answer(2, DNSAnswer(code: 5))
        #expect(asking.sends() == [])
        #expect(asking.question.answer == .failed)
    }

    @Test("Once a server has failed the silent ones get two more seconds")
    func failingAndSilent() throws {
        let asking = try Asking(servers: 2)
        _ = asking.sends()
        asking.answer(0, DNSAnswer(code: 2))
        #expect(asking.sends() == ["1"])
        while let next = asking.nextWake() { #expect(next.after <= Question.patienceAfterFailure) }
        #expect(asking.question.answer == .failed)
    }

    @Test("A truncated answer is asked for over TCP, of the same server")
    func truncated() throws {
        let asking = try Asking(servers: 2)
        _ = asking.sends()
        asking.question.needsStream(0, at: asking.now, &asking.servers)
        #expect(asking.sends() == ["0T"])
        asking.answer(1, Self.good)
        #expect(asking.question.answer == .addresses([Self.address], ttl: 300))
    }

    @Test("An answer that does not even fit into a stream is a failure")
    func truncatedStream() throws {
        let asking = try Asking(servers: 1)
        _ = asking.sends()
        asking.question.needsStream(0, at: asking.now, &asking.servers)
        #expect(asking.sends() == ["0T"])
        asking.question.needsStream(1, at: asking.now, &asking.servers)
        #expect(asking.sends() == [])
        #expect(asking.question.answer == .failed)
    }

    @Test("A server that wants to be asked in another way is asked at once, and not for ever")
    func retried() throws {
        let asking = try Asking(servers: 1)
        var count = asking.sends().count
        while asking.question.answer == nil {
            asking.question.retry(count - 1, at: asking.now, &asking.servers)
            let sends = asking.sends()
            count += sends.count
        }
        #expect(asking.question.answer == .failed)
        #expect(count <= Question.mostSends)
    }

    @Test("An alias without its end is followed, with the least TTL")
    func alias() throws {
        let asking = try Asking(servers: 1)
        _ = asking.sends()
        asking.answer(0, DNSAnswer(records: [.alias("www.example", "cdn.example", ttl: 40)]))
        #expect(asking.question.answer == nil)
        #expect(asking.question.name == DNS.Name(try HostName("cdn.example")))
        #expect(asking.sends() == ["0"])
        let end = DNSAnswer(records: [.address("cdn.example", Self.address, ttl: 90)])
        asking.question.received(end.response(to: DNSQuestion("cdn.example")), by: 1, at: asking.now, &asking.servers)
        #expect(asking.question.answer == .addresses([Self.address], ttl: 40))
    }

    @Test("Aliases that lead on and on end in a failure")
    func aliases() throws {
        let asking = try Asking(servers: 1)
        var count = 0
        while asking.question.answer == nil {
            #expect(asking.sends() == ["0"])
            let name = count == 0 ? "www.example" : "a\(count).example"
            let answer = DNSAnswer(records: [.alias(name, "a\(count + 1).example")])
            asking.question.received(answer.response(to: DNSQuestion(name)), by: count, at: asking.now, &asking.servers)
            count += 1
        }
        #expect(asking.question.answer == .failed)
        #expect(count == Question.mostAliases + 1)
    }

    @Test("The absence of a name or of addresses is told apart, with the TTL it may be remembered for")
    func negative() throws {
        let cases: [(DNSAnswer, Question.Answer)] = [
            (DNSAnswer(code: 3), .noName(ttl: nil)),
            (DNSAnswer(authorities: [.authority(ttl: 60)], code: 3), .noName(ttl: 60)),
            (DNSAnswer(), .noData(ttl: nil)),
            (DNSAnswer(authorities: [.authority(ttl: 60)]), .noData(ttl: 60)),
        ]
        for (answer, expected) in cases {
            let asking = try Asking(servers: 2)
            _ = asking.sends()
            asking.answer(0, answer)
            #expect(asking.question.answer == expected)
        }
    }

    @Test("A name may have a bounded number of addresses, each once")
    func manyAddresses() throws {
        let asking = try Asking(servers: 1)
        _ = asking.sends()
        let records = (0..<80).map {
            DNSAnswer.Record.address("www.example", IPAddress(192, 0, 2, UInt8($0 / 2)))
        }
        asking.answer(0, DNSAnswer(records: records))
        guard case .addresses(let addresses, _) = asking.question.answer else {
            Issue.record("no addresses")
            return
        }
        #expect(addresses == (0..<Question.mostAddresses).map { IPAddress(192, 0, 2, UInt8($0)) })
    }

    @Test("A server that is asked along with another is learned of, whoever answers first")
    func probe() throws {
        let asking = try Asking(servers: 2) { $0 = NameServersTests.servers(2) }
        #expect(asking.sends().sorted() == ["0", "1"])
        asking.wait(.milliseconds(4))
        asking.answer(0, Self.good)
        #expect(asking.question.answer != nil || asking.isFinished == false)
        asking.wait(.milliseconds(1))
        asking.answer(1, Self.good)
        #expect(asking.isFinished)
        #expect(!asking.servers[0].isFailing && !asking.servers[1].isFailing)
    }

    @Test("A server that is asked along with another and says nothing for a second comes last")
    func silentProbe() throws {
        let asking = try Asking(servers: 2) { $0 = NameServersTests.servers(2) }
        // The probe goes out first, so it is attempt 0.
        #expect(asking.sends() == ["1", "0"])
        asking.answer(1, Self.good)
        #expect(!asking.isFinished)
        #expect(asking.nextWake()?.after == Question.epilogue)
        #expect(asking.isFinished)
        #expect(asking.servers[1].isFailing && !asking.servers[0].isFailing)
    }
}
