import Addressing
import EventLoop
import Testing

@testable import Proxy
@testable import Wire

@Suite("Asking name servers")
struct DNSResolverTests {
    private static let four = IPAddress(192, 0, 2, 1)
    private static let six = IPAddress(high: 0x2001_0db8_0000_0000, low: 1)

    @Test("Both families are asked for once, and the second request needs no question")
    func asks() throws {
        let server = try ScriptedNameServer(of: [Self.four, Self.six])
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        #expect(try resolver.lookUp("www.example") == Resolution(.addresses([Self.six, Self.four]), from: .query))
        #expect(try resolver.lookUp("www.example") == Resolution(.addresses([Self.six, Self.four]), from: .cache))
        #expect(server.asked.map(\.type).sorted() == [1, 28])
        #expect(server.asked.allSatisfy { $0.name == "www.example" && $0.hasOptions && !$0.isStream })
        var counts = ResolverCounts()
        (counts.lookUps, counts.found, counts.datagramQueries, counts.responses) = (1, 1, 2, 2)
        #expect(resolver.counts == counts && resolver.counts.inFlight == 0)
    }

    @Test("However many wait for a name, it is asked for once")
    func onceForAll() throws {
        let server = try ScriptedNameServer()
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        let answers = Answers()
        for _ in 0..<50 { resolver.resolve(try HostName("www.example")) { answers.add($0) } }
        for _ in 0..<2 {
            let held = try server.nextHeld()
            server.answer(held, .addresses([Self.four], to: held.question))
        }
        let all = try answers.wait(for: 50)
        #expect(all.allSatisfy { $0.answer == .addresses([Self.four]) })
        #expect(server.asked.count == 2)
    }

