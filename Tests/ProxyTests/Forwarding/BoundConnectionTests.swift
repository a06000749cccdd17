import Testing

@testable import Proxy

@Suite("A connection whose client the origin has authenticated")
struct BoundConnectionTests {
    /// The origin asks for a scheme that authenticates connections, and the client gives it.
    private func begin(_ rig: ForwardingRig, _ scheme: String) throws -> (client: Connection, origin: Connection) {
        let (client, origin, _) = try rig.begin(ForwardingRig.get)
        let challenge =
            "HTTP/1.1 401 Who\r\nDate: now\r\nWWW-Authenticate: Basic realm=\"x\", \(scheme) abc\r\nContent-Length: 0\r\n\r\n"
        try origin.send(challenge)
        try client.expect(challenge)
        return (client, origin)
    }

    @Test(
        "It is this client's alone, and serves whatever the client asks of that origin",
        arguments: ["NTLM", "negotiate"])
    func bound(scheme: String) throws {
        let rig = try ForwardingRig()
        let (client, origin) = try begin(rig, scheme)
        #expect(try rig.proxy.idleOrigins() == 0)
        try client.send(
            rig.text("GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nAuthorization: \(scheme) x\r\n\r\n"))
        #expect(try origin.receiveHead().contains("Authorization: \(scheme) x\r\n"))
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        // Another client gets another connection.
        let other = try rig.connect()
        let theirs = try rig.exchange(other)
        #expect(!origin.hasNews)
        theirs.close()
        client.close()
        #expect(try origin.end() == .fin)
        try rig.finish()
    }

    @Test("What can't be sent twice goes on it too: it is not asked who else could have closed it")
    func post() throws {
        let rig = try ForwardingRig()
        let (client, origin) = try begin(rig, "NTLM")
        try client.send(
            rig.text(
                "POST http://{origin}/p HTTP/1.1\r\nHost: x\r\nAuthorization: NTLM x\r\nContent-Length: 2\r\n\r\nhi"))
        #expect(try origin.receiveHead().hasPrefix("POST /p "))
        try origin.expect("hi")
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try rig.finish()
    }

    @Test("When the origin ends it, the client goes on with another", arguments: [true, false])
    func ended(speaks: Bool) throws {
        let rig = try ForwardingRig()
        let (client, origin) = try begin(rig, "NTLM")
        if speaks { try origin.send("x") } else { origin.halfClose() }
        _ = try origin.end()
        try rig.exchange(client)
        try rig.finish()
    }
}
