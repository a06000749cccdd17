import Addressing
import Dispatch
import EventLoop
import Foundation
import Glibc

@testable import Proxy

/// A proxy whose operators are answered on a free port of the loopback, or at a socket in its folder.
final class AdminRig: Sendable {
    let proxy: RunningProxy
    let admin: AdminServer

    init(
        _ proxy: RunningProxy, at place: AdminPlace = .port(Endpoint(.loopbackV4, Port(0))), token: String? = nil,
        trustsLoopback: Bool = true
    ) throws {
        self.proxy = proxy
        let server = proxy.server
        admin = try AdminServer(place, token: token.map { Array($0.utf8) }, trustsLoopback: trustsLoopback) {
            AdminDesk.routes(server, $0)
        }
    }

    /// - Parameter routes: what can be asked in the place of what the program has.
    init(_ proxy: RunningProxy, routes: @escaping AdminDesk.Routes) throws {
        self.proxy = proxy
        admin = try AdminServer(.port(Endpoint(.loopbackV4, Port(0))), token: nil, routes: routes)
    }

    struct Answer {
        let status: Int
        let head: String
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(body)) }
    }

    func connect() throws -> Connection {
        switch admin.place {
        case .port(let endpoint): try Connection(to: endpoint)
        case .local(let path): Connection(owning: try Socket.connectLocal(to: path))
        }
    }

    /// Sends `text` and reads to the end.
    func send(_ text: String) throws -> Answer {
        let client = try connect()
        try client.send(text)
        let bytes = try client.receiveToEnd().bytes
        client.close()
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Connection.Failure(description: "no head: \(String(decoding: bytes, as: UTF8.self))")
        }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let status = Int(head.split(separator: " ")[1]) ?? 0
        return Answer(status: status, head: head, body: Array(bytes[end.upperBound...]))
    }

    /// Of HTTP/1.0, whose answers come in one piece.
    func ask(_ line: String, _ fields: String = "", body: String = "") throws -> Answer {
        try send("\(line) HTTP/1.0\r\nHost: localhost\r\n\(fields)\r\n\(body)")
    }

    /// The list of what is under way, by a reader that is not ours.
    func connections(_ query: String = "") throws -> [[String: Any]] {
        try ask("GET /connections\(query)").json() as? [[String: Any]] ?? []
    }

    func ended(_ query: String) throws -> Int? {
        let answer = try ask("POST /kill?\(query)")
        return (try answer.json() as? [String: Int])?["ended"]
    }

    func stop() throws {
        let stopped = DispatchSemaphore(value: 0)
        admin.stop { stopped.signal() }
        guard stopped.wait(timeout: .now() + 10) == .success else {
            throw Connection.Failure(description: "the interface did not stop in time")
        }
    }
}
