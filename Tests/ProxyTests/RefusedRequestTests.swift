import Addressing
import Testing

@testable import Proxy

@Suite("Requests that are none")
struct RefusedRequestTests {
    /// What a client sends, the exact bytes that it gets, and what stands in the record.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sent: [UInt8]
        var answer: [UInt8] = []
        var ending = "http_request_error proxy negotiate"
        var told: Int?
    }

    static let socks: [Case] = [
        Case(testDescription: "greeting without methods", sent: [5, 0]),
        Case(testDescription: "methods that are not served", sent: [5, 2, 1, 2], answer: [5, 255], told: 255),
        Case(testDescription: "the method that says none, offered", sent: [5, 1, 255], answer: [5, 255], told: 255),
        Case(testDescription: "another version in the request", sent: [5, 1, 0, 4, 1, 0], answer: [5, 0]),
        Case(testDescription: "reserved byte not zero", sent: [5, 1, 0, 5, 1, 1], answer: [5, 0]),
        Case(testDescription: "empty name", sent: [5, 1, 0, 5, 1, 0, 3, 0], answer: [5, 0]),
        Case(
            testDescription: "unknown command", sent: [5, 1, 0, 5, 9], answer: [5, 0] + reply(7), told: 7),
        Case(
            testDescription: "unknown address type", sent: [5, 1, 0, 5, 1, 0, 2], answer: [5, 0] + reply(8), told: 8),
        Case(
            testDescription: "port 0", sent: [5, 1, 0] + Way.socksRequest("192.0.2.1", Port(0)),
            answer: [5, 0] + reply(1), told: 1),
        Case(
            testDescription: "a number in the place of a name", sent: Way.socks5.request("2130706433", Port(80)),
            answer: [5, 0] + reply(1), told: 1),
        Case(
            testDescription: "a name with a control byte", sent: Way.socks5.request("a\r\nb", Port(80)),
            answer: [5, 0] + reply(1), told: 1),
        Case(
            testDescription: "SOCKS4A, a name with a control byte",
            sent: [4, 1, 0, 80, 0, 0, 0, 1, 0] + Array("a\r\nb\0".utf8), answer: [0, 91, 0, 0, 0, 0, 0, 0], told: 91),
        Case(
            testDescription: "SOCKS4, unknown command", sent: [4, 7], answer: [0, 91, 0, 0, 0, 0, 0, 0], told: 91),
        Case(testDescription: "SOCKS4A, empty name", sent: [4, 1, 0, 80, 0, 0, 0, 1, 0, 0]),
    ]

    static let other: [Case] = [
        Case(
            testDescription: "TLS ClientHello", sent: [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3],
            ending: "http_request_error proxy sniff"),
        Case(testDescription: "a zero", sent: [0], ending: "http_request_error proxy sniff"),
        Case(testDescription: "a line feed", sent: [10], ending: "http_request_error proxy sniff"),
        Case(
            testDescription: "PROXY protocol 2", sent: [0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49],
            ending: "http_request_error proxy sniff"),
        Case(
            testDescription: "16 KiB of high bytes", sent: [UInt8](repeating: 0xfe, count: 16 << 10),
            ending: "http_request_error proxy sniff"),
    ]

    private static func reply(_ code: UInt8) -> [UInt8] { [5, code, 0, 1, 0, 0, 0, 0, 0, 0] }

    @Test("Each gets its exact answer, and its record", arguments: socks + other)
    func refuses(request: Case) throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send(request.sent)
        let (answer, _) = try client.receiveToEnd()
        #expect(answer == request.answer)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == request.ending)
        #expect(record.told == request.told)
        #expect(record.reason != nil)
        #expect(record.dialled == nil)
        #expect(record.verdict == nil)
        #expect(proxy.resolver.asked == [])
    }

    @Test(
        "A malformed HTTP request gets the status of its fault, and the connection closes",
        arguments: [
            ("CONNECT a.example HTTP/1.1\r\nHost: a.example\r\n\r\n", 400),
            ("CONNECT a.example:0 HTTP/1.1\r\nHost: a.example:0\r\n\r\n", 400),
            ("CONNECT a.example:65536 HTTP/1.1\r\nHost: a.example\r\n\r\n", 400),
            ("CONNECT user@a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n", 400),
            ("CONNECT 0x7f000001:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("CONNECT [::1%25lo]:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("CONNECT http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n", 400),
            ("CONNECT a.example:443 HTTP/1.1\r\n\r\n", 400),
            ("CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("CONNECT a.example:443 HTTP/1.1\nHost: a.example\n\n", 400),
            ("CONNECT a.example:443 HTTP/1.1\r\nHost : a.example\r\n\r\n", 400),
            ("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n folded\r\n\r\n", 400),
            ("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc", 400),
            ("CONNECT a.example:443 HTTP/2.0\r\nHost: a.example\r\n\r\n", 505),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            ("CONNECT a.example:443\r\n\r\n", 400),
            ("CONNECT \(String(repeating: "a", count: 17_000)):443 HTTP/1.1\r\n", 414),
            ("\(String(repeating: "A", count: 33)) / HTTP/1.1\r\n", 501),
            ("CONNECT a.example:443 HTTP/1.1\r\nX: \(String(repeating: "a", count: 33_000))\r\n", 431),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n\r\n", 400),
        ])
    func malformedHTTP(request: (text: String, status: Int)) throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        try client.send(request.text)
        let answer = try client.readAnswer(.connect)
        #expect(answer.code == request.status)
        #expect(answer.head.contains("\r\nConnection: close\r\n"))
        #expect(answer.head.contains("\r\nProxy-Status: sallyport; error=http_request_error\r\n"))
        let (body, end) = try client.receiveToEnd()
        #expect(answer.head.contains("\r\nContent-Length: \(body.count)\r\n"))
        #expect(end == .fin)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.ending == "http_request_error proxy negotiate")
        #expect(record.status == request.status)
        #expect(record.reason != nil)
        #expect(record.verdict == nil)
        #expect(proxy.resolver.asked == [])
    }

    @Test("An answer reaches a client that has sent far more than was looked at")
    func answerBeforeReset() throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        // Closing with these unread would be a reset, which may destroy the answer on its way.
        try client.send("CONNECT a.example:443 HTTP/1.1\n" + String(repeating: "x", count: 300_000))
        #expect(try client.readAnswer(.connect).code == 400)
        #expect(try client.end() == .fin)
        client.close()
        try proxy.finish()
    }
}
