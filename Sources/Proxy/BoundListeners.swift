import Addressing
import EventLoop
import Glibc

/// Sockets that listen: clients can connect, and wait until a server serves them.
public struct BoundListeners: Sendable {
    let sockets: [ListeningSocket]
    /// Optional listeners that the machine has no address for.
    public let skipped: [Endpoint]

    /// - Throws: `StartError.listen`; nothing is left open.
    public init(_ listeners: [Configuration.Listener]) throws(StartError) {
        var sockets: [ListeningSocket] = []
        var skipped: [Endpoint] = []
        for listener in listeners {
            do throws(Errno) {
                sockets.append(
                    ListeningSocket(try Socket.listen(on: listener.endpoint), balancers: listener.balancers))
            } catch {
                let isAbsent = error.rawValue == EADDRNOTAVAIL || error.rawValue == EAFNOSUPPORT
                guard listener.isOptional && isAbsent else { throw .listen(listener.endpoint, error) }
                skipped.append(listener.endpoint)
            }
        }
        self.sockets = sockets
        self.skipped = skipped
    }

    /// Where they listen, ports resolved.
    public var endpoints: [Endpoint] { sockets.map(\.endpoint) }
}
