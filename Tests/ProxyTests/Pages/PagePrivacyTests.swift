import Addressing
import EventLoop
import Policy
import Testing
import Users

@testable import Proxy

@Suite("What the proxy's own pages tell whom")
struct PagePrivacyTests {
    @Test("A client sees what was blocked for its own address, and nothing of another's")
    func addresses() throws {
        let proxy = try RunningProxy(policy: "deny to domain:blocked.example\ndefault allow\n") { $0.workers = 2 }
        for address in [IPAddress(127, 0, 0, 1), IPAddress(127, 0, 0, 2)] {
            let client = try Connection(to: proxy.endpoint, from: address)
            try client.send("CONNECT of-\(address.low & 0xff).blocked.example:443 HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try client.receiveMessage()
            client.close()
        }
        _ = try proxy.records(2)
        for (own, other) in [(UInt8(1), 2), (2, 1), (3, 0)] {
            let client = try Connection(to: proxy.endpoint, from: IPAddress(127, 0, 0, own))
            // Told in many ways who else it may be: the kernel knows.
            let body = try client.page(
                "/blocked?client=127.0.0.\(other)",
                fields: "X-Forwarded-For: 127.0.0.\(other)\r\nForwarded: for=127.0.0.\(other)\r\n"
            ).body
            #expect(body.contains("of-\(own).blocked.example") == (own != 3))
            for stranger in [1, 2] where stranger != Int(own) { #expect(!body.contains("of-\(stranger).blocked")) }
            client.close()
        }
        try proxy.finish()
    }

    @Test("Users at one address see each their own, and who says nothing sees nothing of theirs")
    func users() throws {
        let proxy = try LoginTests.proxy(policy: "deny to domain:blocked.example\ndefault allow\n", isRequired: false)
        let users: [(name: String, pair: String?)] = [
            ("ann", LoginTests.ann), ("bob", LoginTests.bob), ("nobody", nil),
        ]
        func field(_ name: String, _ pair: String?) -> String { pair.map { "\(name): Basic \($0)\r\n" } ?? "" }
        for (name, pair) in users {
            let client = try proxy.connect()
            let proof = field("Proxy-Authorization", pair)
            try client.send("GET http://of-\(name).blocked.example/ HTTP/1.1\r\nHost: x\r\n\(proof)\r\n")
            _ = try client.receiveMessage()
            client.close()
        }
        for (name, pair) in users {
            let client = try proxy.connect()
            for body in [
                try client.page("/blocked", fields: field("Proxy-Authorization", pair)).body,
                try client.directPage("/blocked", fields: field("Authorization", pair)).body,
            ] {
                for (other, _) in users { #expect(body.contains("of-\(other).blocked.example") == (other == name)) }
            }
            let front = try client.page("/", fields: field("Proxy-Authorization", pair)).body
            #expect(front.contains(pair == nil ? "nobody in particular" : "<bdi>\(name)</bdi>"))
            client.close()
        }
        try proxy.finish()
    }

    @Test("Where users are required, what is about somebody is for who says who they are; the rest is for everybody")
    func required() throws {
        let proxy = try LoginTests.proxy()
        for (path, isOpen) in [
            ("/", true), ("/setup", true), ("/proxy.pac", true), ("/wpad.dat", true), ("/style.css", true),
            ("/blocked", false),
            ("/why?url=a.example", false),
        ] {
            let client = try proxy.connect()
            let head = try client.page(path).head
            #expect(head.status == (isOpen ? 200 : 407), "\(path)")
            #expect(head.contains("\r\nProxy-Authenticate: Basic realm=\"Sallyport\"") == !isOpen)
            client.close()
            let direct = try proxy.connect()
            let (directHead, body) = try direct.directPage(path)
            #expect(directHead.status == (isOpen ? 200 : 401), "\(path)")
            #expect(directHead.contains("\r\nWWW-Authenticate: Basic realm=\"Sallyport\"") == !isOpen)
            #expect(!body.contains("ann") && !directHead.contains("Proxy-Authenticate"))
            direct.close()
            // The other field is no proof: each side has its own.
            let crossed = try proxy.connect()
            try crossed.send(
                "GET \(path) HTTP/1.1\r\nHost: localhost\r\nProxy-Authorization: Basic \(LoginTests.ann)\r\n\r\n")
            #expect(try crossed.receiveMessage().head.status == (isOpen ? 200 : 401), "\(path)")
            crossed.close()
            for wrong in [LoginTests.wrong, "!"] {
                let client = try proxy.connect()
                #expect(try client.directPage(path, fields: "Authorization: Basic \(wrong)\r\n").head.status == 401)
                client.close()
            }
        }
        let tunnel = try proxy.connect()
        try tunnel.send("CONNECT sallyport.internal:80 HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try tunnel.receiveMessage().head.status == 407)
        tunnel.close()
        let known = try proxy.connect()
        try known.send([5, 1, 2, 1, 3] + Array("bob".utf8) + [6] + Array("geheim".utf8))
        #expect(try known.receive(4) == [5, 2, 1, 0])
        try known.send(Way.socksRequest("sallyport.internal", Port(80)))
        #expect(try known.receive(10)[1] == 0)
        try known.send("GET /blocked HTTP/1.1\r\nHost: sallyport.internal\r\n\r\n")
        #expect(try known.receiveMessage().body.contains("Nothing was blocked for <bdi>bob</bdi>"))
        known.close()
        let records = try proxy.finish()
        #expect(records.last?.user == "bob" && records.last?.proto == "http")
    }

    @Test("Denials are remembered of so many clients, and so many of each, the latest")
    func bounded() {
        let denials = RecentDenials()
        func denial(_ number: Int) -> RecentDenials.Denial {
            var trace = Trace(
                number: 1, client: Endpoint(.loopbackV4, Port(1)), listener: 0, at: Instant.now())
            trace.facts.host = .address(.loopbackV4)
            trace.facts.port = Port(443)
            return RecentDenials.Denial(trace, at: 0, request: "\(number)")!
        }
        func viewer(_ number: Int) -> RecentDenials.Viewer {
            RecentDenials.Viewer(client: IPAddress(v4: UInt32(number)), user: nil)
        }
        for number in 0..<100 { denials.note(denial(number), for: viewer(0)) }
        #expect(denials.latest(for: viewer(0)).map(\.request) == (80..<100).reversed().map(String.init))
        for number in 1...(RecentDenials.mostViewers + 5) { denials.note(denial(number), for: viewer(number)) }
        for number in 0...5 { #expect(denials.latest(for: viewer(number)).isEmpty, "\(number)") }
        for number in 6...(RecentDenials.mostViewers + 5) {
            #expect(denials.latest(for: viewer(number)).map(\.request) == ["\(number)"])
        }
    }
}
