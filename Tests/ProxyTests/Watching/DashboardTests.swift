import Addressing
import EventLoop
import Foundation
import Testing

@testable import Proxy

@Suite("The dashboard")
struct DashboardTests {
    private static let files = ["/", "/dashboard.css", "/dashboard.js"]

    @Test("The page with its style sheet and script is below 100 KiB, and loads from here alone")
    func page() throws {
        let rig = try AdminRig(try RunningProxy())
        let answers = try Self.files.map { try rig.ask("GET \($0)") }
        #expect(answers.allSatisfy { $0.status == 200 })
        #expect(answers.reduce(0) { $0 + $1.body.count } < 100 << 10)
        for answer in answers {
            let policy = try #require(
                answer.head.split(separator: "\r\n").first { $0.hasPrefix("Content-Security-Policy: ") })
            #expect(policy.contains("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"))
            #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"))
            #expect(answer.head.contains("\r\nX-Content-Type-Options: nosniff"))
            #expect(answer.head.contains("\r\nCache-Control: no-store"))
            for elsewhere in ["http:", "https:", "//cdn", "@import", "url("] {
                let text = answer.text.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
                #expect(!text.contains(elsewhere), "\(elsewhere)")
            }
        }
        #expect(answers[1].head.contains("text/css") && answers[2].head.contains("text/javascript"))
        for dangerous in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", "srcdoc"]
        {
            #expect(!answers[2].text.contains(dangerous), "\(dangerous)")
        }
        #expect(!answers[0].text.contains(" onclick") && !answers[0].text.contains("<style"))
        #expect(try rig.ask("GET /?token=0123456789abcdef").status == 400)
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    private static let payloads = [
        "<script>alert(1)</script>", "</script><script>alert(1)//", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'",
        "\u{2028}alert(1)\u{2029}", "<!--", "]]>", "&lt;b&gt;", "\\u003cscript\\u003e", "${alert(1)}", "\u{202e}evil",
    ]

