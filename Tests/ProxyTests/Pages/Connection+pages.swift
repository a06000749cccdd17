import Addressing
import Glibc

@testable import EventLoop
@testable import Proxy

extension Connection {
    /// A connection from an address of the loopback that is to be this client's.
    convenience init(to endpoint: Endpoint, from address: IPAddress) throws {
        let socket = try Socket.make(for: address)
        guard SocketAddress(Endpoint(address, Port(0))).withPointer({ bind(socket.raw, $0, $1) }) == 0 else {
            throw Failure(description: "\(address) can't be bound")
        }
        if try !Socket.connect(socket.raw, to: endpoint) {
            try Self.wait(for: POLLOUT, on: socket.raw, "connect")
            if let error = Socket.pendingError(of: socket.raw) { throw error }
        }
        self.init(owning: socket)
    }

    /// Asks for one of the proxy's own pages, as a client of the proxy does.
    func page(_ path: String, fields: String = "") throws -> (head: String, body: String) {
        try send("GET http://sallyport.internal\(path) HTTP/1.1\r\nHost: sallyport.internal\r\n\(fields)\r\n")
        return try receiveMessage()
    }

    /// The same as a browser does whose address bar has the proxy's own address.
    func directPage(_ path: String, fields: String = "") throws -> (head: String, body: String) {
        try send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n")
        return try receiveMessage()
    }
}
