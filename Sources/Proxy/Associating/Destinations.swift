import Addressing
import Wire

/// Where a client's datagram is to go, as its header names it.
struct Destination: Hashable {
    let host: Host
    let port: Port

    /// Nil for what is no destination: a malformed name, the unspecified address, port 0.
    init?(_ header: SOCKS5.UDPHeader) {
        guard header.port.rawValue > 0 else { return nil }
        port = header.port
        switch header.destination {
        case .address(let address):
            guard let host = try? Host(address) else { return nil }
            self.host = host
        case .name(let name):
            guard let host = try? Host(parsing: name.span) else { return nil }
            self.host = host
        }
    }
}

/// The destinations of one association, each judged once; bounded in number and memory.
struct Destinations {
    enum State {
        case unknown
        /// Its name is being looked up.
        case resolving
        case permitted(Endpoint)
        case refused
        /// There are as many as there may be.
        case full
    }

    private enum Entry {
        case resolving([[UInt8]])
        case permitted(Endpoint)
        case refused
    }

    private var entries: [Destination: Entry] = [:]
    /// Those that answers may come from.
    private var expected: Set<Endpoint> = []
    /// For the record: the first few, in order.
    private var names: [String] = []
    private var heldBytes = 0

    private static let most = 256
    private static let mostNamed = 16
    /// Datagrams that wait for a look-up, of all destinations together.
    private static let mostHeldBytes = 16 * 1024

    func state(of destination: Destination) -> State {
        switch entries[destination] {
        case .resolving: .resolving
        case .permitted(let endpoint): .permitted(endpoint)
        case .refused: .refused
        case nil: entries.count < Self.most ? .unknown : .full
        }
    }

    /// Whether `source` was sent to.
    func expects(_ source: Endpoint) -> Bool {
        expected.contains(source)
    }

    mutating func resolve(_ destination: Destination) {
        entries[destination] = .resolving([])
    }

    /// Keeps a datagram until its destination's name is looked up; too much is dropped.
    mutating func hold(_ datagram: [UInt8], for destination: Destination) {
        guard case .resolving(var held) = entries[destination], heldBytes + datagram.count <= Self.mostHeldBytes else {
            return
        }
        heldBytes += datagram.count
        held.append(datagram)
        entries[destination] = .resolving(held)
    }

    /// - Returns: what was held for it.
    mutating func permit(_ destination: Destination, at endpoint: Endpoint) -> [[UInt8]] {
        let held = dropHeld(destination)
        entries[destination] = .permitted(endpoint)
        expected.insert(endpoint)
        if names.count < Self.mostNamed { names.append("\(destination.host):\(destination.port.rawValue)") }
        return held
    }

    mutating func refuse(_ destination: Destination) {
        _ = dropHeld(destination)
        entries[destination] = .refused
    }

    /// For the record.
    var summary: String {
        let permitted = entries.values.count { if case .permitted = $0 { true } else { false } }
        let more = permitted - names.count
        return names.joined(separator: " ") + (more > 0 ? " +\(more)" : "")
    }

    private mutating func dropHeld(_ destination: Destination) -> [[UInt8]] {
        guard case .resolving(let held) = entries[destination] else { return [] }
        heldBytes -= held.reduce(0) { $0 + $1.count }
        return held
    }
}
