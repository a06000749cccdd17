import Addressing
import Testing

/// The two ways to ask for a tunnel.
enum Way: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case connect
    case socks5

    var testDescription: String { rawValue }

    /// Of a tunnel that opened: HTTP status or SOCKS reply.
    var success: Int { self == .connect ? 200 : 0 }

    /// The one of the two that this way's clients are told.
    func told(_ status: Int, _ reply: Int) -> Int {
        self == .connect ? status : reply
    }

    /// All that a client sends for a tunnel to `host`, in one go. A host with a colon is an IPv6 address.
    func request(_ host: String, _ port: Port) -> [UInt8] {
        switch self {
        case .connect:
            let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            return Array("CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\nUser-Agent: test\r\n\r\n".utf8)
        case .socks5:
            return [5, 1, 0] + Self.socksRequest(host, port)
        }
    }

    /// A SOCKS5 request alone.
    static func socksRequest(_ host: String, _ port: Port, command: UInt8 = 1) -> [UInt8] {
        var bytes: [UInt8] = [5, command, 0]
        if let address = IPAddress(host), let bits = address.v4Bits {
            bytes += [1] + Self.bigEndian(bits)
        } else if let address = IPAddress(host) {
            bytes += [4] + Self.bigEndian(address.high) + Self.bigEndian(address.low)
        } else {
            bytes += [3, UInt8(host.utf8.count)] + host.utf8
        }
        return bytes + Self.bigEndian(port.rawValue)
    }

    private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}

extension Connection {
    /// Sends a request and reads the proxy's answer to it.
    ///
    /// - Returns: HTTP status or SOCKS reply. Of an HTTP refusal the body is left to be read.
    func ask(_ way: Way, for host: String, _ port: Port, with early: [UInt8] = []) throws -> Int {
        try send(way.request(host, port) + early)
        return try readAnswer(way).code
    }

    /// Reads the answer to a request.
    ///
    /// - Returns: HTTP status or SOCKS reply, and what came with it: the head, or the bound address.
    func readAnswer(_ way: Way) throws -> (code: Int, bound: [UInt8], head: String) {
        switch way {
        case .connect:
            let head = try receiveHead()
            return (Int(head.dropFirst(9).prefix(3)) ?? -1, [], head)
        case .socks5:
            guard try receive(2) == [5, 0] else { throw Failure(description: "no method was selected") }
            let start = try receive(4)
            let bound = try receive(start[3] == 4 ? 18 : 6)
            return (Int(start[1]), bound, "")
        }
    }
}

extension RunningProxy {
    /// A tunnel through the proxy to `origin`, opened.
    func tunnel(
        _ way: Way, to origin: Origin, as host: String? = nil
    ) throws -> (client: Connection, origin: Connection) {
        let client = try connect()
        let told = try client.ask(way, for: host ?? origin.endpoint.address.description, origin.port)
        guard told == way.success else { throw Connection.Failure(description: "told \(told)") }
        return (client, try origin.accept())
    }
}
