import Testing

@testable import Wire

@Suite("Basic credentials")
struct BasicCredentialsTests {
    private static func read(_ text: String) -> HTTP1.BasicCredentials.Reading {
        let bytes = Array(text.utf8)
        return HTTP1.BasicCredentials.read(bytes.span)
    }

    @Test("The scheme's name has no case, and the first colon ends the user's")
    func read() {
        for text in ["Basic YW5uOnNlOmNyZXQ=", "basic YW5uOnNlOmNyZXQ=", "BASIC   YW5uOnNlOmNyZXQ="] {
            guard case .credentials(let credentials) = Self.read(text) else {
                Issue.record("\(text) was not read")
                continue
            }
            #expect(credentials.userName == Array("ann".utf8))
            #expect(credentials.password == Array("se:cret".utf8))
        }
    }

    @Test("What is no Basic is told from what is wrong Basic")
    func others() {
        for text in ["", "Bearer abc", "Negotiate YW5uOng=", "Basicx YW5uOng=", "Basi"] {
            #expect(Self.read(text) == .otherScheme, "\(text)")
        }
        // Bad alphabets and lengths, bits that stand for nothing, no colon, no name.
        for text in [
            "Basic", "Basic ", "Basic YW5uOng", "Basic YW5u_ng=", "Basic YW5uOng==", "Basic YW5uOnh=", "Basic =",
            "Basic YW5u", "Basic OnNlY3JldA==", "Basic YW5uOng= x", "Basic ====",
        ] {
            #expect(Self.read(text) == .malformed, "\(text)")
        }
    }

    @Test("Base64 gives back what was put in (RFC 4648 §10)")
    func vectors() {
        let table: [(String, String)] = [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
        ]
        for (text, plain) in table {
            let bytes = Array(text.utf8)
            #expect(Base64.decode(bytes.span) == Array(plain.utf8), "\(text)")
        }
    }
}
