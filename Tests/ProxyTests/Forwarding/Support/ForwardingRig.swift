import Addressing
import Synchronization
import Testing

@testable import Proxy

/// A proxy with an origin behind it. In the texts that a test gives, `{origin}` stands for the origin's authority.
final class ForwardingRig: Sendable {
    let proxy: RunningProxy
    let origin: Origin
    private let connections = Mutex<[Connection]>([])

    /// What look-ups come to in these tests: the origin has two names, and so has the proxy.
    static let names: [String: Resolution.Answer] = [
        "one.example": .addresses([.loopbackV4]),
        "two.example": .addresses([.loopbackV4]),
    ]

    init(
        policy: String = "default allow\n", files: [String: String] = [:],
        _ configure: (inout Configuration) -> Void = { _ in }
    ) throws {
        proxy = try RunningProxy(policy: policy, files: files, names: Self.names, configure)
        origin = try Origin()
    }

    func text(_ text: String) -> String {
        text.replacing("{origin}", with: "\(origin.endpoint)").replacing("{port}", with: "\(origin.port)")
    }

    /// A client's connection.
    func connect() throws -> Connection {
        keep(try proxy.connect())
    }

    /// The proxy's next connection to the origin.
    func accept() throws -> Connection {
        keep(try origin.accept())
    }

    /// A client that has sent `request`, and the connection on which the origin has got its head.
    func begin(_ request: String) throws -> (client: Connection, origin: Connection, head: String) {
        let client = try connect()
        try client.send(text(request))
        let origin = try accept()
        return (client, origin, try origin.receiveHead())
    }

    /// Closes what is open, and holds the proxy to what `RunningProxy.finish` asks for.
    @discardableResult
    func finish(_ location: SourceLocation = #_sourceLocation) throws -> [ForwardedLine] {
        for connection in connections.withLock({ $0 }) { connection.close() }
        try proxy.finish(location)
        return try ForwardedLine.all(in: proxy.folder)
    }

    private func keep(_ connection: Connection) -> Connection {
        connections.withLock { $0.append(connection) }
        return connection
    }
}

extension ForwardingRig {
    /// A GET that the origin answers with a body of two bytes, on a connection that both sides keep.
    static let get = "GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\n\r\n"
    static let ok = "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 2\r\n\r\nok"

    /// Sends `get`, answers `ok`, and holds both ends to it.
    ///
    /// - Parameter connection: where the request is to come; nil: on a new one.
    /// - Returns: the connection on which the origin was asked.
    @discardableResult
    func exchange(
        _ client: Connection, on connection: Connection? = nil, _ location: SourceLocation = #_sourceLocation
    ) throws -> Connection {
        try client.send(text(Self.get))
        let origin = try connection ?? accept()
        #expect(try origin.receiveHead() == text("GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n"), sourceLocation: location)
        try origin.send(Self.ok)
        try client.expect(Self.ok, location)
        return origin
    }
}
