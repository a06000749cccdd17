import Testing

@testable import AccessLog

@Suite("Texts from the network")
struct HostileTextTests {
    static let keys: [Record.TextField: String] = [
        .client: "client", .user: "user", .userClaimed: "user_claimed", .authResult: "auth_result", .method: "method",
        .scheme: "scheme", .host: "host", .hostRaw: "host_raw", .path: "path", .userAgent: "ua",
        .referer: "referer", .rule: "rule", .entry: "entry", .reason: "reason", .would: "would",
        .policy: "policy", .resolver: "resolver", .destinations: "destinations", .serverName: "sni", .alpn: "alpn",
        .tlsVersion: "tls_version",
    ]

    /// What is sent, and the inside of the JSON string that it becomes.
    static let table: [(sent: [UInt8], written: String)] = [
        (Array("".utf8), ""),
        (Array("plain ~ text/with?all=it&has#1".utf8), "plain ~ text/with?all=it&has#1"),
        (Array("a\"b\\c".utf8), #"a\"b\\c"#),
        (Array("x\r\n{\"v\":1}".utf8), #"x\u000d\u000a{\"v\":1}"#),
        ([0x00], #"\u0000"#),
        (Array("\u{1b}[2J".utf8), #"\u001b[2J"#),
        (Array("\t\u{8}\u{c}\u{1f}".utf8), #"\u0009\u0008\u000c\u001f"#),
        ([0x7f], #"\u007f"#),
        (Array("\u{85}\u{9b}31m".utf8), #"\u0085\u009b31m"#),
        (Array("a\u{2028}b\u{2029}c".utf8), #"a\u2028b\u2029c"#),
        (Array("\u{202e}\u{200b}\u{feff}\u{2066}".utf8), #"\u202e\u200b\ufeff\u2066"#),
        (Array("\u{e0041}".utf8), #"\udb40\udc41"#),
        (Array("bücher.example".utf8), "bücher.example"),
        (Array("日本語 🦊".utf8), "日本語 🦊"),
        ([0x80], #"\uef80"#),
        ([0xff, 0xfe], #"\uefff\ueffe"#),
        (Array("caf".utf8) + [0xe9], #"caf\uefe9"#),
        ([0xc0, 0x80], #"\uefc0\uef80"#),
        ([0xc1, 0xbf], #"\uefc1\uefbf"#),
        ([0xe0, 0x80, 0x8a], #"\uefe0\uef80\uef8a"#),
        ([0xed, 0xa0, 0x80], #"\uefed\uefa0\uef80"#),
        ([0xf0, 0x80, 0x80, 0x8a], #"\ueff0\uef80\uef80\uef8a"#),
        ([0xf4, 0x90, 0x80, 0x80], #"\ueff4\uef90\uef80\uef80"#),
        ([0xe2, 0x82], #"\uefe2\uef82"#),
        ([0xe2, 0x82, 0x41], #"\uefe2\uef82A"#),
        ([0xee, 0xbe, 0x80], #"\uefee\uefbe\uef80"#),
        (Array("\u{ef7f}".utf8), "\u{ef7f}"),
        (Array("12345678\"".utf8), #"12345678\""#),
        (Array("1234567\u{7f}89".utf8), #"1234567\u007f89"#),
        (Array(#"\u0041"#.utf8), #"\\u0041"#),
    ]

    @Test("Each hostile text becomes exactly its documented form, in each field", arguments: Record.TextField.allCases)
    func exactForms(field: Record.TextField) throws {
        let key = try #require(Self.keys[field])
        for (sent, written) in Self.table {
            var record = Record()
            record.set(field, sent.span)
            let line = RecordLineTests.text(record)
            #expect(line.hasSuffix(",\"\(key)\":\"\(written)\"}\n"))
            // The form is exact, so it need not be read again in every field.
            if field == .path { try Self.check(line, [key: sent]) }
        }
    }

    @Test("Any bytes in every field at once make one line of JSON, and can be got back")
    func anyBytes() throws {
        var random = FixedRandom(seed: 1)
        var record = Record()
        for round in 0..<300 {
            record.reset()
            var sent: [String: [UInt8]] = [:]
            for field in Record.TextField.allCases {
                let bytes = Self.bytes(round: round, &random)
                sent[try #require(Self.keys[field])] = bytes
                record.set(field, bytes.span)
            }
            try Self.check(RecordLineTests.text(record), sent)
        }
    }

    @Test("No record is longer than was estimated for it")
    func bound() throws {
        var record = LargestRecord.make()
        for byte: UInt8 in [0x00, 0xff] {
            let text = [UInt8](repeating: byte, count: 500)
            for field in Record.TextField.allCases { record.set(field, text.span) }
            var bytes: [UInt8] = []
            record.append(to: &bytes)
            #expect(bytes.count <= record.maxLineBytes)
        }
    }

    private static func check(_ line: String, _ sent: [String: [UInt8]]) throws {
        let bytes = Array(line.utf8)
        #expect(bytes.firstIndex { $0 < 0x20 || $0 == 0x7f } == bytes.count - 1)
        #expect(bytes.last == UInt8(ascii: "\n"))
        let whole = Array(#"{"v":1,"type":"request","seq":1"#.utf8) + bytes.dropLast()
        #expect(String(validating: whole, as: UTF8.self) != nil)
        let members = try members(whole)
        for (key, bytes) in sent {
            let value = try #require(members[key] as? String)
            #expect(LogText.bytes(of: value) == bytes)
        }
    }

    /// Bytes of all kinds: any, mostly UTF-8, near the code points that stand for bytes.
    private static func bytes(round: Int, _ random: inout FixedRandom) -> [UInt8] {
        let count = Int.random(in: 0..<40, using: &random)
        switch round % 3 {
        case 0: return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        case 1:
            return (0..<count).map { _ in [0xee, 0xbe, 0x80, 0xef, 0x22, 0x5c, 0x0a].randomElement(using: &random)! }
        default:
            let scalars = (0..<count).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x2ffff, using: &random)) }
            return scalars.flatMap { Array(String($0).utf8) }
        }
    }
}
