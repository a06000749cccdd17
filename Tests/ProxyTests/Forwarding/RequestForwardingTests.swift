import Addressing
import Testing

@testable import Proxy

@Suite("A request that is forwarded")
struct RequestForwardingTests {
    @Test(
        "Every method reaches the origin in origin-form, and its answer the client",
        arguments: ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"])
    func methods(method: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, head) = try rig.begin(
            "\(method) http://{origin}/a/b?c=d HTTP/1.1\r\nHost: elsewhere\r\nX-Mine: 1\r\n\r\n")
        #expect(head == rig.text("\(method) /a/b?c=d HTTP/1.1\r\nHost: {origin}\r\nX-Mine: 1\r\n\r\n"))
        try origin.send("HTTP/1.1 203 Fine\r\nDate: now\r\nX-Its: 2\r\nContent-Length: 3\r\n\r\nabc")
        try client.expect("HTTP/1.1 203 Fine\r\nDate: now\r\nX-Its: 2\r\nContent-Length: 3\r\n\r\nabc")
        try rig.finish()
    }

    @Test("Name and address of one origin are two: Host says which was asked for")
    func names() throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        for host in ["one.example:{port}", "TWO.example.:{port}", "{origin}"] {
            try client.send(rig.text("GET http://\(host)/ HTTP/1.1\r\nHost: x\r\n\r\n"))
            let origin = try rig.accept()
            let normal = rig.text(host).lowercased().replacing(".:", with: ":")
            #expect(try origin.receiveHead() == "GET / HTTP/1.1\r\nHost: \(normal)\r\n\r\n")
            try origin.send(ForwardingRig.ok)
            try client.expect(ForwardingRig.ok)
        }
        #expect(rig.proxy.resolver.asked == ["one.example", "two.example"])
        #expect(try rig.finish().map(\.host) == ["one.example", "two.example", "127.0.0.1"])
    }

    @Test(
        "A head may come in pieces of any size",
        arguments: ["GET http://{origin}/ HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n\r\n"])
    func pieces(request: String) throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        let bytes = Array(rig.text(request).utf8)
        let expected = rig.text("GET / HTTP/1.1\r\nHost: {origin}\r\nCookie: a=b\r\n\r\n")
        for byte in bytes { try client.send([byte]) }
        let origin = try rig.accept()
        #expect(try origin.receiveHead() == expected)
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        for index in bytes.indices.dropFirst() {
            try client.send(Array(bytes[..<index]))
            try client.send(Array(bytes[index...]))
            #expect(try origin.receiveHead() == expected)
            try origin.send(ForwardingRig.ok)
            try client.expect(ForwardingRig.ok)
        }
        let records = try rig.finish()
        #expect(records.count == bytes.count)
        #expect(records.allSatisfy { $0.ending == "ok origin relay" })
    }

    @Test("Via and the client's address are told only if the configuration says so")
    func told() throws {
        let rig = try ForwardingRig { configuration in
            configuration.via = "gate"
            configuration.forwarded = .xForwardedFor
        }
        let (client, origin, head) = try rig.begin(ForwardingRig.get)
        #expect(
            head == rig.text("GET / HTTP/1.1\r\nHost: {origin}\r\nVia: 1.1 gate\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n"))
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        try rig.finish()
    }

    // MARK: - Not forwarded

    @Test("A request without a host in its target is for the proxy itself, whatever Host says")
    func originForm() throws {
        let rig = try ForwardingRig()
        let client = try rig.connect()
        try client.send(rig.text("GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n"))
        #expect(try client.receiveMessage().body.contains("You have reached the proxy"))
        try client.send(rig.text("OPTIONS * HTTP/1.1\r\nHost: {origin}\r\n\r\n"))
        #expect(try client.receiveMessage().head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        try client.send(rig.text("GET /index.html HTTP/1.1\r\nHost: {origin}\r\n\r\n"))
        #expect(try client.receiveMessage().head.status == 404)
        try client.send(rig.text("POST / HTTP/1.1\r\nHost: {origin}\r\nContent-Length: 3\r\n\r\nabc"))
        let refused = try client.receiveMessage()
        #expect(refused.head.status == 405 && refused.head.contains("Connection: close\r\n"))
        #expect(try client.end() == .fin)
        #expect(!rig.origin.isAsked)
        let records = try rig.finish()
        #expect(records.map(\.ending) == Array(repeating: "proxy_internal_response proxy reply", count: 4))
        #expect(records.map(\.status) == [200, 200, 404, 405])
        #expect(records.allSatisfy { $0.verdict == nil && $0.up == nil })
    }

    @Test(
        "Another scheme is refused with what to do instead",
        arguments: ["https://{origin}/", "ftp://{origin}/", "ws://{origin}/", "gopher://{origin}/1"])
    func schemes(target: String) throws {
        let rig = try ForwardingRig()
        // As the first request of a connection, and as a later one.
        for preceding in ["", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"] {
            let client = try rig.connect()
            try client.send(rig.text(preceding))
            if !preceding.isEmpty { #expect(try client.receiveMessage().head.status == 200) }
            try client.send(rig.text("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n"))
            let (head, body) = try client.receiveMessage()
            #expect(head.status == 400)
            #expect(head.contains("Proxy-Status: sallyport; error=http_request_error\r\n"))
            #expect(body.contains("ask for a tunnel with CONNECT, or use SOCKS"))
            #expect(try client.end() == .fin)
        }
        #expect(!rig.origin.isAsked)
        try rig.finish()
    }

    @Test("TRACE and OPTIONS count their hops down, and end here at zero", arguments: ["TRACE", "OPTIONS"])
    func maxForwards(method: String) throws {
        let rig = try ForwardingRig()
        let (client, origin, head) = try rig.begin(
            "\(method) http://{origin}/ HTTP/1.1\r\nHost: x\r\nMax-Forwards: 1\r\n\r\n")
        #expect(head == rig.text("\(method) / HTTP/1.1\r\nHost: {origin}\r\nMax-Forwards: 0\r\n\r\n"))
        try origin.send(ForwardingRig.ok)
        try client.expect(ForwardingRig.ok)
        let last = rig.text("\(method) http://{origin}/ HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\n\r\n")
        try client.send(last)
        let (ownHead, body) = try client.receiveMessage()
        #expect(ownHead.status == 200)
        #expect(body == (method == "TRACE" ? last : ""))
        #expect(try rig.finish().map(\.outcome) == ["ok", "proxy_internal_response"])
    }

    // MARK: - Loops

    @Test(
        "A request that leads back to the proxy is refused, by whatever name it comes",
        arguments: ["127.0.0.1", "one.example", "[::ffff:127.0.0.1]", "127.0.0.2"])
    func loops(host: String) throws {
        let rig = try ForwardingRig { configuration in
            if host == "127.0.0.2" {
                configuration.listeners = [Configuration.Listener(Endpoint(.anyV4, Port(0)))]
            }
        }
        let port = rig.proxy.endpoint.port
        let client = try Connection(to: Endpoint(.loopbackV4, port))
        try client.send("GET http://\(host):\(port)/ HTTP/1.1\r\nHost: x\r\n\r\n")
        let (head, body) = try client.receiveMessage()
        #expect(head.status == 502)
        #expect(head.contains("Proxy-Status: sallyport; error=proxy_loop_detected\r\n"))
        #expect(body.contains("leads back to this proxy"))
        client.close()
        #expect(try rig.finish().map(\.ending) == ["proxy_loop_detected proxy decide"])
    }

    @Test(
        "A request that carries the proxy's own name in Via is a loop",
        arguments: [
            ("Via: 1.1 gate", true), ("Via: 1.0 a, 1.1 gate", true), ("Via: 1.1 a\r\nVia:HTTP/1.1 gate (x)", true),
            ("Via: 1.1 gate,1.1 b", true), ("Via: 1.1 gateway", false), ("X-Via: 1.1 gate", false),
            ("Via: 1.1 a", false),
        ])
    func via(field: String, isLoop: Bool) throws {
        let rig = try ForwardingRig { $0.via = "gate" }
        let client = try rig.connect()
        try client.send(rig.text("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\n\(field)\r\n\r\n"))
        if isLoop {
            #expect(try client.receiveMessage().head.contains("error=proxy_loop_detected"))
        } else {
            let origin = try rig.accept()
            #expect(try origin.receiveHead().hasSuffix("\r\n\(field)\r\nVia: 1.1 gate\r\n\r\n"))
            try origin.send(ForwardingRig.ok)
            try client.expect(ForwardingRig.ok)
        }
        try rig.finish()
    }
}
