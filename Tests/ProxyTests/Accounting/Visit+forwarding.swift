import Addressing
import Testing

@testable import Proxy

// Plain HTTP: several requests of a connection, each with a record of its own.
extension Visit {
    static let forwarding = served + unserved + broken

    private static let denied = "GET http://blocked.example/ HTTP/1.1\r\nHost: x\r\n\r\n"

    private static let served = [
        Visit("ok origin relay", "ok origin relay", "ok origin relay") { scene in
            // All three at once, answered in turn.
            let listening = try Origin()
            let client = try scene.connect()
            try client.send(get(listening) + get(listening) + get(listening))
            let origin = try listening.accept()
            for _ in 0..<3 {
                _ = try origin.receiveHead()
                try origin.send(ForwardingRig.ok)
                try client.expect(ForwardingRig.ok)
            }
            client.close()
        },
        Visit("proxy_internal_response proxy reply", "proxy_internal_response proxy reply") { scene in
            try scene.say(
                Array(
                    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .utf8))
        },
        Visit("ok client relay") { scene in
            let (client, origin, _) = try scene.beginGet("Connection: Upgrade\r\nUpgrade: websocket\r\n")
            try origin.send("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
            _ = try client.receiveHead()
            client.halfClose()
            _ = try origin.end()
            origin.close()
            _ = try client.end()
            client.close()
        },
    ]

    private static let unserved = [
        Visit("http_request_denied policy decide", "http_request_denied policy decide") { scene in
            let client = try scene.connect()
            try client.send(denied + denied)
            for _ in 0..<2 { #expect(try client.receiveMessage().head.status == 403) }
            client.close()
        },
        Visit("http_request_denied policy decide", "http_request_error proxy negotiate") { scene in
            try scene.say(Array((denied + "GET http://a b/ HTTP/1.1\r\n\r\n").utf8))
        },
        Visit("http_request_denied policy decide", "http_request_error client negotiate") { scene in
            try scene.sayAndLeave(Array((denied + "GET htt").utf8))
        },
        Visit("http_request_denied policy decide", "http_request_denied policy decide") { scene in
            // Plain HTTP, and a tunnel on the same connection.
            let client = try scene.connect()
            try client.send(Array(denied.utf8) + Way.connect.request("blocked.example", Port(443)))
            for _ in 0..<2 { #expect(try client.receiveMessage().head.status == 403) }
            client.close()
        },
        Visit("dns_error proxy resolve") { scene in
            let client = try scene.connect()
            try client.send("GET http://nobody.example/ HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.receiveMessage().head.status == 502)
            client.close()
        },
        Visit("connection_refused origin dial ECONNREFUSED") { scene in
            let port = try RefusingPort().port
            let client = try scene.connect()
            try client.send("GET http://127.0.0.1:\(port)/ HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.receiveMessage().head.status == 502)
            client.close()
        },
    ]

    /// What goes wrong between the request and the end of its answer.
    private static let broken = [
        Visit("connection_terminated client relay ECONNRESET") { scene in
            let (client, origin, _) = try scene.beginGet()
            client.reset()
            _ = try origin.end()
        },
        answered("connection_terminated origin relay ECONNRESET", 502) { $0.reset() },
        answered("connection_terminated origin relay", 502) { $0.close() },
        answered("http_response_incomplete origin relay", 502) { origin in
            try origin.send("HTTP/1.1 200 OK\r\nCont")
            origin.close()
        },
        answered("http_protocol_error origin relay", 502) { try $0.send("220 mail.example ESMTP\r\n\r\n") },
        answered("http_protocol_error origin relay", 502) {
            try $0.send("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        },
        answered("http_response_transfer_coding origin relay", 502) {
            try $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")
        },
        answered("http_response_header_size origin relay", 502) {
            try $0.send("HTTP/1.1 200 OK\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n")
        },
        answered("http_response_incomplete origin relay", 200) { origin in
            try origin.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
            origin.close()
        },
    ]

    /// An exchange that the origin ends after the request's head.
    private static func answered(
        _ ending: String, _ status: Int, _ answer: @escaping @Sendable (Connection) throws -> Void
    ) -> Visit {
        Visit(ending) { scene in
            let (client, origin, _) = try scene.beginGet()
            try answer(origin)
            #expect(try client.receiveHead().status == status)
            _ = try client.receiveAvailable()
            client.close()
        }
    }
}
