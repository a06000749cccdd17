import Addressing
import Dispatch
import EventLoop
import Glibc

/// The operators' interface of a running server: metrics, what is under way, and how to end it. A small HTTP server on a
/// loop of its own, so that whoever asks holds up no tunnel.
public final class AdminServer: Sendable {
    /// Where it answers, ports resolved.
    public let place: AdminPlace
    private let desk: Mailbox<AdminDesk>
    /// The socket's file, to be removed if it is still that one.
    private let file: (device: UInt64, number: UInt64)?

    /// Answers from now on, until `stop`.
    ///
    /// - Parameters:
    ///   - token: what clients of other machines have to show; there must be one if the place is exposed to them.
    /// - Throws: `StartError.admin` when it can't listen there; nothing is left open.
    public convenience init(_ place: AdminPlace, token: [UInt8]?, for server: Server) throws(StartError) {
        try self.init(place, token: token) { AdminDesk.routes(server, $0) }
    }

    /// - Parameter trustsLoopback: whether clients of a loopback address need no token.
    init(
        _ place: AdminPlace, token: [UInt8]?, trustsLoopback: Bool = true, routes: @escaping AdminDesk.Routes
    ) throws(StartError) {
        guard !place.isExposed || token?.isEmpty == false else { throw .exposedAdmin(place) }
        do throws(Errno) {
            let socket = try Self.listen(place)
            switch place {
            case .local(let path):
                self.place = place
                file = Self.identity(of: path)
            case .port:
                self.place = .port(Socket.localEndpoint(of: socket.raw))
                file = nil
            }
            let isLocal = file != nil
            let raw = socket.take()
            desk = try EventLoop.start(
                name: "sallyport.admin",
                owner: { loop throws(Errno) in
                    try AdminDesk(
                        FileDescriptor(owning: raw), isLocal: isLocal, AdminGate(token: token),
                        trustsLoopback: trustsLoopback, on: loop, routes: routes)
                })
        } catch {
            throw .admin(place, error)
        }
    }

    /// Ends every connection, and removes the socket's file.
    ///
    /// - Parameter completion: called once nothing is left.
    public func stop(completion: @escaping @Sendable () -> Void = {}) {
        if case .local(let path) = place, let file, let present = Self.identity(of: path), file == present {
            unlink(path)
        }
        desk.post { $0.stop(completion: completion) }
    }

    // MARK: - Private

    private static func listen(_ place: AdminPlace) throws(Errno) -> FileDescriptor {
        switch place {
        case .local(let path): try Socket.listen(at: path)
        case .port(let endpoint): try Socket.listen(on: endpoint, backlog: 64)
        }
    }

    private static func identity(of path: String) -> (device: UInt64, number: UInt64)? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return (UInt64(status.st_dev), UInt64(status.st_ino))
    }
}
