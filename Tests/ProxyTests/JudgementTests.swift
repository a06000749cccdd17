import Addressing
import Testing

@testable import Proxy

@Suite("The policy's word")
struct JudgementTests {
    /// Asks for a tunnel that the policy denies.
    private static func denied(
        _ proxy: RunningProxy, _ way: Way, _ host: String, _ port: Port
    ) throws -> (body: String, record: RecordLine) {
        let client = try proxy.connect()
        #expect(try client.ask(way, for: host, port) == way.told(403, 2))
        let (body, end) = try client.receiveToEnd()
        #expect(end == .fin)
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.verdict == "deny")
        #expect(record.endedBy == "policy")
        #expect(record.stage == "decide")
        #expect(record.told == way.told(403, 2))
        #expect(record.dialled == nil)
        return (String(decoding: body, as: UTF8.self), record)
    }

    @Test("A name that is denied is not looked up, and the record names the line", arguments: Way.allCases)
    func byName(way: Way) throws {
        let proxy = try RunningProxy(
            policy: """
                # a comment
                deny to domain:blocked.example   reason "not here"  id SEC-1
                default allow

                """)
        let (body, record) = try Self.denied(proxy, way, "www.Blocked.example", Port(443))
        #expect(proxy.resolver.asked == [])
        #expect(record.outcome == "http_request_denied")
        #expect(record.rule == proxy.folder["policy.conf:2"])
        #expect(record.entry == nil)
        #expect(record.reason == "not here")
        #expect(record.host == "www.blocked.example")
        #expect(record.resolver == nil)
        if way == .connect {
            #expect(body.contains("not here"))
            #expect(body.contains("SEC-1"))
            #expect(body.contains("Request: \(record.id)\n"))
        } else {
            #expect(body.isEmpty)
        }
    }

    @Test("Each record names its own rule, entry and reason, whatever was decided before it")
    func inTurns() throws {
        let proxy = try RunningProxy(
            policy: """
                list ads ads.txt
                deny to list:ads        reason "ads"
                deny to host:x.example  reason "x"
                default deny

                """,
            files: ["ads.txt": "a.example\nb.example\n"])
        let asked = ["a", "a", "b", "x", "x", "y", "b", "y", "a"]
        for name in asked {
            let client = try proxy.connect()
            #expect(try client.ask(.connect, for: "\(name).example", Port(443)) == 403)
            _ = try client.receiveToEnd()
            client.close()
        }
        let (folder, records) = (proxy.folder, try proxy.finish())
        let line = ["a": 2, "b": 2, "x": 3, "y": 4]
        let entry = ["a": folder["ads.txt:1"], "b": folder["ads.txt:2"]]
        let reason = ["a": "ads", "b": "ads", "x": "x"]
        #expect(records.map(\.host) == asked.map { "\($0).example" })
        #expect(records.map(\.rule) == asked.map { folder["policy.conf:\(line[$0]!)"] })
        #expect(records.map(\.entry) == asked.map { entry[$0] })
        #expect(records.map(\.reason) == asked.map { reason[$0] })
    }

    @Test("A name on a list is denied by its line of the list", arguments: Way.allCases)
    func byList(way: Way) throws {
        let proxy = try RunningProxy(
            policy: "list ads ads.txt\ndeny to list:ads\ndefault allow\n",
            files: ["ads.txt": "# names\nother.example\n\nads.example\n"])
        let (_, record) = try Self.denied(proxy, way, "x.ads.example", Port(443))
        #expect(record.outcome == "http_request_denied")
        #expect(record.rule == proxy.folder["policy.conf:2"])
        #expect(record.entry == proxy.folder["ads.txt:4"])
    }

    @Test("A port that is denied is denied as a request", arguments: Way.allCases)
    func byPort(way: Way) throws {
        let proxy = try RunningProxy(policy: "deny to port:25\ndefault allow\n")
        let (_, record) = try Self.denied(proxy, way, "127.0.0.1", Port(25))
        #expect(record.outcome == "http_request_denied")
    }

    @Test("An address that is denied is told as such", arguments: Way.allCases, ["127.0.0.1", "::ffff:127.0.0.1"])
    func byAddress(way: Way, host: String) throws {
        let listening = try Origin()
        let proxy = try RunningProxy(policy: "deny to loopback\ndefault allow\n")
        let (_, record) = try Self.denied(proxy, way, host, listening.port)
        #expect(record.outcome == "destination_ip_prohibited")
        #expect(record.host == "127.0.0.1")
        #expect(!listening.isAsked)
    }

    @Test("A name that leads to a denied address reaches nothing", arguments: Way.allCases)
    func byResolvedAddress(way: Way) throws {
        let listening = try Origin()
        let proxy = try RunningProxy(
            policy: "deny to loopback reason \"this machine\"\ndefault allow\n",
            names: ["rebound.example": .addresses([.loopbackV4, .loopbackV6])])
        let (_, record) = try Self.denied(proxy, way, "rebound.example", listening.port)
        #expect(record.outcome == "destination_ip_prohibited")
        #expect(record.rule == proxy.folder["policy.conf:1"])
        #expect(record.reason == "this machine")
        #expect(record.resolved == ["127.0.0.1", "::1"])
        #expect(record.refused == ["127.0.0.1", "::1"])
        #expect(record.attempts == nil)
        #expect(!listening.isAsked)
    }

    @Test("Of a name's addresses only those that are not denied are dialled", arguments: Way.allCases)
    func someRefused(way: Way) throws {
        let allowed = try Origin(.ownLoopback())
        let denied = try Origin(.ownLoopback(), port: allowed.port)
        let refusing = try RefusingPort(.ownLoopback(), port: allowed.port)
        let (mine, alsoDenied) = (allowed.endpoint.address, IPAddress.ownLoopback())
        let proxy = try RunningProxy(
            policy: "deny to ip:\(denied.endpoint.address),\(alsoDenied)\ndefault allow\n",
            names: [
                "mixed.example": .addresses([denied.endpoint.address, refusing.endpoint.address, alsoDenied, mine])
            ])
        let (client, origin) = try proxy.tunnel(way, to: allowed, as: "mixed.example")
        origin.close()
        client.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.verdict == "allow")
        #expect(record.rule == proxy.folder["policy.conf:2"])
        #expect(record.refused == ["\(denied.endpoint.address)", "\(alsoDenied)"])
        #expect(record.attempts?.map(\.address) == ["\(refusing.endpoint.address)"])
        #expect(record.dialled == "\(mine)")
        #expect(!denied.isAsked)
    }

    @Test("A rule about the client's network looks at who has connected", arguments: Way.allCases)
    func byClient(way: Way) throws {
        let proxy = try RunningProxy(policy: "net here 127.0.0.0/8\ndeny to port:9 from net:here\ndefault allow\n")
        let (_, record) = try Self.denied(proxy, way, "192.0.2.1", Port(9))
        #expect(record.rule == proxy.folder["policy.conf:2"])
    }

    @Test("An HTTP client sees the token and the rule in Proxy-Status")
    func proxyStatus() throws {
        let proxy = try RunningProxy(policy: "deny to host:a.example id SEC-1\ndeny to host:b.example\ndefault allow\n")
        let expected = [
            "a.example": "sallyport; error=http_request_denied; details=\"SEC-1\"",
            "b.example": "sallyport; error=http_request_denied; details=\"\(proxy.folder["policy.conf:2"])\"",
        ]
        for (host, field) in expected {
            let client = try proxy.connect()
            try client.send(Way.connect.request(host, Port(443)))
            let head = try client.receiveHead()
            #expect(head.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
            #expect(head.contains("\r\nProxy-Status: \(field)\r\n"))
            #expect(head.contains("\r\nConnection: close\r\n"))
            let body = try client.receiveToEnd().bytes
            #expect(head.contains("\r\nContent-Length: \(body.count)\r\n"))
            client.close()
        }
        try proxy.finish()
    }
}
