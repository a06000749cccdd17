import Testing

@testable import AccessLog

@Suite("SHA-256 and HMAC")
struct SHA256Tests {
    /// FIPS 180-4's examples, as NIST publishes them, and the empty message.
    static let vectors: [(message: String, digest: String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    static let ways = SHA256.hasInstructions ? [true, false] : [false]

    static func digest(_ bytes: [UInt8], usingInstructions: Bool) -> Digest {
        var sha = SHA256(usingInstructions: usingInstructions)
        sha.update(bytes.span)
        return sha.finalize()
    }

    @Test("The published messages have their published digests, with and without the processor's help", arguments: ways)
    func published(usingInstructions: Bool) {
        for (message, digest) in Self.vectors where usingInstructions || message.utf8.count < 1000 {
            #expect(Self.digest(Array(message.utf8), usingInstructions: usingInstructions).description == digest)
        }
    }

    @Test("However a message is cut into pieces, its digest is the same")
    func pieces() {
        var random = FixedRandom(seed: 2)
        let message = (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) }
        for length in [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 300] {
            let bytes = Array(message.prefix(length))
            let whole = Self.digest(bytes, usingInstructions: false)
            for way in Self.ways {
                #expect(Self.digest(bytes, usingInstructions: way) == whole)
                for first in stride(from: 0, through: length, by: 7) {
                    var sha = SHA256(usingInstructions: way)
                    sha.update(Array(bytes[..<first]).span)
                    sha.update(Array(bytes[first...]).span)
                    #expect(sha.finalize() == whole)
                }
            }
        }
    }

    /// RFC 4231 §4.2 to §4.4 and §4.7, with keys shorter and longer than a block.
    static let keyed: [(key: [UInt8], message: [UInt8], code: String)] = [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ]

    @Test("The published keyed messages have their published codes")
    func hmac() {
        for (key, message, code) in Self.keyed {
            var hmac = HMAC(key: key)
            hmac.update(message.span)
            #expect(hmac.finalize().description == code)
        }
    }

    @Test("A digest is read back from its own text, and from nothing else")
    func text() throws {
        let digest = Self.digest([1], usingInstructions: false)
        #expect(Digest(digest.description) == digest)
        #expect(Digest(digest.description.uppercased()) == nil)
        #expect(Digest(digest.description.dropLast()) == nil)
        #expect(Digest(digest.description + "0") == nil)
    }
}