    @Test("A silent server is asked once, and the next answers in its place")
    func silentServer() throws {
        let silent = try ScriptedNameServer()
        let good = try ScriptedNameServer(of: [Self.four])
        defer {
            silent.stop()
            good.stop()
        }
        let resolver = try DNSResolver([silent, good])
        for number in 0..<20 { #expect(try resolver.lookUp("n\(number).example").answer == .addresses([Self.four])) }
        #expect(silent.asked.count == 2)
    }

    @Test("Answers with another id, to another question or from another port are not taken")
    func lies() throws {
        let lie = IPAddress(203, 0, 113, 66)
        let server = try ScriptedNameServer { question in
            var wrongID = DNSAnswer.addresses([lie, Self.six], to: question)
            wrongID.idOffset = 1
            var wrongName = DNSAnswer.addresses([lie, Self.six], to: question)
            wrongName.question = ("other.example", question.type)
            var wrongType = DNSAnswer.addresses([lie, Self.six], to: question)
            wrongType.question = (question.name, 16)
            return [
                .answer(wrongID), .answer(wrongName), .answer(wrongType), .bytes([]), .bytes([0]),
                .fromElsewhere(.addresses([lie], to: question)), .answer(.addresses([Self.four], to: question)),
            ]
        }
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        #expect(try resolver.lookUp("www.example").answer == .addresses([Self.four]))
    }

    @Test("Records of names that were not asked for are not taken")
    func strangeRecords() throws {
        let server = try ScriptedNameServer { question in
            [.answer(DNSAnswer(records: [.address("other.example", Self.four), .address("other.example", Self.six)]))]
        }
        defer { server.stop() }
        #expect(try DNSResolver([server]).lookUp("www.example").answer == .notFound)
    }

    @Test("Guesses by the dozen make it ask over TCP")
    func guessing() throws {
        let lie = IPAddress(203, 0, 113, 66)
        let server = try ScriptedNameServer { question in
            if question.isStream { return [.answer(.addresses([Self.four], to: question))] }
            return (1...40).map {
                var guess = DNSAnswer.addresses([lie], to: question)
                // Far from the ids of both of the name's questions, whatever they are, would be too much to ask for.
                guess.idOffset = UInt16($0)
                guess.question = ("other.example", question.type)
                return .answer(guess)
            }
        }
        defer { server.stop() }
        #expect(try DNSResolver([server]).lookUp("www.example").answer == .addresses([Self.four]))
        #expect(server.asked.contains { $0.isStream })
    }

    @Test("What does not fit into a datagram is asked for over TCP")
    func truncated() throws {
        let many = (0..<200).map { IPAddress(192, 0, 2, UInt8($0)) }
        let server = try ScriptedNameServer { question in
            guard question.isStream else { return [.answer(DNSAnswer(isTruncated: true))] }
            return [.answer(.addresses(many, to: question))]
        }
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        #expect(try resolver.lookUp("www.example").answer == .addresses(Array(many.prefix(Question.mostAddresses))))
    }

    @Test("A truncated answer of a server that takes no TCP is a failure, not an empty answer")
    func truncatedOnly() throws {
        let server = try ScriptedNameServer { _ in [.answer(DNSAnswer(isTruncated: true))] }
        defer { server.stop() }
        #expect(try DNSResolver([server]).lookUp("www.example").answer == .failed)
    }

    @Test(
        "A server that fails hands over to the next; when all do, so does the look-up", arguments: [2, 5] as [UInt16])
    func failing(code: UInt16) throws {
        let failing = try ScriptedNameServer { _ in [.answer(DNSAnswer(code: code))] }
        let good = try ScriptedNameServer(of: [Self.four])
        defer {
            failing.stop()
            good.stop()
        }
        #expect(try DNSResolver([failing, good]).lookUp("www.example").answer == .addresses([Self.four]))
        #expect(try DNSResolver([failing]).lookUp("www.example") == Resolution(.failed, from: .query))
    }

    @Test("Where nobody listens the next server is asked at once, and without one it fails at once")
    func nobody() throws {
        let good = try ScriptedNameServer(of: [Self.four])
        defer { good.stop() }
        var sources = DNSResolver.Sources()
        sources.hostsFile = "/nonexistent"
        sources.settingsFile = "/nonexistent"
        sources.servers = [try ScriptedNameServer.gone(), good.endpoint]
        #expect(try DNSResolver(sources).lookUp("www.example").answer == .addresses([Self.four]))
        sources.servers.removeLast()
        #expect(try DNSResolver(sources).lookUp("www.example") == Resolution(.failed, from: .query))
    }

    @Test("A name that does not exist is remembered as long as its zone says, and not at all if it doesn't")
    func negative() throws {
        let server = try ScriptedNameServer { question in
            let authorities: [DNSAnswer.Record] = question.name == "known.example" ? [.authority(ttl: 60)] : []
            return [.answer(DNSAnswer(authorities: authorities, code: 3))]
        }
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        #expect(try resolver.lookUp("known.example") == Resolution(.notFound, from: .query))
        #expect(try resolver.lookUp("known.example") == Resolution(.notFound, from: .cache))
        #expect(server.asked.count == 2)
        for _ in 0..<2 { #expect(try resolver.lookUp("unknown.example") == Resolution(.notFound, from: .query)) }
        #expect(server.asked.count == 6)
    }

    @Test("Aliases are followed, sixteen within an answer and eight between answers")
    func aliases() throws {
        let server = try ScriptedNameServer { question in
            let parts = question.name.split(separator: ".")
            let (kind, number) = (parts[0], Int(parts[1]) ?? 0)
            if kind == "chain" {
                let length = number
                let links = (0..<length).map {
                    DNSAnswer.Record.alias($0 == 0 ? question.name : "l\($0).example", "l\($0 + 1).example")
                }
                return [.answer(DNSAnswer(records: links + [.address("l\(length).example", Self.four)]))]
            }
            if number == 0 { return [.answer(.addresses([Self.four], to: question))] }
            return [.answer(DNSAnswer(records: [.alias(question.name, "step.\(number - 1).example")]))]
        }
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        let found = Resolution.Answer.addresses([Self.four])
        #expect(try resolver.lookUp("chain.16.example").answer == found)
        #expect(try resolver.lookUp("chain.17.example").answer == .failed)
        #expect(try resolver.lookUp("chain.1000.example").answer == .failed)
        #expect(try resolver.lookUp("step.8.example").answer == found)
        #expect(try resolver.lookUp("step.9.example").answer == .failed)
    }

    @Test("A message that can't be read fails at once: a compression loop, a cut one, one with bytes behind it")
    func unreadable() throws {
        let server = try ScriptedNameServer { question in
            let at = UInt8(12 + question.bytes.count)
            let loop = DNSAnswer.Record(name: [0xc0, at], type: 1, ttl: 9, data: [192, 0, 2, 1])
            let good = DNSAnswer.addresses([Self.four, Self.six], to: question).message(to: question)
            switch question.name {
            case "loop.example": return [.answer(DNSAnswer(records: [loop]))]
            case "cut.example": return [.bytes(good.dropLast(1))]
            default: return [.bytes(good + [0])]
            }
        }
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        for name in ["loop.example", "cut.example", "long.example"] {
            #expect(try resolver.lookUp(name).answer == .failed)
        }
    }

    @Test("A server that does not know EDNS0 is asked without, and asked so from then on")
    func withoutOptions() throws {
        let server = try ScriptedNameServer { question in
            question.hasOptions
                ? [.answer(DNSAnswer(code: 1, leavesOutQuestion: true))]
                : [.answer(.addresses([Self.four], to: question))]
        }
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        #expect(try resolver.lookUp("a.example").answer == .addresses([Self.four]))
        let count = server.asked.count
        #expect(try resolver.lookUp("b.example").answer == .addresses([Self.four]))
        #expect(server.asked.dropFirst(count).allSatisfy { !$0.hasOptions })
    }

    @Test("Letters are mixed for a server that keeps them, and no longer for one that doesn't")
    func letters() throws {
        let keeping = try ScriptedNameServer(of: [Self.four])
        let folding = try ScriptedNameServer { question in
            var answer = DNSAnswer.addresses([Self.four], to: question)
            answer.foldsCase = true
            return [.answer(answer)]
        }
        defer {
            keeping.stop()
            folding.stop()
        }
        for (server, staysMixed) in [(keeping, true), (folding, false)] {
            let resolver = try DNSResolver([server])
            for number in 0..<6 {
                #expect(try resolver.lookUp("a-long-name-\(number).example").answer == .addresses([Self.four]))
            }
            #expect(server.asked[0].bytes.contains { $0 >= 0x41 && $0 <= 0x5a })
            let isMixed = server.asked.dropFirst(2).contains { $0.bytes.contains { $0 >= 0x41 && $0 <= 0x5a } }
            #expect(isMixed == staysMixed)
            #expect(server.asked.allSatisfy { !$0.isStream })
        }
    }

    @Test("A server that has kept letters and then doesn't is asked over TCP")
    func lettersForged() throws {
        let lie = IPAddress(203, 0, 113, 66)
        let server = try ScriptedNameServer { question in
            guard question.name == "target.example", !question.isStream else {
                return [.answer(.addresses([Self.four], to: question))]
            }
            var forged = DNSAnswer.addresses([lie], to: question)
            forged.foldsCase = true
            return [.answer(forged)]
        }
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        #expect(try resolver.lookUp("another.example").answer == .addresses([Self.four]))
        // The two questions of one name are doubted one after the other: only the first of them goes over TCP.
        server.follow { question in
            guard !question.isStream, question.isV4 else { return [.answer(.addresses([Self.four], to: question))] }
            var forged = DNSAnswer.addresses([lie], to: question)
            forged.foldsCase = true
            return [.answer(forged)]
        }
        #expect(try resolver.lookUp("the-target-of-it.example").answer == .addresses([Self.four]))
        #expect(server.asked.contains { $0.isStream })
    }

    @Test("A thousand names that nobody answers hold up no other")
    func manySilent() throws {
        let server = try ScriptedNameServer { question in
            question.name.hasPrefix("silent") ? [] : [.answer(.addresses([Self.four], to: question))]
        }
        defer { server.stop() }
        let resolver = try DNSResolver([server])
        let answers = Answers()
        for number in 0..<1000 {
            resolver.resolve(try HostName("silent\(number).example")) { answers.add($0) }
        }
        for number in 0..<10 {
            #expect(try resolver.lookUp("n\(number).example").answer == .addresses([Self.four]))
        }
        resolver.stop {}
        #expect(try answers.wait(for: 1000).allSatisfy { $0.answer == .failed })
    }

    @Test("Silence ends at the deadline, and is told apart from failure")
    func silence() throws {
        let server = try ScriptedNameServer()
        defer { server.stop() }
        let resolver = try DNSResolver([server], patience: .milliseconds(50))
        #expect(try resolver.lookUp("www.example") == Resolution(.timedOut, from: .query))
    }
}
