import Addressing
import Testing
import Wire

@testable import Proxy

@Suite("The proxy's own pages")
struct PageTests {
    private static let policy = """
        deny to host:no.example reason "not here" id SEC-12
        default allow

        """

    @Test("They are there on the proxy's own address and by their name through the proxy, each request with one record")
    func everyWay() throws {
        let proxy = try RunningProxy(policy: Self.policy) { $0.pages.version = "9.8.7" }
        let direct = try proxy.connect()
        let (head, body) = try direct.directPage("/")
        #expect(head.status == 200 && head.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"))
        for text in ["<h1>This works</h1>", "<code>127.0.0.1</code>", "Sallyport 9.8.7", "You have reached the proxy."]
        {
            #expect(body.contains(text), "\(text)")
        }
        let proxied = try proxy.connect()
        #expect(try proxied.page("/").body.contains("Your browser uses this proxy"))
        #expect(try proxied.page("").body.contains("by a plain request"))
        for request in [
            Array("CONNECT sallyport.internal:80 HTTP/1.1\r\nHost: sallyport.internal:80\r\n\r\n".utf8),
            [5, 1, 0], [4, 1, 0, 80, 0, 0, 0, 1, 0] + Array("sallyport.internal".utf8) + [0],
        ] {
            let tunnel = try proxy.connect()
            try tunnel.send(request)
            switch request[0] {
            case 5:
                #expect(try tunnel.receive(2) == [5, 0])
                try tunnel.send(Way.socksRequest("SallyPort.internal.", Port(80)))
                #expect(try tunnel.receive(10).prefix(2) == [5, 0])
            case 4: #expect(try tunnel.receive(8).prefix(2) == [0, 90])
            default: #expect(try tunnel.receiveHead().status == 200)
            }
            for _ in 0..<2 {
                try tunnel.send("GET / HTTP/1.1\r\nHost: sallyport.internal\r\n\r\n")
                #expect(try tunnel.receiveMessage().body.contains("Your browser uses this proxy"))
            }
            tunnel.close()
        }
        direct.close()
        proxied.close()
        let records = try proxy.finish()
        #expect(records.count == 3 + 3 * 3)
        #expect(records.allSatisfy { $0.outcome == "proxy_internal_response" && $0.verdict == nil })
        #expect(proxy.resolver.asked.isEmpty)
    }

