import Addressing
import Testing

@testable import Wire

@Suite struct DNSTests {
    @Test("A query asks one question, with recursion and EDNS0")
    func query() throws {
        var bytes: [UInt8] = []
        DNS.appendQuery(id: 0x1234, try name("ab.c"), .aaaa, to: &bytes)
        #expect(
            bytes == [
                0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 97, 98, 1, 99, 0, 0, 28, 0, 1, 0, 0, 41, 4, 0xd0, 0, 0, 0,
                0, 0, 0,
            ])
    }

    @Test("A name goes into a message and comes back as the same host")
    func names() throws {
        let longest = [63, 63, 63, 61].map { String(repeating: "a", count: $0) }.joined(separator: ".")
        for text in ["a", "www.example.com", "_x.a-b", longest] {
            #expect(try name(text).hostName == HostName(text))
        }
        #expect(try name(longest).wire.count == 255)
        #expect(DNS.Name(wire: [0]).hostName == nil)
        #expect(DNS.Name(wire: [3, 97, 46, 98, 0]).hostName == nil)
        #expect(DNS.Name(wire: [1, 42, 1, 97, 0]).hostName == nil)
    }

    @Test("Addresses are found behind aliases, with the least TTL, and other names' records are not")
    func addresses() throws {
        var message = DNSFixture(answers: [
            .cname("www.example", "cdn.example", ttl: 30), .a("other.example", [10, 0, 0, 1]),
            .a("cdn.example", [192, 0, 2, 1], ttl: 60), .a("cdn.example", [192, 0, 2, 2], ttl: 90),
        ])
        message.question = ("WWW.example", 1)
        let response = try message.parsed()
        #expect(response.question == .init(name: try name("www.example"), type: .a))
        #expect(
            response.resolution(of: try name("www.example"), .a)
                == .addresses([IPAddress(192, 0, 2, 1), IPAddress(192, 0, 2, 2)], ttl: 30))
        #expect(response.resolution(of: try name("nobody.example"), .a) == .noData(alias: nil, ttl: nil))
    }

    @Test("Only addresses of the family asked for are given, and an IPv4 one in IPv6 shape is of neither")
    func families() throws {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff, 10, 0, 0, 1]
        let v6: [UInt8] = [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]
        let response = try DNSFixture(answers: [.aaaa("a", mapped), .aaaa("a", v6), .a("a", [192, 0, 2, 1])]).parsed()
        let address = try #require(IPAddress("2001:db8::1"))
        #expect(response.resolution(of: try name("a"), .aaaa) == .addresses([address], ttl: 300))
    }

    @Test("An alias whose end is not answered is told, so that it can be asked for")
    func openAlias() throws {
        let response = try DNSFixture(answers: [.cname("a", "b", ttl: 5), .cname("b", "c.d", ttl: 5)]).parsed()
        #expect(response.resolution(of: try name("a"), .a) == .noData(alias: try name("c.d"), ttl: nil))
    }

    @Test("Aliases in a circle end in a failure")
    func circle() throws {
        let response = try DNSFixture(answers: [.cname("a", "b", ttl: 5), .cname("b", "a", ttl: 5)]).parsed()
        #expect(response.resolution(of: try name("a"), .a) == .failed(.serverFailure))
    }

    @Test("A negative answer is kept for the least of the SOA record's TTL and MINIMUM")
    func negative() throws {
        var message = DNSFixture(flags: 0x8183)
        message.authorities = [.soa("example", minimum: 60, ttl: 900)]
        #expect(try message.parsed().resolution(of: try name("x.example"), .a) == .noName(ttl: 60))
        message.flags = 0x8180
        message.authorities = [.soa("example", minimum: 900, ttl: 30)]
        #expect(try message.parsed().resolution(of: try name("x.example"), .a) == .noData(alias: nil, ttl: 30))
    }

    @Test("A failure of the server is told by its code, with the upper bits of EDNS0")
    func codes() throws {
        var message = DNSFixture(flags: 0x8182)
        #expect(try message.parsed().resolution(of: try name("a"), .a) == .failed(.serverFailure))
        message.flags = 0x8180
        message.additionals = [.opt(ttl: 0x0100_0000)]
        #expect(try message.parsed().code == .badVersion)
    }

    @Test("A truncated response says so, and its records are not read")
    func truncated() throws {
        var message = DNSFixture(flags: 0x8380, answers: [.a("a", [10, 0, 0, 1])])
        message.cut = 20
        let response = try message.parsed()
        #expect(response.isTruncated)
        #expect(response.answers.isEmpty)
    }

    @Test("A TTL with its highest bit set counts as zero")
    func ttl() throws {
        let response = try DNSFixture(answers: [.a("a", [192, 0, 2, 1], ttl: 0x8000_0001)]).parsed()
        #expect(response.answers.first?.ttl == 0)
    }

    @Test("Records of unknown types and classes are skipped")
    func unknown() throws {
        var chaos = DNSFixture.Record.a("a", [10, 0, 0, 1])
        chaos.scope = 3
        let other = DNSFixture.Record(name: DNSFixture.wire("a"), type: 99, data: [1, 2, 3])
        #expect(try DNSFixture(answers: [chaos, other, .a("a", [192, 0, 2, 1])]).parsed().answers.count == 1)
    }

    @Test(
        "A malformed message is refused for its own reason",
        arguments: [
            (DNSFixture(flags: 0x0100), .notResponse), (DNSFixture(flags: 0x8980), .notResponse),
            (DNSFixture(extra: [0]), .trailingBytes), (DNSFixture(answers: [.a("a", [1, 2, 3])]), .wrongDataLength),
            (DNSFixture(answers: [.aaaa("a", [1, 2, 3, 4])]), .wrongDataLength),
            (DNSFixture(answers: [.init(name: [0], type: 5, data: [1, 97, 0, 0])]), .wrongDataLength),
            (DNSFixture(answers: [.init(name: [0], type: 5, data: [5, 97])]), .truncated),
            (DNSFixture(authorities: [.init(name: [0], type: 6, data: [0, 0, 1])]), .wrongDataLength),
            (DNSFixture(additionals: [.opt(ttl: 0), .opt(ttl: 0)]), .malformedOptions),
            (DNSFixture(additionals: [.init(name: [1, 97, 0], type: 41, data: [])]), .malformedOptions),
            // The header takes 12 bytes, the question 7: the first record's name stands at 19.
            (DNSFixture(answers: [.init(name: [0xc0, 19], type: 1, data: [])]), .forwardPointer),
            (DNSFixture(answers: [.init(name: [0xc0, 20], type: 1, data: [])]), .forwardPointer),
            (DNSFixture(answers: [.init(name: [0xc0, 0], type: 1, data: [])]), .forwardPointer),
            (DNSFixture(answers: [.init(name: [0xff, 0xff], type: 1, data: [])]), .forwardPointer),
            (DNSFixture(answers: [.init(name: [1, 97, 0xc0, 19], type: 1, data: [])]), .forwardPointer),
            (DNSFixture(answers: [.init(name: [0x40, 0], type: 1, data: [])]), .unknownLabelType(0x40)),
            (DNSFixture(answers: [.init(name: [0x80, 0], type: 1, data: [])]), .unknownLabelType(0x80)),
            (DNSFixture(answers: [.init(name: DNSFixture.tooLong, type: 1, data: [])]), .nameTooLong),
            (DNSFixture(question: nil, counts: [2, 0, 0, 0]), .severalQuestions),
            (DNSFixture(counts: [1, 0xffff, 0xffff, 0xffff]), .truncated), (DNSFixture(cut: 11), .truncated),
            (DNSFixture(cut: 14), .truncated), (DNSFixture(scope: 3), .unknownClass(3)),
        ] as [(DNSFixture, DNS.ParseError)])
    func refused(_ message: DNSFixture, _ error: DNS.ParseError) {
        #expect(throws: error) { try message.parsed() }
    }

    @Test("A chain of pointers, each further to the front, is followed")
    func pointers() throws {
        // 19: "b" and a pointer to the question's name at 12; the second record's name points to 19.
        let first = DNSFixture.Record(name: [1, 98, 0xc0, 12], type: 1, data: [192, 0, 2, 1])
        let second = DNSFixture.Record(name: [1, 99, 0xc0, 19], type: 1, data: [192, 0, 2, 2])
        let response = try DNSFixture(answers: [first, second]).parsed()
        #expect(try response.answers.map(\.name) == [name("b.a"), name("c.b.a")])
    }

    @Test("A message in a stream stands behind its length")
    func stream() {
        let bytes: [UInt8] = [0, 2, 7, 8, 9]
        for count in 0..<4 { #expect(DNS.message(inStream: bytes.span.extracting(0..<count)) == .incomplete) }
        #expect(DNS.message(inStream: bytes.span) == .complete(2..<4, consumed: 4))
    }

    private func name(_ text: String) throws -> DNS.Name {
        DNS.Name(try HostName(text))
    }
}
