import Addressing
import Testing

@testable import Proxy

/// Something that a client does with a proxy, alone or with its origin, and the records that it must leave: one for each
/// request, or one for a connection that never became one.
struct Visit: Sendable {
    /// How its records end, in the order in which they are written.
    let endings: [String]
    let act: @Sendable (Scene) throws -> Void

    init(_ endings: String..., act: @escaping @Sendable (Scene) throws -> Void) {
        self.endings = endings
        self.act = act
    }

    static let all = withoutRequest + refused + tunnels + binding + associating + forwarding

    /// The proxy that is visited.
    struct Scene {
        let proxy: RunningProxy

        static let policy = """
            deny   to host:blocked.example
            deny   to host:tls.example      sni not-tls
            deny   to ip:10.0.0.0/8
            default allow

            """
        static let names: [String: Resolution.Answer] = [
            "nobody.example": .notFound, "broken.example": .failed, "silent.example": .timedOut,
            "inside.example": .addresses([IPAddress(v4: 10 << 24 | 1)]), "tls.example": .addresses([.loopbackV4]),
        ]

        func connect() throws -> Connection {
            try proxy.connect()
        }

        /// Says `bytes` and waits for the proxy to end the connection.
        func say(_ bytes: [UInt8]) throws {
            let client = try connect()
            try client.send(bytes)
            _ = try client.end()
            client.close()
        }

        /// Says `bytes` and no more, and waits for the proxy to end the connection.
        func sayAndLeave(_ bytes: [UInt8]) throws {
            let client = try connect()
            try client.send(bytes)
            client.halfClose()
            _ = try client.end()
            client.close()
        }

        /// A look-up waits for the answer that never comes.
        func waitForLookUp(of name: String) throws {
            try proxy.wait("the look-up") { proxy.resolver.asked.contains(name) }
        }

        /// A client that has asked for `/` of an origin of its own, and the connection on which that has got the head.
        func beginGet(_ fields: String = "") throws -> (client: Connection, origin: Connection, listening: Origin) {
            let client = try connect()
            let listening = try Origin()
            try client.send(Visit.get(listening, fields))
            let origin = try listening.accept()
            _ = try origin.receiveHead()
            return (client, origin, listening)
        }
    }

    static func get(_ origin: Origin, _ fields: String = "") -> String {
        "GET http://\(origin.endpoint)/ HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
    }
}
