import Addressing
import Policy

/// What is to be explained: a URL, a host, or a host and a port.
public struct ExplainSubject: Hashable {
    public let authority: Authority
    /// How a browser would ask for it.
    public let via: Via

    /// - Throws: `ExplainSubjectError` saying what is wrong with it.
    public init(_ text: String) throws(ExplainSubjectError) {
        var rest = text[...]
        var port: UInt16 = 443
        var via = Via.connect
        if let scheme = rest.firstRange(of: "://") {
            switch rest[..<scheme.lowerBound].lowercased() {
            case "http": (port, via) = (80, .http)
            case "https", "wss": break
            case "ws": port = 80
            case let other:
                throw ExplainSubjectError("\"\(other)://\" is not known; http://, https://, ws:// and wss:// are")
            }
            rest = rest[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        }
        self.via = via
        do throws(HostError) {
            // An IPv6 address alone needs no brackets here: there is no port to tell it from.
            if let address = IPAddress(rest), !address.isV4 {
                authority = Authority(host: try Host(address), port: Port(port))
            } else {
                authority = try Authority(rest, defaultPort: Port(port))
            }
        } catch {
            throw ExplainSubjectError("\"\(text)\": \(error)")
        }
    }
}

/// Why something can't be explained.
public struct ExplainSubjectError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
