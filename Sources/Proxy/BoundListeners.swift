import Addressing
import EventLoop
import Glibc

/// Sockets that listen: clients can connect, and wait until a server serves them.
public struct BoundListeners: Sendable {
    private(set) var table = ListenerTable()
    /// Optional listeners that the machine has no address for.
    public private(set) var skipped: [Endpoint] = []

    /// Sockets that another process made and passed, which no listener asks for: closed.
    public private(set) var unused: [Endpoint] = []

    /// - Parameters:
    ///   - passed: sockets that listen already, taken over: a listener of the same endpoint gets one instead of a new socket, one
    ///     of port 0 any of its address that is left.
    ///   - servesAll: whether the passed ones are served instead of `listeners`.
    /// - Throws: `StartError.listen`; nothing is left open of what was made here.
    public init(
        _ listeners: [Configuration.Listener], passed: [CInt] = [], servesAll: Bool = false
    ) throws(StartError) {
        var left = passed.map { (descriptor: $0, endpoint: Socket.localEndpoint(of: $0)) }
        defer { for socket in left { _ = FileDescriptor(owning: socket.descriptor) } }
        guard !servesAll else {
            for socket in left { add(FileDescriptor(owning: socket.descriptor), for: .init(socket.endpoint)) }
            left = []
            return
        }
        guard !left.isEmpty else {
            for listener in listeners { try bind(listener) }
            return
        }
        // First those of a certain port: they are not to be taken for another.
        for isExact in [true, false] {
            for listener in listeners where (listener.endpoint.port.rawValue != 0) == isExact {
                let match = left.firstIndex { socket in
                    socket.endpoint == listener.endpoint
                        || !isExact && socket.endpoint.address == listener.endpoint.address
                }
                if let match {
                    add(FileDescriptor(owning: left.remove(at: match).descriptor), for: listener)
                } else {
                    try bind(listener)
                }
            }
        }
        unused = left.map(\.endpoint)
    }

    /// Where they listen, ports resolved.
    public var endpoints: [Endpoint] { table.endpoints }

    /// The same sockets for another process, valid as long as this one serves them.
    public var descriptors: [CInt] { table.sockets.map(\.descriptor) }

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
