import Addressing
import Testing

@testable import Proxy

// Connections that never become a request, and those whose request is none.
extension Visit {
    static let withoutRequest = left + scanners + malformed

    /// Clients that leave before they have said what they want.
    private static let left =
        ClientGoneTests.Departure.all.map { departure in
            Visit("http_request_error client \(departure.stage)") { try $0.sayAndLeave(departure.said) }
        } + [
            Visit("http_request_error client negotiate ECONNRESET") { scene in
                let client = try scene.connect()
                try client.send([5, 1, 0])
                _ = try client.receive(2)
                client.reset()
            }
        ]

    /// What begins no protocol, and every wrong word of SOCKS.
    private static let scanners = (RefusedRequestTests.other + RefusedRequestTests.socks).map { request in
        Visit(request.ending) { try $0.say(request.sent) }
    }

    private static let malformed = [
        "GET / HTTP/1.1\n\n", "CONNECT a.example:443 HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET http://0x7f.1/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET https://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n",
        "\(String(repeating: "A", count: 33)) / HTTP/1.1\r\n",
        "CONNECT a.example:443 HTTP/1.1\r\nX: \(String(repeating: "a", count: 33_000))\r\n",
    ].map { text in
        Visit("http_request_error proxy negotiate") { try $0.say(Array(text.utf8)) }
    }
}
