import Addressing
import Testing

@testable import Proxy

// Requests for tunnels: those that come to nothing, and those that open.
extension Visit {
    /// Each in both ways.
    static let refused = Way.allCases.flatMap { way in
        [
            unserved(way, "blocked.example", 443, "http_request_denied policy decide"),
            unserved(way, "10.0.0.1", 443, "destination_ip_prohibited policy decide"),
            unserved(way, "inside.example", 443, "destination_ip_prohibited policy decide"),
            unserved(way, "nobody.example", 443, "dns_error proxy resolve"),
            unserved(way, "broken.example", 443, "dns_error proxy resolve"),
            unserved(way, "silent.example", 443, "dns_timeout proxy resolve"),
            unserved(way, "224.0.0.1", 443, "destination_ip_unroutable proxy dial ENETUNREACH"),
            Visit("connection_refused origin dial ECONNREFUSED") { scene in
                let port = try RefusingPort().port
                try scene.say(way.request("127.0.0.1", port))
            },
            Visit("proxy_loop_detected proxy decide") { scene in
                try scene.say(way.request("127.0.0.1", scene.proxy.endpoint.port))
            },
            Visit("connection_terminated client resolve ECONNRESET") { scene in
                let listening = try Origin()
                let name = "never-\(listening.port).example"
                let client = try scene.connect()
                try client.send(way.request(name, listening.port))
                try scene.waitForLookUp(of: name)
                client.reset()
            },
        ]
    }

    static let tunnels = Way.allCases.flatMap { way in
        [
            tunnel(way, "ok client relay") { client, origin in
                try client.send("ping")
                _ = try origin.receive(4)
                client.halfClose()
                _ = try origin.end()
                try origin.send("pong")
                origin.close()
                _ = try client.receive(4)
                _ = try client.end()
            },
            tunnel(way, "ok origin relay") { client, origin in
                origin.halfClose()
                _ = try client.end()
                client.close()
                _ = try origin.end()
            },
            tunnel(way, "connection_terminated client relay ECONNRESET") { client, origin in
                client.reset()
                _ = try origin.end()
            },
            tunnel(way, "connection_terminated origin relay ECONNRESET") { client, origin in
                origin.reset()
                _ = try client.end()
            },
            Visit("http_request_denied policy relay") { scene in
                let (client, origin) = try scene.proxy.tunnel(way, to: try Origin(), as: "tls.example")
                try client.send("this is no ClientHello")
                _ = try client.end()
                _ = try origin.end()
            },
        ]
    }

    private static func unserved(_ way: Way, _ host: String, _ port: UInt16, _ ending: String) -> Visit {
        Visit(ending) { try $0.say(way.request(host, Port(port))) }
    }

    private static func tunnel(
        _ way: Way, _ ending: String, _ use: @escaping @Sendable (Connection, Connection) throws -> Void
    ) -> Visit {
        Visit(ending) { scene in
            let (client, origin) = try scene.proxy.tunnel(way, to: try Origin())
            try use(client, origin)
            client.close()
            origin.close()
        }
    }
}
