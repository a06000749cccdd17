import Testing

@testable import Addressing

@Suite struct HostTests {
    @Test(
        "A host has one normal form, and that is its own normal form",
        arguments: [
            ("example.com", "example.com"), ("EXAMPLE.Com", "example.com"), ("example.com.", "example.com"),
            ("example.com...", "example.com"), ("a", "a"), ("xn--BCHER-kva.example", "xn--bcher-kva.example"),
            ("_dmarc.a-b.example", "_dmarc.a-b.example"), ("1.2.3.4.example", "1.2.3.4.example"),
            ("0x7f.example", "0x7f.example"), ("3com", "3com"), ("-a-", "-a-"), ("0xg", "0xg"),
            ("192.0.2.1", "192.0.2.1"), ("::1", "::1"), ("::FFFF:192.0.2.1", "192.0.2.1"),
            ("2001:DB8:0::1", "2001:db8::1"),
        ])
    func normalForm(_ text: String, _ normal: String) throws {
        let host = try Host(text)
        #expect(host.description == normal)
        #expect(try Host(normal) == host)
        let (plain, raw) = (Array(normal.utf8), Array(text.utf8))
        let (isSpelledPlainly, isSpelledSo) = (host.isSpelled(plain.span), host.isSpelled(raw.span))
        #expect(isSpelledPlainly)
        #expect(isSpelledSo == (text == normal))
    }

    @Test(
        "What is no host is refused for its own reason",
        arguments: [
            ("", .empty), (".", .emptyLabel), ("..", .emptyLabel), (".a", .emptyLabel), ("a..b", .emptyLabel),
            ("a b", .invalidByte(0x20)), ("a\u{0}.example", .invalidByte(0)), ("a%2eb", .invalidByte(0x25)),
            ("a\r\nb", .invalidByte(0x0d)), ("a\tb", .invalidByte(9)), ("a\u{7f}", .invalidByte(0x7f)),
            ("bücher.example", .invalidByte(0xc3)), ("a/b", .invalidByte(0x2f)), ("a@b", .invalidByte(0x40)),
            ("a\\b", .invalidByte(0x5c)), ("*.example", .invalidByte(0x2a)), ("a,b", .invalidByte(0x2c)),
            ("[::1]", .invalidBrackets), ("[1.2.3.4]", .invalidByte(0x5b)), ("a:b", .invalidByte(0x3a)),
            ("::1%1", .zoneIdentifier), ("fe80::1%25eth0", .zoneIdentifier), (":::", .invalidByte(0x3a)),
            ("0.0.0.0", .unspecifiedAddress), ("::", .unspecifiedAddress), ("::ffff:0:0", .unspecifiedAddress),
            ("2130706433", .numericName), ("0x7f000001", .numericName), ("0X7F.1", .numericName),
            ("017700000001", .numericName), ("127.1", .numericName), ("127.0.1", .numericName),
            ("0177.0.0.01", .numericName), ("127.0.0.1.", .numericName), ("1.2.3.4.5", .numericName),
            ("1.2.3.256", .numericName), ("example.1", .numericName), ("example.0x", .numericName),
            ("example.0xab", .numericName), ("08", .numericName), ("0", .numericName), ("0.", .numericName),
            ("1.2.3.4..", .numericName),
        ] as [(String, HostError)])
    func refused(_ text: String, _ error: HostError) {
        #expect(throws: error) { try Host(text) }
    }

    @Test("A label of 63 bytes and a name of 253 are taken, one more is refused")
    func lengths() throws {
        let label = String(repeating: "a", count: 63)
        #expect(try Host(label + ".b").description.utf8.count == 65)
        #expect(throws: HostError.labelTooLong) { try Host(label + "a.b") }
        let longest = "\(label).\(label).\(label).\(label.dropLast(2))"
        #expect(longest.utf8.count == 253)
        #expect(try Host(longest).description == longest)
        #expect(try Host(longest + "..").description == longest)
        #expect(throws: HostError.nameTooLong) { try Host(longest + "b") }
    }

    @Test(
        "An authority is a host and a port",
        arguments: [
            ("example.com:443", "example.com:443"), ("Example.COM.:1", "example.com:1"),
            ("192.0.2.1:65535", "192.0.2.1:65535"), ("[::1]:80", "[::1]:80"), ("[2001:DB8::1]:80", "[2001:db8::1]:80"),
            ("[::ffff:192.0.2.1]:80", "192.0.2.1:80"),
        ])
    func authority(_ text: String, _ normal: String) throws {
        let authority = try Authority(text)
        #expect(authority.description == normal)
        #expect(try Authority(normal) == authority)
    }

    @Test("Without a port the default is taken, where there is one")
    func defaultPort() throws {
        #expect(try Authority("a", defaultPort: Port(80)).port == Port(80))
        #expect(try Authority("[::1]", defaultPort: Port(80)).port == Port(80))
        #expect(throws: HostError.missingPort) { try Authority("a:", defaultPort: Port(80)) }
        #expect(throws: HostError.missingPort) { try Authority("a") }
        #expect(throws: HostError.missingPort) { try Authority("[::1]") }
    }

    @Test(
        "What is no authority is refused for its own reason",
        arguments: [
            ("", .empty), (":80", .empty), ("a:0", .invalidPort), ("a:65536", .invalidPort), ("a:080", .invalidPort),
            ("a:+80", .invalidPort), ("a:8 0", .invalidPort), ("a:80:80", .invalidPort), ("a:http", .invalidPort),
            ("u@a:80", .userInformation), ("u:p@a:80", .userInformation), ("a:80@b:80", .userInformation),
            ("::1:80", .empty), ("2001:db8::1", .numericName), ("[::1", .invalidBrackets), ("[]:80", .invalidBrackets),
            ("[::1]80", .invalidBrackets), ("[::1]]:80", .invalidBrackets), ("[a]:80", .invalidBrackets),
            ("[192.0.2.1]:80", .invalidBrackets), ("[v1.a]:80", .invalidBrackets), ("[::1%1]:80", .zoneIdentifier),
            ("[::1%251]:80", .zoneIdentifier), ("[::]:80", .unspecifiedAddress), ("0.0.0.0:80", .unspecifiedAddress),
            ("a/b:80", .invalidByte(0x2f)), ("a?:80", .invalidByte(0x3f)), ("127.1:80", .numericName),
            ("a]:80", .invalidByte(0x5d)), (" a:80", .invalidByte(0x20)),
        ] as [(String, HostError)])
    func refusedAuthority(_ text: String, _ error: HostError) {
        #expect(throws: error) { try Authority(text) }
    }

    @Test("An authority tells where its host stands")
    func hostRange() {
        for (text, range) in [("a.b:80", 0..<3), ("a", 0..<1), ("[::1]:80", 1..<4), ("[::1]", 1..<4), ("", 0..<0)] {
            let bytes = Array(text.utf8)
            let found = Authority.hostRange(in: bytes.span)
            #expect(found == range, "\(text)")
        }
    }

    @Test("Every reason has words of its own for the operator, on one line")
    func explanations() {
        let all: [HostError] = [
            .empty, .emptyLabel, .labelTooLong, .nameTooLong, .invalidByte(0), .unmappedCharacter("ß"), .numericName,
            .invalidBrackets, .zoneIdentifier, .unspecifiedAddress, .userInformation, .missingPort, .invalidPort,
        ]
        #expect(Set(all.map(\.description)).count == all.count)
        for error in all {
            #expect(error.description.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "\(error)")
        }
    }
}
