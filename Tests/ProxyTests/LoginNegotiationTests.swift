import Testing

@testable import Proxy

@Suite("Who is asked for credentials, and how")
struct LoginNegotiationTests {
    private static let credentials: [UInt8] = [1, 3] + Array("ann".utf8) + [6] + Array("secret".utf8)

    @Test("The method is chosen by what the proxy needs and the client offers (RFC 1928 §3)")
    func methods() {
        let table: [(offered: [UInt8], asking: Negotiation.Asking, chosen: UInt8)] = [
            ([0], .nobody, 0), ([0, 2], .nobody, 0), ([2], .nobody, 255), ([2, 0], .required, 2), ([2], .required, 2),
            ([0], .required, 255), ([1, 3], .required, 255), ([0], .optional, 0), ([0, 2], .optional, 2),
            ([1], .optional, 255),
        ]
        for row in table {
            let greeting = [5, UInt8(row.offered.count)] + row.offered
            let conversation = Conversation([greeting[...]], asking: row.asking)
            #expect(conversation.answer == [5, row.chosen], "\(row)")
        }
    }

    @Test("User name and password are read, split at every byte, and nothing behind them before they are verified")
    func credentials() {
        Conversation.expect([5, 1, 2] + Self.credentials, .login("ann:secret"), answer: [5, 2], asking: .required)
    }

    @Test("Malformed credentials close the connection without an answer")
    func malformed() {
        for bytes in [[2], [1, 0], [1, 1, 0x61, 0]] as [[UInt8]] {
            Conversation.expect(
                [5, 1, 2] + bytes, .refused(.httpRequestError, told: nil), answer: [5, 2], asking: .required)
        }
    }
}
