import Addressing
import EventLoop

/// A listening socket of an origin.
final class OriginListener: EventHandler {
    private unowned let traffic: Traffic
    private let role: OriginRole
    private let socket: FileDescriptor

    private static let budget = 64

    init(_ role: OriginRole, on traffic: Traffic) throws(Errno) {
        self.traffic = traffic
        self.role = role
        socket = try Socket.listen(on: Endpoint(.loopbackV4, Port(0)))
        super.init()
        _ = try traffic.loop.registerListener(socket.raw, for: self)
    }

    var port: Port { Socket.localEndpoint(of: socket.raw).port }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        for _ in 0..<Self.budget {
            do throws(Errno) {
                guard let accepted = try Socket.accept(from: socket.raw) else { return }
                _ = try OriginConnection(FileDescriptor(owning: accepted.take()), role, traffic)
            } catch {
                return traffic.failed("the origin can't take a connection: \(error)")
            }
        }
    }
}