    @Test("Whatever hosts, users and agents are, the dashboard is sent JSON without a byte of markup")
    func hostile() throws {
        let rig = try AdminRig(try LoginTests.proxy { _ in })
        let watcher = try Self.watch(rig)
        // All at once: who can't log in is told after a while.
        let clients = try Self.payloads.flatMap { try Self.send($0, to: rig.proxy) }
        let all = 2 * Self.payloads.count
        try rig.proxy.wait("all") { rig.proxy.server.counts.recorded == all }
        let answer = try rig.ask("GET /records")
        try Self.expectHarmless(answer.body)
        let object = try #require(try answer.json() as? [String: Any])
        let records = try #require(object["records"] as? [[String: Any]])
        #expect(records.count == all)
        // What is in it is what was sent: the escapes are JSON's own, and single bytes have code points of their own.
        let agents = Set(records.compactMap { $0["ua"] as? String })
        #expect(agents == Set(Self.payloads.map { $0 + "\u{efff}\u{efc0}\u{ef80}" }))
        for record in records {
            let id = try #require(record["id"] as? String)
            try Self.expectHarmless(try rig.ask("GET /records?id=\(id)").body)
            try Self.expectHarmless(try rig.ask("GET /explain?id=\(id)").body, isJSON: false)
        }
        var came = 0
        while came < all {
            let event = try watcher.events(until: "records")
            try Self.expectHarmless(event)
            let batch = try #require(try JSONSerialization.jsonObject(with: Data(event)) as? [String: Any])
            came += try #require(batch["came"] as? Int)
        }
        #expect(came == all)
        for client in clients { client.close() }
        watcher.close()
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    /// As a user, an agent and a referer of one request, and as the host of another.
    private static func send(_ payload: String, to proxy: RunningProxy) throws -> [Connection] {
        let bytes = Array(payload.utf8) + [0xff, 0xc0, 0x80]
        let user = Data(bytes + Array(":pw".utf8)).base64EncodedString()
        let agent = Array("\r\nUser-Agent: ".utf8) + bytes + Array("\r\nReferer: ".utf8) + bytes
        let login = Array("\r\nProxy-Authorization: Basic \(user)\r\n\r\n".utf8)
        return try [
            Array("GET http://a.example/?q HTTP/1.1\r\nHost: a.example".utf8) + agent + login,
            Array("CONNECT ".utf8) + bytes + Array(":443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8),
        ].map { request in
            let client = try proxy.connect()
            try client.send(request)
            return client
        }
    }

    private static func expectHarmless(_ bytes: [UInt8], isJSON: Bool = true) throws {
        #expect(!bytes.contains { [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), 0x7f].contains($0) })
        for hidden in ["\u{2028}", "\u{202e}"] { #expect(bytes.firstRange(of: Array(hidden.utf8)) == nil) }
        #expect(String(validating: bytes, as: UTF8.self) != nil)
        if isJSON { _ = try JSONSerialization.jsonObject(with: Data(bytes)) }
    }

    /// Opens the stream of events, which has begun when this returns.
    static func watch(_ rig: AdminRig, _ query: String = "") throws -> EventReader {
        let client = try rig.connect()
        try client.send("GET /events\(query) HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return try EventReader(client)
    }

    @Test("Who watches is sent samples and the requests that end, as far as they are wanted; who leaves is forgotten")
    func events() throws {
        let rig = try AdminRig(try RunningProxy(policy: "deny to domain:ads.example\ndefault allow\n"))
        let all = try Self.watch(rig)
        let denied = try Self.watch(rig, "?verdict=deny&host=ADS")
        #expect(all.head.contains("Content-Type: text/event-stream"))
        for host in ["ads.example", "[::1]"] {
            let client = try rig.proxy.connect()
            try client.send("CONNECT \(host):1 HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try client.receiveToEnd()
            client.close()
        }
        try rig.proxy.wait("both") { rig.proxy.server.counts.recorded == 2 }
        let sample = try all.events(until: "sample")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(sample)) as? [String: Any])
        for name in ["t", "s", "records", "allow", "deny", "none", "up", "down", "tunnels", "lookups", "log_lost"] {
            #expect(object[name] is NSNumber, "\(name)")
        }
        let hosts = { (bytes: [UInt8]) throws in
            let batch = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            return (batch?["records"] as? [[String: Any]])?.compactMap { $0["host"] as? String } ?? []
        }
        #expect(try hosts(try all.events(until: "records")) == ["::1", "ads.example"])
        #expect(try hosts(try denied.events(until: "records")) == ["ads.example"])
        all.close()
        denied.close()
        try rig.proxy.wait("room for all") {
            let watchers = try (0..<Board.mostWatchers).map { _ in try Self.watch(rig) }
            defer { for watcher in watchers { watcher.close() } }
            let isBeyond = try rig.ask("GET /events").status == 503
            return watchers.allSatisfy { $0.head.hasPrefix("HTTP/1.1 200") } && isBeyond
        }
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    @Test("Records, names and explanations are found by what is asked for, and nothing else is taken")
    func asking() throws {
        let policy = "deny to domain:ads.example reason \"<b>no</b>\"\ndefault allow\n"
        let rig = try AdminRig(try RunningProxy(policy: policy) { $0.workers = 2 })
        for host in ["ads.example", "x.ads.example", "[::1]", "ads.example"] {
            let client = try rig.proxy.connect()
            try client.send("CONNECT \(host):1 HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try client.receiveToEnd()
            client.close()
        }
        try rig.proxy.wait("all") { rig.proxy.server.counts.recorded == 4 }
        func records(_ query: String) throws -> [[String: Any]] {
            (try rig.ask("GET /records?\(query)").json() as? [String: Any])?["records"] as? [[String: Any]] ?? []
        }
        func top(_ query: String) throws -> [String] {
            let object = try rig.ask("GET /top?\(query)").json() as? [String: Any]
            return (object?["rows"] as? [[String: Any]])?.map { "\($0["name"] ?? "") \($0["count"] ?? "")" } ?? []
        }
        #expect(try records("").count == 4 && (try records("most=1")).count == 1)
        #expect(try records("host=ads").count == 3 && (try records("host=x.ads")).count == 1)
        #expect(try records("verdict=allow").compactMap { $0["host"] as? String } == ["::1"])
        #expect(try records("client=127.0").count == 4 && (try records("client=128")).isEmpty)
        #expect(try records("user=ann").isEmpty && (try records("verdict=none")).isEmpty)
        #expect(try top("by=host").sorted() == ["::1 1", "ads.example 2", "x.ads.example 1"])
        #expect(try top("by=blocked&span=day") == ["ads.example 2", "x.ads.example 1"])
        #expect(try top("by=rule").count == 2 && (try top("by=user")).isEmpty)
        let denial = try #require(try records("host=x.ads").first)
        let id = try #require(denial["id"] as? String)
        let whole = try #require(try rig.ask("GET /records?id=\(id)").json() as? [String: Any])
        #expect(whole["reason"] as? String == "<b>no</b>" && whole["rule"] as? String == denial["rule"] as? String)
        let why = try #require(try rig.ask("GET /explain?id=\(id)").json() as? [String: Any])
        let text = try #require(why["text"] as? String)
        #expect(text.hasPrefix("DENY x.ads.example:1\n  by ") && text.contains("<b>no</b>"))
        #expect(why["verdict_then"] as? String == "deny")
        let other = try #require(
            try rig.ask("GET /explain?host=ads.example&client=10.0.0.1&user=ann&port=8443&by=http").json()
                as? [String: Any])
        #expect((other["text"] as? String)?.hasPrefix("DENY ads.example:8443\n") == true)
        #expect((other["asked"] as? [String: String]) == ["client": "10.0.0.1", "user": "ann", "by": "http"])
        for (wrong, status) in [
            ("/records?hosts=a", 400), ("/records?verdict=maybe", 400), ("/records?most=0", 400),
            ("/records?most=3000", 400), ("/records?id=1-2", 400), ("/records?id=1-0-99.1", 404), ("/top?by=all", 400),
            ("/top?span=week", 400), ("/explain", 400), ("/explain?host=a..b", 400), ("/explain?host=a&port=0", 400),
            ("/explain?host=a&by=ftp", 400), ("/explain?host=a&client=b", 400), ("/explain?id=1-0-99.1", 404),
            ("/history?span=year", 400), ("/events?hosts=a", 400), ("/live?verdict=yes", 400),
        ] {
            let answer = try rig.ask("GET \(wrong)")
            #expect(answer.status == status, "\(wrong)")
            #expect(answer.head.contains("Content-Type: text/plain") && !answer.body.isEmpty)
        }
        #expect(try rig.ask("GET /history").json() is [Any] && (try rig.ask("GET /history?span=day")).json() is [Any])
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    @Test("Nothing is noted where nobody can ask, nor once nobody can any more")
    func off() throws {
        let rig = try AdminRig(try RunningProxy())
        #expect(try rig.proxy.server.workers[0].mailbox.ask { $0.recorder.tap != nil })
        let second = try AdminRig(rig.proxy)
        try rig.stop()
        #expect(try rig.proxy.server.workers[0].mailbox.ask { $0.recorder.tap != nil }, "another one's")
        try second.stop()
        #expect(try rig.proxy.server.workers[0].mailbox.ask { $0.recorder.tap == nil })
        _ = try rig.proxy.finish()
    }

    @Test("A page from elsewhere may link here, and use nothing")
    func fetchMetadata() throws {
        let rig = try AdminRig(try RunningProxy())
        for (site, mode, status) in [
            ("cross-site", "cors", 403), ("cross-site", "no-cors", 403), ("same-site", "cors", 403),
            ("cross-site", "navigate", 200), ("same-origin", "cors", 200), ("none", "navigate", 200),
        ] {
            let answer = try rig.ask("GET /records", "Sec-Fetch-Site: \(site)\r\nSec-Fetch-Mode: \(mode)\r\n")
            #expect(answer.status == status, "\(site) \(mode)")
        }
        try rig.stop()
        _ = try rig.proxy.finish()
    }
}
