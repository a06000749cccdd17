import Testing

@testable import Users

@Suite("Password hashes")
struct PasswordHashTests {
    /// "secret", hashed by other programs: `openssl passwd` and Python's `crypt`.
    private static let others = [
        "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
        "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
        "$2a$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
        "$5$saltsalt$0IyaXrmV7.sGNS6tirgqHLqX/G.FBvgkYA.lpPdS5sA",
        "$5$rounds=1000$saltsalt$eKLZU9t9OoPWrqOQsoTIKG0aYkZ5rGOoOQhiIvoSWX2",
        "$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1",
        "$y$j75$abcdefghijklmnop$vZlXu1XtxOBWRxjOpQqONp1WYfMO0dN.H4xeSMU2ZvC",
    ]

    @Test("Hashes that other programs made are understood", arguments: others)
    func foreign(text: String) throws {
        let hash = try PasswordHash(text)
        #expect(hash.matches(Array("secret".utf8)))
        for wrong in ["", "secre", "secret ", "Secret", "secret\0", "\0secret"] {
            #expect(!hash.matches(Array(wrong.utf8)), "\(wrong)")
        }
    }

    @Test("A password that was hashed is found right, and each hash has salt of its own")
    func roundTrip() throws {
        let password = Array("correct horse".utf8)
        let hash = try PasswordHash(of: password)
        #expect(hash.text.hasPrefix("$2y$10$"))
        #expect(hash.matches(password))
        #expect(!hash.matches(Array("correct hors".utf8)))
        #expect(try PasswordHash(of: password) != hash)
    }

    @Test("Methods that are broken are refused with advice")
    func weak() {
        for text in [
            "secret", "", "$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0", "$1$saltsalt$9xy1btjgzLYfb7hivXtC//",
            "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", "ab01FAX.bQRSU", "$2x$04$abcdefghijklmnopqrstuu", "$md5$x",
        ] {
            #expect(throws: PasswordHashError.weak, "\(text)") { try PasswordHash(text) }
        }
        #expect(PasswordHashError.weak.description.contains("sallyport user add"))
    }

    @Test("A hash that is not whole, or would take too long, is refused")
    func malformed() {
        for text in Self.others {
            #expect(throws: PasswordHashError.self, "\(text)") { try PasswordHash(String(text.dropLast())) }
            #expect(throws: PasswordHashError.self, "\(text)") { try PasswordHash(text + "!") }
        }
        let slow = [
            "$2y$16$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
            "$5$rounds=1000001$saltsalt$eKLZU9t9OoPWrqOQsoTIKG0aYkZ5rGOoOQhiIvoSWX2",
        ]
        for text in slow {
            #expect(throws: PasswordHashError.self, "\(text)") { try PasswordHash(text) }
        }
    }

    @Test("A password that can't be kept whole is refused")
    func unusable() {
        #expect(throws: PasswordHashError.unusablePassword) { try PasswordHash(of: []) }
        #expect(throws: PasswordHashError.unusablePassword) { try PasswordHash(of: [0x61, 0]) }
        #expect(throws: PasswordHashError.passwordTooLong) {
            try PasswordHash(of: [UInt8](repeating: 0x61, count: 73))
        }
    }
}
