import Addressing

/// What an origin does with a connection.
enum OriginRole: Int, Sendable, CaseIterable {
    /// Sends back what it gets.
    case echo
    /// Sends as much as will go.
    case source
    /// Takes as much as comes.
    case sink
    /// Both at once.
    case duplex
    /// Answers GET requests with 200 bytes of content, or with 1 MiB.
    case small, big
}

/// Where the origins listen.
struct Origins: Sendable {
    let ports: [OriginRole: Port]
    /// Sends datagrams back.
    let datagrams: Endpoint

    func endpoint(_ role: OriginRole) -> Endpoint {
        Endpoint(.loopbackV4, ports[role] ?? Port(0))
    }
}
