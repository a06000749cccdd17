import Addressing
import Testing

@testable import Proxy

// What SOCKS has beside tunnels: connections that come back, and datagrams.
extension Visit {
    static let binding = [
        Visit("ok client relay") { scene in
            let (client, place) = try scene.bind("127.0.0.1")
            let peer = try Connection(to: place)
            _ = try client.receive(10)
            client.halfClose()
            _ = try peer.end()
            peer.close()
            _ = try client.end()
            client.close()
        },
        Visit("connection_terminated client dial ECONNRESET") { scene in
            let (client, _) = try scene.bind("127.9.9.9")
            client.reset()
        },
        Visit("destination_ip_prohibited policy decide") { scene in
            try scene.say([5, 1, 0] + Way.socksRequest("10.0.0.1", Port(21), command: 2))
        },
    ]

    static let associating = [
        Visit("ok client relay") { scene in
            let (control, relay) = try scene.associate()
            let client = try AssociationTests.Datagrams()
            let origin = try AssociationTests.Datagrams()
            client.send(AssociationTests.header(origin.endpoint) + [1], to: relay)
            _ = try origin.receive()
            control.close()
        },
        Visit("connection_terminated client relay ECONNRESET") { scene in
            let (control, _) = try scene.associate()
            control.reset()
        },
    ]
}

extension Visit.Scene {
    /// A client that waits for `peer`, and where it may connect.
    fileprivate func bind(_ peer: String) throws -> (client: Connection, place: Endpoint) {
        try place([5, 1, 0] + Way.socksRequest(peer, Port(21), command: 2))
    }

    fileprivate func associate() throws -> (control: Connection, relay: Endpoint) {
        try place([5, 1, 0] + Way.socksRequest("0.0.0.0", Port(0), command: 3))
    }

    /// A client that has been given an IPv4 address and port in answer to `request`.
    private func place(_ request: [UInt8]) throws -> (Connection, Endpoint) {
        let client = try connect()
        try client.send(request)
        let answer = try client.receive(12)
        try #require(Array(answer.prefix(6)) == [5, 0, 5, 0, 0, 1])
        let port = Port(UInt16(answer[10]) << 8 | UInt16(answer[11]))
        return (client, Endpoint(IPAddress(answer[6], answer[7], answer[8], answer[9]), port))
    }
}
