import Addressing

/// Where the proxy answers its operators.
public enum AdminPlace: Hashable, Sendable, CustomStringConvertible {
    /// A socket in the file system, for this user alone.
    case local(path: String)
    case port(Endpoint)

    /// As it is configured.
    public var description: String {
        switch self {
        case .local(let path): "unix:\(path)"
        case .port(let endpoint): "\(endpoint)"
        }
    }

    /// Whether other machines may reach it, so that a token is needed.
    public var isExposed: Bool {
        switch self {
        case .local: false
        case .port(let endpoint): !endpoint.address.isLoopback
        }
    }
}
