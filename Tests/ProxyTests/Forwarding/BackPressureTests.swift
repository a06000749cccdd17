import Glibc
import Testing

@testable import Proxy

@Suite("A reader that stops reading")
struct BackPressureTests {
    /// More than kernel buffers and one pipe hold, and less than a proxy without bounds would take.
    private static let bound = 64 << 20

    /// Sends pieces of a body until the proxy takes no more of them, however often it is asked for its news.
    ///
    /// - Returns: how many bytes were sent.
    private func fill(_ sender: Connection, _ rig: ForwardingRig, with piece: [UInt8]) throws -> Int {
        var sent = 0
        while sent < 4 * Self.bound {
            // What a piece has begun goes on with its rest.
            let count = try sender.sendSome(piece[(sent % piece.count)...])
            sent += count
            if count > 0 { continue }
            for _ in 0..<3 { _ = try rig.proxy.server.registrations() }
            var watched = pollfd(fd: sender.descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&watched, 1, 100) > 0 else { break }
        }
        return sent
    }

    private static func piece(isChunked: Bool) -> [UInt8] {
        isChunked
            ? Array("10000\r\n".utf8) + [UInt8](repeating: 0x63, count: 65536) + Array("\r\n".utf8)
            : [UInt8](repeating: 0x63, count: 65536)
    }

    @Test(
        "A client that doesn't read holds up the origin, and what it reads later is all there",
        arguments: [true, false])
    func client(isChunked: Bool) throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 1000000000000"
        let head = "HTTP/1.1 200 OK\r\nDate: now\r\n\(framing)\r\n\r\n"
        try origin.send(head)
        let sent = try fill(origin, rig, with: Self.piece(isChunked: isChunked))
        #expect(sent < Self.bound)
        try client.expect(head)
        let received = try client.receive(sent)
        let piece = Self.piece(isChunked: isChunked)
        #expect(received.indices.allSatisfy { received[$0] == piece[$0 % piece.count] })
        client.reset()
        #expect(try origin.end() == .reset)
        #expect(try rig.finish().first?.down == sent)
    }

    @Test(
        "An origin that doesn't read holds up the client, and what it reads later is all there",
        arguments: [true, false])
    func origin(isChunked: Bool) throws {
        let rig = try ForwardingRig()
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 1000000000000"
        let (client, origin, _) = try rig.begin("PUT http://{origin}/ HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
        let sent = try fill(client, rig, with: Self.piece(isChunked: isChunked))
        #expect(sent < Self.bound)
        #expect(try origin.receive(sent).count == sent)
        // An answer passes what is stuck.
        try origin.send("HTTP/1.1 507 Full\r\nDate: now\r\nContent-Length: 0\r\n\r\n")
        try client.expect(
            "HTTP/1.1 507 Full\r\nDate: now\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", then: .fin)
        #expect(try rig.finish().first?.up == sent)
    }

    @Test("Interim answers without end don't pile up before a client that doesn't read")
    func interim() throws {
        let rig = try ForwardingRig()
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        let sent = try fill(origin, rig, with: Array("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".utf8))
        #expect(sent < Self.bound)
        client.reset()
        #expect(try origin.end() == .reset)
        try rig.finish()
    }

    @Test("Requests without end don't pile up before a proxy whose answers nobody reads")
    func requests() throws {
        let rig = try ForwardingRig(policy: "default deny\n")
        let client = try rig.connect()
        let sent = try fill(client, rig, with: Array("GET http://a.example/ HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        #expect(sent < Self.bound)
        client.reset()
        let records = try rig.finish()
        #expect(records.map(\.ordinal) == Array(1...records.count))
        #expect(records.count < sent / 40)
    }
}
