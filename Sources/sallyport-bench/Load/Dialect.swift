import Addressing

/// How a client speaks to the proxy under test.
enum Dialect: String, Sendable {
    /// Not at all: a relay to one fixed origin.
    case raw = "relay"
    case socks5
    case connect
    /// Plain HTTP to a forward proxy, the target in absolute form.
    case http
    /// Plain HTTP to a reverse proxy, the target in origin form.
    case reverse

    /// The client's messages, each to be sent when the one before it was answered.
    ///
    /// - Parameter credentials: for HTTP, as `LoadPlan` has them.
    func messages(to destination: Destination, number: UInt64, credentials: String? = nil) -> [[UInt8]] {
        switch self {
        case .raw, .http, .reverse: return []
        case .socks5: return [[5, 1, 0], Self.socksRequest(destination, number)]
        case .connect:
            let authority = destination.text(number)
            let field = credentials.map { "Proxy-Authorization: Basic \($0)\r\n" } ?? ""
            return [Array("CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\(field)\r\n".utf8)]
        }
    }

    /// What a reply says.
    enum Reply {
        case incomplete
        /// Go on; so many bytes were the reply.
        case accepted(length: Int)
        /// With its code.
        case refused(Int)
        case nonsense
    }

    /// Reads the reply to message number `step`.
    func reply(to step: Int, _ bytes: [UInt8]) -> Reply {
        switch self {
        case .raw, .http, .reverse: .accepted(length: 0)
        case .socks5: step == 0 ? Self.methodSelection(bytes) : Self.socksReply(bytes)
        case .connect: Self.connectReply(bytes)
        }
    }

    // MARK: - Private

    private static func socksRequest(_ destination: Destination, _ number: UInt64) -> [UInt8] {
        let port: Port
        var bytes: [UInt8] = [5, 1, 0]
        switch destination {
        case .endpoint(let endpoint):
            port = endpoint.port
            let address = endpoint.address.v4Bits ?? 0
            bytes += [1] + (0..<4).map { UInt8(truncatingIfNeeded: address >> (24 - 8 * UInt32($0))) }
        case .name(_, let itsPort), .numbered(_, let itsPort):
            port = itsPort
            let name = destination.name(number).utf8
            bytes += [3, UInt8(name.count)] + name
        }
        return bytes + [UInt8(port.rawValue >> 8), UInt8(truncatingIfNeeded: port.rawValue)]
    }

    private static func methodSelection(_ bytes: [UInt8]) -> Reply {
        guard bytes.count >= 2 else { return .incomplete }
        return bytes[0] == 5 && bytes[1] == 0 ? .accepted(length: 2) : .nonsense
    }

    private static func socksReply(_ bytes: [UInt8]) -> Reply {
        guard bytes.count >= 5 else { return .incomplete }
        guard bytes[0] == 5 else { return .nonsense }
        guard bytes[1] == 0 else { return .refused(Int(bytes[1])) }
        let length: Int
        switch bytes[3] {
        case 1: length = 10
        case 3: length = 7 + Int(bytes[4])
        case 4: length = 22
        default: return .nonsense
        }
        return bytes.count < length ? .incomplete : .accepted(length: length)
    }

    private static func connectReply(_ bytes: [UInt8]) -> Reply {
        guard bytes.count >= 12 else { return .incomplete }
        guard bytes.starts(with: "HTTP/1.".utf8), let status = Int(String(decoding: bytes[9..<12], as: UTF8.self))
        else { return .nonsense }
        guard status == 200 else { return .refused(status) }
        for end in 3..<bytes.count where bytes[end] == 10 && bytes[end - 2] == 10 {
            return .accepted(length: end + 1)
        }
        return .incomplete
    }
}

extension Destination {
    /// The name asked for; an address as its text.
    func name(_ number: UInt64) -> String {
        switch self {
        case .endpoint(let endpoint): endpoint.address.description
        case .name(let name, _): name
        case .numbered(let rest, _): "h\(number)\(rest)"
        }
    }

    /// As an authority: host and port.
    func text(_ number: UInt64) -> String {
        switch self {
        case .endpoint(let endpoint): endpoint.description
        case .name(_, let port), .numbered(_, let port): "\(name(number)):\(port)"
        }
    }
}
