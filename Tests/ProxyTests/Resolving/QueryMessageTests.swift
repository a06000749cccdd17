import Addressing
import Testing

@testable import Proxy
@testable import Wire

@Suite("A query and its answer")
struct QueryMessageTests {
    private static let name = "some.long-name.example"

    private static func query(mixesCase: Bool = true, hasOptions: Bool = true, seed: UInt64 = 1) throws -> QueryMessage
    {
        var random = SeededBits(state: seed)
        return QueryMessage(
            DNS.Name(try HostName(name)), .a, id: 0x1234, mixesCase: mixesCase, hasOptions: hasOptions, using: &random)
    }

    private static func question(_ query: QueryMessage) -> DNSQuestion {
        DNSQuestion(message: query.bytes, isStream: false)
    }

    private static func reading(_ query: QueryMessage, _ answer: DNSAnswer) -> String {
        let message = answer.message(to: question(query))
        switch query.read(message.span) {
        case .unrelated: return "unrelated"
        case .caseFolded: return "folded"
        case .truncated: return "truncated"
        case .optionsRefused: return "options refused"
        case .malformed: return "malformed"
        case .response: return "response"
        }
    }

    @Test("The letters are mixed, differently each time, and nothing else is")
    func mixes() throws {
        let plain = try Self.query(mixesCase: false).bytes
        var seen: Set<[UInt8]> = []
        for seed in 0..<20 {
            let mixed = try Self.query(seed: UInt64(seed)).bytes
            #expect(mixed.count == plain.count)
            for (left, right) in zip(mixed, plain) where left != right {
                #expect(left | 0x20 == right && right >= 0x61 && right <= 0x7a)
            }
            seen.insert(mixed)
        }
        #expect(seen.count == 20)
    }

    @Test("Without EDNS0 the query has no additional record")
    func withoutOptions() throws {
        let with = try Self.query(mixesCase: false).bytes
        let without = try Self.query(mixesCase: false, hasOptions: false).bytes
        #expect(without.count == with.count - 11)
        #expect(without[11] == 0 && with[11] == 1)
        #expect(without[12...] == with[12..<without.count])
    }

    @Test("Only an answer to this very question is taken")
    func matches() throws {
        let query = try Self.query()
        let record = DNSAnswer.Record.address(Self.name, IPAddress(192, 0, 2, 1))
        let cases: [(String, DNSAnswer)] = [
            ("response", DNSAnswer(records: [record])),
            ("response", DNSAnswer(code: 3)),
            ("unrelated", DNSAnswer(records: [record], idOffset: 1)),
            ("unrelated", DNSAnswer(records: [record], question: ("other.example", 1))),
            ("unrelated", DNSAnswer(records: [record], question: (Self.name, 28))),
            ("folded", DNSAnswer(records: [record], foldsCase: true)),
            ("truncated", DNSAnswer(isTruncated: true)),
            ("truncated", DNSAnswer(isTruncated: true, foldsCase: true)),
            ("malformed", DNSAnswer(leavesOutQuestion: true)),
        ]
        for (expected, answer) in cases { #expect(Self.reading(query, answer) == expected, "\(answer)") }
    }

    @Test("A server that does not know EDNS0 says so in one of three ways")
    func refusesOptions() throws {
        for code in [1, 4] as [UInt16] {
            #expect(Self.reading(try Self.query(), DNSAnswer(code: code)) == "options refused")
            #expect(Self.reading(try Self.query(), DNSAnswer(code: code, leavesOutQuestion: true)) == "options refused")
            #expect(Self.reading(try Self.query(hasOptions: false), DNSAnswer(code: code)) == "response")
        }
    }

    @Test("Bytes that are no message are malformed, wherever it is cut")
    func cut() throws {
        let query = try Self.query()
        let whole = DNSAnswer(records: [.address(Self.name, IPAddress(192, 0, 2, 1))]).message(to: Self.question(query))
        for count in whole.indices {
            guard case .malformed = query.read(whole.span.extracting(0..<count)) else {
                Issue.record("cut to \(count) it is understood")
                continue
            }
        }
    }

    @Test("A compression loop is malformed, and costs no time")
    func loop() throws {
        let query = try Self.query()
        let at = UInt8(12 + Self.question(query).bytes.count)
        let loop = DNSAnswer.Record(name: [0xc0, at], type: 1, ttl: 9, data: [192, 0, 2, 1])
        #expect(Self.reading(query, DNSAnswer(records: [loop])) == "malformed")
    }
}

/// The same bits every time.
struct SeededBits: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }
}
