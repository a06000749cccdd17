import Foundation
import Testing

@testable import Addressing

@Suite struct UnicodeNameTests {
    @Test(
        "A label outside ASCII becomes its xn-- form",
        arguments: [
            ("bücher", "xn--bcher-kva"), ("BÜCHER.Example.", "xn--bcher-kva.example"), ("münchen", "xn--mnchen-3ya"),
            ("例え", "xn--r8jz45g"), ("例子", "xn--fsqu00a"), ("пример", "xn--e1afmkfd"), ("ПРИМЕР", "xn--e1afmkfd"),
            ("παράδειγμα", "xn--hxajbheg2az3al"), ("उदाहरण", "xn--p1b6ci4b4b3a"), ("مثال", "xn--mgbh0fb"),
            ("ตัวอย่าง", "xn--72c1a1bt4awk9o"), ("실례", "xn--9n2bp8q"), ("தமிழ்", "xn--rlcus7b3d"),
            ("சிங்கப்பூர்", "xn--clchc0ea0b2g2a9gcd"), ("বাংলা", "xn--54b7fta0cc"), ("россия", "xn--h1alffa9f"),
            ("ලංකා", "xn--fzc2c9e2c"), ("ಭಾರತ", "xn--2scrj9c"), ("భారత్", "xn--fpcrj9c3d"), ("ഭാരതം", "xn--rvc1e0am3e"),
            ("日本語", "xn--wgv71a119e"), ("a.日本語.b", "a.xn--wgv71a119e.b"), ("〇", "xn--w6j"),
            ("ascii-only", "ascii-only"),
        ])
    func mapped(_ text: String, _ name: String) throws {
        #expect(try HostName(unicode: text).text == name)
        #expect(try HostName(unicode: name).text == name)
    }

    @Test(
        "A character that lower-casing alone does not settle is refused",
        arguments: [
            ("faß", "ß"), ("FAẞ", "ß"), ("βόλος", "ς"), ("İstanbul", "\u{307}"), ("ｅxample", "ｅ"), ("①", "①"),
            ("ﬁ", "ﬁ"), ("²", "²"), ("bu\u{308}cher", "\u{308}"), ("a\u{200d}b", "\u{200d}"),
            ("a\u{200c}b", "\u{200c}"),
            ("a\u{ad}ü", "\u{ad}"), ("a·ü", "·"), ("例・え", "・"), ("例。え", "。"), ("ü b", " "), ("ü_b", "_"),
            ("😀", "😀"), ("ü\u{202e}", "\u{202e}"), ("-ü", "-"), ("ü-", "-"), ("ab--ü", "-"), ("\u{94d}क", "\u{94d}"),
            ("\u{0bc6}\u{0bbe}", "\u{bc6}"), ("க\u{0bc6}\u{0bbe}", "\u{0bbe}"), ("न\u{93c}", "\u{93c}"),
            ("٠۰", "\u{6f0}"), ("\u{1100}\u{1161}", "\u{1100}"), ("\u{378}", "\u{378}"), ("\u{e000}", "\u{e000}"),
            ("か\u{3099}", "\u{3099}"), ("Ꭰ", "\u{ab70}"),
        ] as [(String, Unicode.Scalar)])
    func refused(_ text: String, _ scalar: Unicode.Scalar) {
        #expect(throws: HostError.unmappedCharacter(scalar)) { try HostName(unicode: text) }
    }

    @Test("Only a label in Unicode's composed form is taken")
    func composedOnly() {
        var tried = 0
        for value in UInt32(0x80)..<0x30000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let composed = String(scalar)
            let parts = composed.decomposedStringWithCanonicalMapping
            guard parts.unicodeScalars.count > 1 else { continue }
            let normal = parts.precomposedStringWithCanonicalMapping
            if normal.unicodeScalars.elementsEqual(parts.unicodeScalars) { continue }
            tried += 1
            #expect((try? HostName(unicode: "x" + parts)) == nil, "U+\(String(value, radix: 16))")
        }
        #expect(tried > 12_000)
    }

    @Test("An encoded label is held to 63 bytes")
    func length() throws {
        let most = String(repeating: "ü", count: 54)
        let name = try HostName(unicode: most).text
        #expect(name.utf8.count <= 63)
        #expect(throws: HostError.labelTooLong) { try HostName(unicode: String(repeating: "ü", count: 60)) }
        #expect(throws: HostError.labelTooLong) { try HostName(unicode: String(repeating: "日本語中文字", count: 10)) }
        #expect(throws: HostError.labelTooLong) { try HostName(unicode: String(repeating: "ü", count: 100_000)) }
    }

    @Test("A mapped name is still held to every rule of a name")
    func rules() {
        #expect(throws: HostError.emptyLabel) { try HostName(unicode: "ü..b") }
        #expect(throws: HostError.numericName) { try HostName(unicode: "ü.1") }
        #expect(throws: HostError.invalidByte(0x20)) { try HostName(unicode: "a b.ü") }
        #expect(throws: HostError.empty) { try HostName(unicode: "") }
    }

    @Test(
        "Punycode encodes the samples of RFC 3492 §7.1",
        arguments: [
            ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
            ("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"),
            (
                "세계의모든사람들이한국어를이해한다면얼마나좋을까",
                "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c"
            ),
            ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
            ("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"),
            ("そのスピードで", "d9juau41awczczp"),
            ("-> $1.00 <-", "-> $1.00 <--"),
        ])
    func samples(_ text: String, _ encoded: String) {
        #expect(Punycode.encode(Array(text.unicodeScalars)).map { String(decoding: $0, as: UTF8.self) } == encoded)
    }

    @Test("Punycode gives up rather than overflow")
    func overflow() {
        let scalars = [Unicode.Scalar](repeating: "a", count: 5_000) + ["\u{10ffff}"]
        #expect(Punycode.encode(scalars) == nil)
    }
}
