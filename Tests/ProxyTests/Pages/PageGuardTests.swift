import Addressing
import Policy
import Testing
import Users

@testable import Proxy

@Suite("What keeps the proxy's own pages from being misused")
struct PageGuardTests {
    private static let paths = [
        "/", "/blocked", "/why", "/why?url=a.example", "/setup", "/proxy.pac", "/style.css", "/none",
    ]

    @Test("Every page forbids scripts, frames, sniffing and other sites; what is personal is stored nowhere")
    func guards() throws {
        let proxy = try RunningProxy()
        let client = try proxy.connect()
        for path in Self.paths {
            for (head, body) in [try client.page(path), try client.directPage(path)] {
                for field in [
                    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
                        + "base-uri 'none'; frame-ancestors 'none'",
                    "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "X-Frame-Options: DENY",
                    "Cross-Origin-Resource-Policy: same-origin",
                ] { #expect(head.contains("\r\n\(field)\r\n"), "\(path)") }
                let isShared = path == "/proxy.pac" || path == "/style.css"
                #expect(head.contains("\r\nCache-Control: no-store\r\n") == !isShared, "\(path)")
                for loaded in ["<script", "src=", "style=", "onclick", "javascript:"] where !isShared {
                    #expect(!body.contains(loaded), "\(path): \(loaded)")
                }
                if !isShared {
                    #expect(body.contains("<html lang=\"en\">") && body.contains("<main id=\"main\">\n<h1>"), "\(path)")
                }
            }
        }
        client.close()
        try proxy.finish()
    }

    @Test("Only GET, HEAD and OPTIONS are served, and HEAD as GET without the body")
    func methods() throws {
        let proxy = try RunningProxy()
        for path in Self.paths {
            for target in [path, "http://sallyport.internal\(path)"] {
                let host = target == path ? "localhost" : "sallyport.internal"
                let client = try proxy.connect()
                for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
                    try client.send("\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                    let (head, _) = try client.receiveMessage()
                    #expect(head.status == 405 && head.contains("\r\nAllow: GET, HEAD, OPTIONS, CONNECT\r\n"))
                }
                try client.send("OPTIONS \(target) HTTP/1.1\r\nHost: \(host)\r\nOrigin: http://evil.example\r\n\r\n")
                let (options, none) = try client.receiveMessage()
                #expect(options.status == 200 && none == "" && !options.contains("Access-Control"))
                try client.send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                let head = try client.receiveMessage().head
                try client.send("HEAD \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                let headOnly = try client.receiveHead().replacing(/Date: [^\r]*\r\n/, with: "")
                // The front page tells an age, whose text may have grown meanwhile.
                if path != "/" { #expect(headOnly == head) }
                client.close()
            }
        }
        try proxy.finish()
    }

    @Test("Under a name that isn't the proxy's there is no page, and nobody is asked for a password")
    func rebinding() throws {
        let proxy = try LoginTests.proxy { configuration in
            configuration.pages.names = [.name(try! HostName("gate.example")), .address(IPAddress(192, 0, 2, 7))]
        }
        let port = proxy.endpoint.port
        let good = [
            "localhost", "LOCALHOST:\(port)", "127.0.0.1:\(port)", "127.0.0.1", "[::ffff:127.0.0.1]:\(port)",
            "sallyport.internal", "gate.example:3128", "Gate.Example.", "192.0.2.7",
        ]
        let bad = [
            "evil.example", "evil.example:\(port)", "localhost.evil.example", "127.0.0.1.evil.example",
            "127.0.0.2:\(port)",
            "192.0.2.8", "[::1]:\(port)", "sallyport.internal.evil.example", "x.gate.example", "a.localhost",
        ]
        for (hosts, status) in [(good, 200), (bad, 421)] {
            for host in hosts {
                for path in ["/", "/proxy.pac", "/none", "/blocked"] {
                    let client = try proxy.connect()
                    try client.send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                    let head = try client.receiveMessage().head
                    let expected = status == 421 ? 421 : path == "/none" ? 404 : path == "/blocked" ? 401 : 200
                    #expect(head.status == expected, "\(host) \(path)")
                    if status == 421 { #expect(!head.contains("uthenticate")) }
                    client.close()
                }
            }
        }
        try proxy.finish()
    }

    @Test("Whatever a client says of itself or asks for never becomes markup")
    func markup() throws {
        let hostile = [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)", "</style><script>",
            "</title><svg/onload=alert(1)>", "\u{202e}gnp.exe", "&lt;b&gt;", "{{title}}", "\u{0}", "\u{85}<b>",
            "--><b>",
        ]
        let proxy = try RunningProxy(
            policy: "deny to domain:blocked.example reason \"<b>'</b></pre>\"\ndefault allow\n")
        let client = try proxy.connect()
        for text in hostile {
            let query = Query.encoded(text)
            let fields =
                [UInt8]("User-Agent: ".utf8) + text.utf8.filter { $0 >= 0x20 } + [0xff, 0xfe] + "\r\n\r\n".utf8
            for target in [
                "/why?url=\(query)", "/why?url=http://\(query).blocked.example/", "/\(query)", "/blocked?\(query)",
            ] {
                try client.send(
                    Array("GET http://sallyport.internal\(target) HTTP/1.1\r\nHost: sallyport.internal\r\n".utf8)
                        + fields)
                let body = try client.receiveMessage().body
                for bad in ["<script", "<img", "<svg", "' onfocus='", "\u{202e}", "\u{0}", "\u{85}", "--><b>"] {
                    #expect(!body.contains(bad), "\(target)")
                }
                #expect(
                    body.components(of: "<main id=\"main\">") == 2 && body.components(of: "</style") == 1, "\(target)")
            }
        }
        try client.send("GET http://a.blocked.example/<script>?\"> HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try client.receiveMessage()
        let body = try client.page("/blocked").body
        #expect(
            body.contains("&lt;b&gt;&#39;&lt;/b&gt;&lt;/pre&gt;") && !body.contains("<b>") && !body.contains("<script"))
        client.close()
        try proxy.finish()
    }

    @Test("A user's name stands in the pages as text")
    func hostileUser() throws {
        let hash = try #require(LoginTests.users.firstMatch(of: /ann:(\S+)/)?.1)
        let name = "<i>\u{202e}&\"'"
        let table = try UserTable("\(name):\(hash)\n", path: "users")
        let proxy = try RunningProxy { configuration in
            configuration.authenticator = Authenticator(table, isRequired: true, mostFailures: 10)
        }
        let client = try proxy.connect()
        try client.send([5, 1, 2, 1, UInt8(name.utf8.count)] + Array(name.utf8) + [6] + Array("secret".utf8))
        #expect(try client.receive(4) == [5, 2, 1, 0])
        try client.send(Way.socksRequest("sallyport.internal", Port(80)))
        #expect(try client.receive(10)[1] == 0)
        for path in ["/", "/blocked"] {
            try client.send("GET \(path) HTTP/1.1\r\nHost: sallyport.internal\r\n\r\n")
            let body = try client.receiveMessage().body
            #expect(body.contains("<bdi>&lt;i&gt;\u{fffd}&amp;&quot;&#39;</bdi>") && !body.contains("<i>"), "\(path)")
        }
        client.close()
        try proxy.finish()
    }
}

extension String {
    fileprivate func components(of separator: String) -> Int { ranges(of: separator).count + 1 }
}
