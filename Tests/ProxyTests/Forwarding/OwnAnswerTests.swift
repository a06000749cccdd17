import Addressing
import Testing

@testable import Proxy

@Suite("An answer of the proxy's own to a plain HTTP request")
struct OwnAnswerTests {
    private static let policy = """
        deny to host:no.example reason "<b>'never'</b>" id SEC-12
        deny to ip:192.0.2.0/24 reason "not there"
        default allow

        """

    @Test("Each failure has its status and token, and the connection goes on")
    func failures() throws {
        let refusing = try RefusingPort()
        let rig = try ForwardingRig(policy: Self.policy)
        let client = try rig.connect()
        let table: [(target: String, status: Int, token: String)] = [
            ("http://no.example/", 403, "http_request_denied; details=\"SEC-12\""),
            ("http://192.0.2.1/", 403, "destination_ip_prohibited; details=\"\(rig.proxy.folder["policy.conf"]):2\""),
            ("http://127.0.0.1:\(refusing.port)/", 502, "connection_refused"),
            ("http://one.example:\(rig.proxy.endpoint.port)/", 502, "proxy_loop_detected"),
        ]
        for (target, status, token) in table {
            try client.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
            let (head, body) = try client.receiveMessage()
            #expect(
                head == """
                    HTTP/1.1 \(status) \(StatusCode.phrase(UInt16(status)))\r
                    Content-Type: text/plain; charset=utf-8\r
                    Content-Length: \(body.utf8.count)\r
                    Cache-Control: no-store\r
                    Proxy-Status: sallyport; error=\(token)\r
                    \r

                    """)
        }
        try lookUp(client, rig, .notFound, 502, "dns_error")
        try lookUp(client, rig, .failed, 502, "dns_error")
        try lookUp(client, rig, .timedOut, 504, "dns_timeout")
        try rig.exchange(client)
        #expect(try rig.finish().map(\.ordinal) == Array(1...8))
    }

    private func lookUp(
        _ client: Connection, _ rig: ForwardingRig, _ answer: Resolution.Answer, _ status: Int, _ token: String
    ) throws {
        try client.send("GET http://wait.example/ HTTP/1.1\r\nHost: x\r\n\r\n")
        try rig.proxy.resolver.nextWaiting()(answer)
        let head = try client.receiveMessage().head
        #expect(head.status == status && head.contains("Proxy-Status: sallyport; error=\(token)\r\n"))
    }

    @Test("It names destination, rule, reason, and the request by the id under which it stands in the log")
    func denial() throws {
        let rig = try ForwardingRig(policy: Self.policy)
        let client = try rig.connect()
        var ids: [String] = []
        for _ in 0..<2 {
            try client.send("GET http://NO.example./secret HTTP/1.1\r\nHost: x\r\n\r\n")
            let lines = try client.receiveMessage().body.split(separator: "\n").map(String.init)
            #expect(lines.count == 5)
            #expect(lines[0] == "The policy of this proxy denies this destination: <b>'never'</b>.")
            #expect(lines[1] == "Destination: no.example")
            #expect(lines[2] == "Rule: SEC-12, \(rig.proxy.folder["policy.conf"]):1")
            ids.append(String(lines[3].trimmingPrefix("Request: ")))
            #expect(lines[4] == "In the log: sallyport log tail --id \(ids.last ?? "")")
        }
        #expect(try rig.finish().map(\.id) == ids)
    }

    @Test("Who accepts HTML gets a page, escaped; the configuration's own in the place of the built-in one")
    func pages() throws {
        for template in [nil, "<p id=\"{{reason}}\">{{status}} {{title}} {{host}} {{rule}} {{entry}}{{request}}"] {
            let rig = try ForwardingRig(policy: Self.policy) { configuration in
                configuration.page = template.flatMap { try? AnswerPage(template: $0) }
            }
            let client = try rig.connect()
            let request = "GET http://no.example/<script> HTTP/1.1\r\nHost: x\r\n"
            try client.send(request + "Accept: text/html, */*\r\n\r\n")
            let (head, body) = try client.receiveMessage()
            #expect(head.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"))
            #expect(head.contains("\r\nContent-Security-Policy: default-src 'none'; "))
            #expect(body.contains("&lt;b&gt;&#39;never&#39;&lt;/b&gt;"))
            #expect(!body.contains("<b>") && !body.contains("<script"))
            if template != nil { #expect(body.contains(">403 This address is blocked no.example SEC-12 ")) }
            // HEAD gets the same head; who doesn't ask for HTML gets text.
            try client.send(request.replacing("GET", with: "HEAD") + "Accept: text/html\r\n\r\n")
            #expect(try client.receiveHead().contains("\r\nContent-Type: text/html; charset=utf-8\r\n"))
            try client.send(request + "\r\n")
            #expect(try client.receiveMessage().head.contains("\r\nContent-Type: text/plain; charset=utf-8\r\n"))
            try rig.finish()
        }
    }
}
