import Glibc
import Testing

@testable import Proxy

@Suite("The limits of a request's head")
struct ForwardingLimitTests {
    private static let start = "GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\n"
    /// A field line of 1000 bytes.
    private static let field = "X: " + String(repeating: "a", count: 995) + "\r\n"

    @Test("What is within them goes on whole: 100 fields, 64 KiB, a target of 16,000 bytes")
    func within() throws {
        let rig = try ForwardingRig()
        let fields = String(repeating: "X: y\r\n", count: 99)
        let bytes = String(repeating: Self.field, count: 65)
        let path = "/" + String(repeating: "p", count: 16_000)
        for (line, rest) in [("/", fields), ("/", bytes), (path, "")] {
            let client = try rig.connect()
            try client.send(rig.text("POST http://{origin}\(line) HTTP/1.1\r\nHost: x\r\n\(rest)\r\n"))
            let origin = try rig.accept()
            try origin.expect(rig.text("POST \(line) HTTP/1.1\r\nHost: {origin}\r\n\(rest)\r\n"))
            try origin.send(ForwardingRig.ok)
            try client.expect(ForwardingRig.ok)
        }
        try rig.finish()
    }

    @Test(
        "What is beyond them is refused with its status, before it is whole, and what follows is not looked at",
        arguments: [
            (start + String(repeating: "X: y\r\n", count: 100), 431),
            (start + String(repeating: field, count: 70), 431),
            (start + "X: " + String(repeating: "a", count: 33 * 1024), 431),
            ("GET http://{origin}/" + String(repeating: "p", count: 17 * 1024), 414),
            (String(repeating: "M", count: 33), 501),
        ])
    func beyond(head: String, status: Int) throws {
        let rig = try ForwardingRig()
        for preceding in ["", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"] {
            let client = try rig.connect()
            try client.send(rig.text(preceding + head))
            if !preceding.isEmpty { #expect(try client.receiveMessage().head.status == 200) }
            let answer = try client.receiveMessage().head
            #expect(answer.status == status)
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.contains("Proxy-Status: sallyport; error=http_request_error\r\n"))
            try client.send("\r\n\r\n" + rig.text(ForwardingRig.get))
            try client.expect("", then: .fin)
        }
        let records = try rig.finish().filter { $0.status != 200 }
        #expect(!rig.origin.isAsked)
        #expect(records.map(\.status) == [status, status])
        #expect(records.allSatisfy { $0.ending == "http_request_error proxy negotiate" })
    }

    @Test("A first head that doesn't come to its end in time is answered with 408, however it drips")
    func slow() throws {
        let rig = try ForwardingRig { $0.handshakeTimeout = .milliseconds(200) }
        let client = try rig.connect()
        try client.send("GET http://")
        // Each byte comes well before the deadline, until the proxy has had enough.
        var watched = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
        for _ in 0..<500 where poll(&watched, 1, 20) == 0 { try client.send("a") }
        let head = try client.receiveMessage().head
        #expect(head.status == 408)
        #expect(try client.end() == .fin)
        try rig.finish()
    }
}
