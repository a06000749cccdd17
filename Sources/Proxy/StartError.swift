import Addressing
import EventLoop

/// Why a server does not start. The description is one line for the operator.
public enum StartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The socket can't be made or bound: in use, not this machine's, not permitted.
    case listen(Endpoint, Errno)
    case worker(Errno)
    case resolver(Errno)
    /// More than 65,535 different ones since the start.
    case tooManyListeners
    /// The operators' interface can't listen there.
    case admin(AdminPlace, Errno)
    /// Other machines could reach the operators' interface, and there is no token.
    case exposedAdmin(AdminPlace)

    public var description: String {
        switch self {
        case .listen(let endpoint, let error): "can't listen on \(endpoint): \(error)"
        case .worker(let error): "can't start a worker: \(error)"
        case .resolver(let error): "can't start the resolver: \(error)"
        case .tooManyListeners: "there were more than 65535 different listeners since the start"
        case .admin(let place, let error): "can't answer operators at \(place): \(error)"
        case .exposedAdmin(let place):
            "other machines could reach --admin \(place); a loopback address, unix:PATH or --admin-token FILE is needed"
        }
    }
}
