import AccessLog
import Addressing
import Testing

@testable import Proxy

@Suite("Negotiation")
struct NegotiationTests {
    @Test("SOCKS5 agrees on no authentication and reads a request of each address type")
    func socks5() {
        let table: [(host: String, authority: String, normal: String, raw: String)] = [
            ("192.0.2.1", "192.0.2.1:443", "192.0.2.1", ""),
            ("2001:db8::1", "[2001:db8::1]:443", "2001:db8::1", ""),
            ("a.example", "a.example:443", "a.example", ""),
            ("A.Example.", "a.example:443", "a.example", "A.Example."),
        ]
        for (host, authority, normal, raw) in table {
            Conversation.expect(
                [5, 1, 0] + Way.socksRequest(host, Port(443)), .request(authority, rest: []), answer: [5, 0],
                host: normal, rawHost: Array(raw.utf8))
        }
        Conversation.expect(
            [5, 3, 1, 0, 2] + Way.socksRequest("a.example", Port(1)), .request("a.example:1", rest: []),
            answer: [5, 0],
            host: "a.example")
    }

    @Test("An address in the place of a SOCKS5 name is the address")
    func addressAsName() {
        for (text, authority) in [("192.0.2.1", "192.0.2.1:80"), ("2001:DB8::1", "[2001:db8::1]:80")] {
            let request: [UInt8] = [5, 1, 0, 3, UInt8(text.utf8.count)] + text.utf8 + [0, 80]
            let host = String(authority.dropLast(3)).filter { $0 != "[" && $0 != "]" }
            Conversation.expect(
                [5, 1, 0] + request, .request(authority, rest: []), answer: [5, 0], host: host,
                rawHost: host == text ? [] : Array(text.utf8))
        }
    }

    @Test("A SOCKS5 message that is malformed is closed on, one that is not served is answered")
    func socks5Refusals() {
        let selected: [UInt8] = [5, 0]
        let table: [(bytes: [UInt8], answer: [UInt8], told: UInt16?)] = [
            ([5, 0], [], nil), ([5, 1, 2], [5, 0xff], 0xff), ([5, 2, 1, 0x80], [5, 0xff], 0xff),
            ([5, 1, 0xff], [5, 0xff], 0xff), ([5, 1, 0, 4], selected, nil), ([5, 1, 0, 0], selected, nil),
            ([5, 1, 0, 5, 1, 1], selected, nil), ([5, 1, 0, 5, 1, 0, 3, 0], selected, nil),
            ([5, 1, 0, 5, 0], selected + Self.reply(7), 7), ([5, 1, 0, 5, 0x80], selected + Self.reply(7), 7),
            ([5, 1, 0, 5, 1, 0, 0], selected + Self.reply(8), 8), ([5, 1, 0, 5, 1, 0, 5], selected + Self.reply(8), 8),
        ]
        for (bytes, answer, told) in table {
            Conversation.expect(bytes, .refused(.httpRequestError, told: told), answer: answer)
        }
    }

    @Test("A SOCKS5 destination that is none is refused with a general failure, its spelling kept")
    func socks5Destinations() {
        let refused = Conversation.Result.refused(.httpRequestError, told: 1)
        for host in ["0.0.0.0", "::"] {
            Conversation.expect(
                [5, 1, 0] + Way.socksRequest(host, Port(80)), refused, answer: [5, 0] + Self.reply(1),
                rawHost: Array(host.utf8))
        }
        for name in ["0x7f.1", "127.1", "a..b", ".", "a b", "a\r\nb", "user@a", "[::1]", "a:80", "\u{fc}.example"] {
            let bytes: [UInt8] = [5, 1, 0, 5, 1, 0, 3, UInt8(name.utf8.count)] + name.utf8 + [0, 80]
            Conversation.expect(bytes, refused, answer: [5, 0] + Self.reply(1), rawHost: Array(name.utf8))
        }
        Conversation.expect(
            [5, 1, 0] + Way.socksRequest("a.example", Port(0)), refused, answer: [5, 0] + Self.reply(1),
            host: "a.example")
    }

    @Test("BIND names a peer as CONNECT does a destination; UDP ASSOCIATE may leave its address open")
    func socks5Commands() {
        Conversation.expect(
            [5, 1, 0] + Way.socksRequest("192.0.2.1", Port(80), command: 2), .request("192.0.2.1:80", rest: []),
            answer: [5, 0], host: "192.0.2.1")
        Conversation.expect(
            [5, 1, 0] + Way.socksRequest("0.0.0.0", Port(21), command: 2), .refused(.httpRequestError, told: 1),
            answer: [5, 0] + Self.reply(1), rawHost: Array("0.0.0.0".utf8))
        for (host, port) in [("0.0.0.0", 0), ("192.0.2.1", 4711), ("0", 7)] as [(String, UInt16)] {
            Conversation.expect(
                [5, 1, 0] + Way.socksRequest(host, Port(port), command: 3), .associate(port, rest: []), answer: [5, 0],
                rawHost: Array(host.utf8))
        }
    }

    @Test("SOCKS4 and 4A are read, rejected where they ask for what is not served, and closed on when malformed")
    func socks4() {
        let rejected: [UInt8] = [0, 91, 0, 0, 0, 0, 0, 0]
        let told = Conversation.Result.refused(.httpRequestError, told: 91)
        Conversation.expect(
            [4, 1, 0, 80, 192, 0, 2, 1, 0], .request("192.0.2.1:80", rest: []), answer: [], host: "192.0.2.1")
        Conversation.expect(
            [4, 2, 0, 80, 192, 0, 2, 1, 0x61, 0], .request("192.0.2.1:80", rest: []), answer: [], host: "192.0.2.1")
        Conversation.expect(
            [4, 1, 0, 80, 0, 0, 0, 9, 0] + Array("A.example\0".utf8), .request("a.example:80", rest: []), answer: [],
            host: "a.example", rawHost: Array("A.example".utf8))
        Conversation.expect([4, 1, 0, 0, 192, 0, 2, 1, 0], told, answer: rejected, host: "192.0.2.1")
        Conversation.expect([4, 0], told, answer: rejected)
        Conversation.expect(
            [4, 1, 0, 80, 0, 0, 0, 1, 0, 0], .refused(.httpRequestError, told: nil), answer: [])
        let longUser: [UInt8] = [4, 1, 0, 80, 1, 2, 3, 4] + [UInt8](repeating: 0x61, count: 256)
        Conversation.expect(longUser, .refused(.httpRequestError, told: nil), answer: [])
    }

    @Test("A first byte that begins no protocol is closed on")
    func unknownProtocol() {
        for byte in 0...255 as ClosedRange<UInt8> where byte != 4 && byte != 5 {
            let conversation = Conversation([[byte][...]])
            let isToken =
                "!#$%&'*+-.^_`|~".utf8.contains(byte) || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter)
                || (0x30...0x39).contains(byte)
            #expect(conversation.result == (isToken ? .waiting : .refused(.httpRequestError, told: nil)), "\(byte)")
            #expect(conversation.answer == [])
            #expect(conversation.stage == (isToken ? .negotiate : .sniff))
        }
    }

    private static func reply(_ code: UInt8) -> [UInt8] { [5, code, 0, 1, 0, 0, 0, 0, 0, 0] }
}
