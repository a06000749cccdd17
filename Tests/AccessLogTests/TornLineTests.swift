import Testing

@testable import AccessLog

@Suite("Lines that broke off")
struct TornLineTests {
    static func line() -> [UInt8] {
        var record = LargestRecord.make()
        record.resolved = Array(record.resolved.prefix(2))
        record.refused = []
        record.attempts = Array(record.attempts.prefix(2))
        record.set(.path, "a\"b\\c\r\u{e0041}é日🦊")
        record.set(.userAgent, [0xff, 0x80, 0xf0, 0x90].span)
        record.set(.user, "\u{900}\u{10000}\u{d7ff}")
        record.durations.total = 1_234_567
        var line = Array(#"{"v":1,"type":"request","seq":4711"#.utf8)
        record.append(to: &line)
        return line.dropLast()
    }

    @Test("Wherever a line breaks off, it is made whole JSON with its number, and says that it was torn")
    func everywhere() throws {
        let line = Self.line()
        for count in 1..<line.count {
            let torn = line[..<count]
            let closed = torn + TornLine.closing(torn, sequence: 4711)
            #expect(closed.last == UInt8(ascii: "\n"))
            let members = try? members(closed.dropLast())
            #expect(members?["seq"] as? Int == 4711, "\(String(decoding: closed, as: UTF8.self))")
            #expect(members?["torn"] as? Bool == true)
        }
    }

    @Test(
        "Texts and words are brought to their nearest end",
        arguments: [
            (#"{"v"#, #"":null,"seq":7,"torn":true}"#), (#"{"v":"#, #"null,"seq":7,"torn":true}"#),
            (#"{"v":1,"#, #""seq":7,"torn":true}"#), ("{", #""seq":7,"torn":true}"#),
            (#"{"seq":7,"a":tr"#, #"ue,"torn":true}"#), (#"{"seq":7,"a":1."#, #"0,"torn":true}"#),
            (#"{"seq":7,"a":["x","#, #"null],"torn":true}"#), (#"{"seq":7,"a":["#, #"],"torn":true}"#),
            (#"{"seq":7,"a":{"#, #"},"torn":true}"#), (#"{"seq":7,"a":{"b":1,"#, #""torn":true},"torn":true}"#),
            (#"{"seq":7,"a":"\"#, #"\","torn":true}"#), (#"{"seq":7,"a":"\ud83"#, #"0\udc00","torn":true}"#),
            (#"{"seq":7,"a":"\ud83e\u"#, #"dc00","torn":true}"#), (#"{"seq":7,"a":"\u20"#, #"00","torn":true}"#),
            (#"{"seq":"#, #"7,"torn":true}"#), (#"{"v":1}"#, ""), ("not ours", ""), ("{\"a\u{1}", ""),
        ])
    func nearestEnd(torn: String, closing: String) {
        let bytes = TornLine.closing(Array(torn.utf8)[...], sequence: 7)
        #expect(String(decoding: bytes, as: UTF8.self) == closing + "\n")
    }

    @Test("A number that broke off becomes the one it was")
    func number() {
        let torn = Array(#"{"v":1,"type":"request","seq":47"#.utf8)
        #expect(TornLine.closing(torn[...], sequence: 4711) == Array("11,\"torn\":true}\n".utf8))
    }

    @Test("Any bytes are closed off without a trap")
    func anyBytes() {
        var random = FixedRandom(seed: 4)
        let alphabet = Array(#"{}[]",:\utrue0123 .dé"#.utf8) + [0xf0, 0x90]
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<30, using: &random)
            let torn = [UInt8(ascii: "{")] + (0..<count).map { _ in alphabet.randomElement(using: &random)! }
            #expect(TornLine.closing(torn[...], sequence: 7).last == UInt8(ascii: "\n"))
        }
    }
}