    @Test(
        "The name is never looked up and never dialled, in whichever spelling, and other ports of it refuse",
        arguments: ["sallyport.internal", "SALLYPORT.INTERNAL", "Sallyport.Internal.", "sallyport.internal.."])
    func neverForwarded(name: String) throws {
        let proxy = try RunningProxy()
        let plain = try proxy.connect()
        try plain.send("GET http://\(name)/ HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try plain.receiveMessage().body.contains("Your browser uses this proxy"))
        for other in ["http://\(name):8080/", "https://\(name)/", "https://\(name):80/"] {
            try plain.send("GET \(other) HTTP/1.1\r\nHost: x\r\n\r\n")
            let (head, body) = try plain.receiveMessage()
            #expect(head.status == 502 && body.contains("Its pages are at http://sallyport.internal/"), "\(other)")
        }
        plain.close()
        let tunnel = try proxy.connect()
        try tunnel.send("CONNECT \(name):443 HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try tunnel.receiveMessage().body.contains("and nothing else is there"))
        tunnel.close()
        for (command, port) in [(UInt8(1), UInt16(443)), (1, 3128), (2, 80)] {
            let socks = try proxy.connect()
            try socks.send([5, 1, 0])
            #expect(try socks.receive(2) == [5, 0])
            var request = Way.socksRequest(name, Port(port))
            request[1] = command
            try socks.send(request)
            #expect(try socks.receive(10).prefix(2) == [5, 5])
            socks.close()
        }
        try proxy.finish()
        #expect(proxy.resolver.asked.isEmpty)
    }

    @Test("In a tunnel to the pages nothing but the pages can be had, and TLS is refused")
    func inside() throws {
        let proxy = try RunningProxy()
        let requests = [
            "GET http://one.example/ HTTP/1.1\r\nHost: one.example\r\n\r\n",
            "CONNECT one.example:443 HTTP/1.1\r\nHost: one.example\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "\u{16}\u{3}\u{1}\u{1}\u{0}",
        ]
        for (request, status) in zip(requests, [502, 502, 421, 400]) {
            let tunnel = try proxy.connect()
            try tunnel.send("CONNECT sallyport.internal:80 HTTP/1.1\r\nHost: sallyport.internal:80\r\n\r\n" + request)
            #expect(try tunnel.receiveHead().status == 200)
            #expect(try tunnel.receiveMessage().head.status == status, "\(request)")
            tunnel.close()
        }
        #expect(try proxy.finish().count == 8)
        #expect(proxy.resolver.asked.isEmpty)
    }

    @Test("A connection that has carried plain requests can be let in as well")
    func later() throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        _ = try client.page("/")
        try client.send("CONNECT sallyport.internal:80 HTTP/1.1\r\nHost: sallyport.internal:80\r\n\r\n")
        #expect(try client.receiveHead().status == 200)
        try client.send("GET /blocked HTTP/1.1\r\nHost: sallyport.internal\r\n\r\n")
        #expect(try client.receiveMessage().body.contains("<h1>Blocked for you</h1>"))
        client.close()
        #expect(try proxy.finish().count == 3)
    }

    @Test("What was blocked is named with its rule, reason and the request's id, newest first, on all of the ways")
    func blocked() throws {
        let proxy = try RunningProxy(policy: Self.policy)
        let client = try proxy.connect()
        #expect(try client.page("/blocked").body.contains("Nothing was blocked for"))
        try client.send("GET http://no.example/secret?q HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try client.receiveMessage()
        let tunnel = try proxy.connect()
        try tunnel.send("CONNECT no.example:8443 HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try tunnel.receiveMessage()
        tunnel.close()
        let body = try client.page("/blocked").body
        client.close()
        let denied = try proxy.finish().filter { $0.verdict == "deny" }
        #expect(denied.count == 2)
        for record in denied { #expect(body.contains("<code>\(record.id)</code>")) }
        let first = try #require(body.firstRange(of: "no.example:8443"))
        let second = try #require(body.firstRange(of: "no.example:80<"))
        #expect(first.lowerBound < second.lowerBound)
        #expect(body.contains("<code>\(proxy.folder["policy.conf"]):1</code> (<bdi>SEC-12</bdi>)"))
        #expect(body.contains("<bdi>not here</bdi>") && !body.contains("secret"))
        #expect(body.contains("href=\"/why?url=https%3A%2F%2Fno.example%3A8443\""))
    }

    @Test("Why: the words are those of the command explain, for whoever asks")
    func why() throws {
        let proxy = try RunningProxy(
            policy: "net two 127.0.0.2\ndeny to host:no.example from net:two id A-1\ndefault allow\n")
        let file = proxy.folder["policy.conf"]
        let expected = [
            "127.0.0.1":
                "ALLOW no.example:443, unless a rule about addresses says otherwise of those it resolves to (--resolve looks "
                + "them up)\n  by \(file):3\nother rules, in order:\n  \(file):2  "
                + "deny to host:no.example from net:two\n      but not from net:two: the client is 127.0.0.1",
            "127.0.0.2":
                "DENY no.example:443\n  by \(file):2 (A-1)\nother rules, in order:\n  \(file):3  default allow\n"
                + "      matches as well, but stands below",
        ]
        for (address, text) in expected {
            let client = try Connection(to: proxy.endpoint, from: try #require(IPAddress(address)))
            #expect(try client.page("/why?url=https%3A%2f%2FNo.example%2Fx").body.contains("<pre>\(text)</pre>"))
            client.close()
        }
        let client = try proxy.connect()
        #expect(!(try client.page("/why").body.contains("<pre>")))
        for bad in ["ftp%3A%2F%2Fa", "a+b", "%zz", "%ff", "%2"] {
            let (head, body) = try client.page("/why?url=\(bad)")
            #expect(
                head.status == 400 && body.contains("That can&#39;t be explained")
                    || body.contains("can't be explained:"))
        }
        client.close()
        try proxy.finish()
    }

    @Test("Of an explanation that is very long the page has the beginning")
    func longWhy() throws {
        let rules = (0..<600).map { "deny to host:h\($0).example port:443\n" }.joined()
        let proxy = try RunningProxy(policy: rules + "default allow\n")
        let client = try proxy.connect()
        let body = try client.page("/why?url=h0.example").body
        #expect(body.contains("<pre>DENY h0.example:443\n"))
        #expect(body.contains("\n… and 203 more lines, which sallyport explain shows</pre>"))
        client.close()
        try proxy.finish()
    }

    @Test("Who asks for much at once gets it all, in order, and who leaves meanwhile leaves a record")
    func manyWhys() throws {
        let rules = (0..<300).map { "deny to host:h\($0).example port:443\n" }.joined()
        let proxy = try RunningProxy(policy: rules + "default allow\n") { $0.workers = 2 }
        let client = try proxy.connect()
        for number in 0..<50 {
            try client.send(
                "GET http://sallyport.internal/why?url=h\(number).example HTTP/1.1\r\nHost: sallyport.internal\r\n\r\n")
        }
        for number in 0..<50 {
            #expect(try client.receiveMessage().body.contains("<pre>DENY h\(number).example:443\n"))
        }
        client.close()
        for _ in 0..<20 {
            let hasty = try proxy.connect()
            try hasty.send("GET /why?url=a.example HTTP/1.1\r\nHost: localhost\r\n\r\n")
            hasty.reset()
        }
        try proxy.finish()
    }

    @Test("Set up: every browser and system is told the address that its user has used")
    func setup() throws {
        let proxy = try RunningProxy { $0.pages.names = [.name(try! HostName("proxy.example"))] }
        let client = try proxy.connect()
        let addresses = [
            ("Proxy.example:8080", "http://proxy.example:8080"), ("localhost", "http://localhost:80"),
            ("127.0.0.1:\(proxy.endpoint.port)", "http://\(proxy.endpoint)"),
        ]
        for (host, address) in addresses {
            try client.send("GET /setup HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            let body = try client.receiveMessage().body
            for target in SetupTarget.allCases { #expect(body.contains("<h2 id=\"\(target)\">\(target.title)</h2>")) }
            #expect(
                body.contains("git config --global http.proxy \(address)\n") || body.contains("http.proxy \(address)<"))
        }
        #expect(try client.page("/setup").body.contains("http.proxy http://\(proxy.endpoint)<"))
        client.close()
        try proxy.finish()
    }
}
