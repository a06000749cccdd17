import Addressing
import EventLoop
import Glibc

/// Sockets that listen: clients can connect, and wait until a server serves them.
public struct BoundListeners: Sendable {
    private(set) var table = ListenerTable()
    /// Optional listeners that the machine has no address for.
    public private(set) var skipped: [Endpoint] = []

    /// - Throws: `StartError.listen`; nothing is left open.
    public init(_ listeners: [Configuration.Listener]) throws(StartError) {
        for listener in listeners { try bind(listener) }
    }

    /// Where they listen, ports resolved.
    public var endpoints: [Endpoint] { table.endpoints }

    // MARK: - Private

    private mutating func bind(_ listener: Configuration.Listener) throws(StartError) {
        do throws(Errno) {
            add(try Socket.listen(on: listener.endpoint), for: listener)
        } catch {
            let isAbsent = error.rawValue == EADDRNOTAVAIL || error.rawValue == EAFNOSUPPORT
            guard listener.isOptional && isAbsent else { throw .listen(listener.endpoint, error) }
            skipped.append(listener.endpoint)
        }
    }

    private mutating func add(_ descriptor: consuming FileDescriptor, for listener: Configuration.Listener) {
        let socket = ListeningSocket(descriptor)
        _ = table.add(
            ListenerTable.Place(
                configured: listener.endpoint, endpoint: socket.endpoint, balancers: listener.balancers, socket: socket)
        )
    }
}
