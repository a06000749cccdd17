import Addressing
import Testing
import Wire

@testable import Proxy

@Suite("A head that is sent on")
struct HeadRewriterTests {
    /// What becomes of a request's head.
    private func forwarded(_ text: String, _ configuration: Configuration = Configuration()) throws -> String {
        var head = HTTP1.RequestHead()
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        try head.parse(bytes.span)
        let request = ForwardRequest(head, bytes.span)
        let authority = try #require(head.authority)
        let client = try #require(IPAddress("192.0.2.1"))
        bytes.withUnsafeBufferPointer { bytes in
            HeadRewriter(bytes).appendRequest(
                head, to: authority, upgrading: request.asksUpgrade, via: configuration.via, for: client,
                configuration.forwarded, into: &out)
        }
        return String(decoding: out, as: UTF8.self)
    }

    private func answered(
        _ text: String, _ persistence: HeadRewriter.Persistence = .persistent, isChunked: Bool = false,
        date: String? = nil
    ) throws -> String {
        var head = HTTP1.ResponseHead()
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        try head.parse(bytes.span)
        bytes.withUnsafeBufferPointer { bytes in
            HeadRewriter(bytes).appendResponse(
                head, persistence, isChunked: isChunked, date: date.map { Array($0.utf8) }, into: &out)
        }
        return String(decoding: out, as: UTF8.self)
    }

    // MARK: - Requests

    @Test(
        "A target in absolute-form goes on in origin-form",
        arguments: [
            ("http://a.example/", "/", "a.example"), ("http://a.example", "/", "a.example"),
            ("http://a.example?q=1", "/?q=1", "a.example"), ("HTTP://A.EXAMPLE/Path", "/Path", "a.example"),
            ("http://a.example:80/", "/", "a.example"), ("http://a.example:8080/", "/", "a.example:8080"),
            ("http://a.example./x?y=http://b/", "/x?y=http://b/", "a.example"),
            ("http://[2001:DB8:0::1]/", "/", "[2001:db8::1]"), ("http://[::1]:81/", "/", "[::1]:81"),
            ("http://192.0.2.7/../%2e/;p|{}", "/../%2e/;p|{}", "192.0.2.7"),
            ("http://[::ffff:192.0.2.7]:8080/", "/", "192.0.2.7:8080"), ("http://a.example//b", "//b", "a.example"),
        ])
    func target(written: String, path: String, host: String) throws {
        #expect(
            try forwarded("GET \(written) HTTP/1.1\r\nHost: other.example\r\n\r\n")
                == "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
    }

    @Test(
        "Every method goes on as it is spelled",
        arguments: ["GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "PATCH", "get", "PROPFIND", "X-~!"])
    func method(method: String) throws {
        #expect(
            try forwarded("\(method) http://a/b HTTP/1.1\r\nHost: a\r\n\r\n")
                == "\(method) /b HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    @Test(
        "OPTIONS without path and query goes on as *, and only that",
        arguments: [("http://a", "*"), ("http://a/", "/"), ("http://a?x", "/?x")])
    func asterisk(written: String, target: String) throws {
        #expect(
            try forwarded("OPTIONS \(written) HTTP/1.1\r\nHost: a\r\n\r\n")
                == "OPTIONS \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    @Test("Host is made of the target, in the place of the client's, or first where the client sent none")
    func host() throws {
        #expect(
            try forwarded("GET http://a/ HTTP/1.1\r\nA: 1\r\nhOST: b:99\r\nB: 2\r\n\r\n")
                == "GET / HTTP/1.1\r\nA: 1\r\nHost: a\r\nB: 2\r\n\r\n")
        #expect(
            try forwarded("GET http://a/ HTTP/1.0\r\nA: 1\r\n\r\n") == "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\n\r\n")
        #expect(try forwarded("GET http://a/ HTTP/1.0\r\n\r\n") == "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    @Test("Fields that end at this hop are dropped, whatever their case")
    func hopByHop() throws {
        let dropped = [
            "Connection: keep-alive", "PROXY-CONNECTION: keep-alive", "Keep-Alive: timeout=5", "te: trailers",
            "Trailer: X-Sum", "Upgrade: websocket", "Proxy-Authorization: Basic eDp5", "Proxy-Authenticate: Basic",
            "Proxy-Authentication-Info: x", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
        ]
        for field in dropped {
            #expect(
                try forwarded("GET http://a/ HTTP/1.1\r\nA: 1\r\nHost: a\r\n\(field)\r\nB: 2\r\n\r\n")
                    == "GET / HTTP/1.1\r\nA: 1\r\nHost: a\r\nB: 2\r\n\r\n", "\(field)")
        }
        let all = dropped.joined(separator: "\r\n")
        #expect(
            try forwarded("GET http://a/ HTTP/1.1\r\n\(all)\r\nHost: a\r\n\r\n") == "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(
            try forwarded("GET http://a/ HTTP/1.1\r\nHost: a\r\n\(all)\r\n\r\n") == "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    @Test("Fields that Connection names are dropped, every one of them, in any case")
    func named() throws {
        #expect(
            try forwarded(
                """
                GET http://a/ HTTP/1.1\r
                Host: a\r
                x-one: 1\r
                X-ONE: 2\r
                X-One-More: 3\r
                Connection: close, x-One , ,X-Two\r
                Cookie: c\r
                X-tWO: 4\r
                Connection: cookie\r
                X-Three: 5\r
                \r

                """) == "GET / HTTP/1.1\r\nHost: a\r\nX-One-More: 3\r\nX-Three: 5\r\n\r\n")
    }

    @Test("All other fields stay in their order, spelling and number, bytes outside ASCII among them")
    func others() throws {
        let fields = """
            x-B:2\r
            X-b:\t 3  \r
            Accept:\r
            Cookie: a=1\r
            cookie: b=2\r
            Via: 1.0 elsewhere\r
            X-Forwarded-For: 198.51.100.1\r
            Forwarded: for=_x\r
            Expect: 100-continue\r
            Max-Forwards: many\r
            Authorization: Basic eDp5\r
            X-Bytes: \u{e9}\u{20ac}\r
            Content-Length: 0\r

            """
        #expect(
            try forwarded("POST http://a/ HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
                == "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
    }

    @Test("The framing goes on: a length as it is written, the chunked coding by a field of our own")
    func framing() throws {
        #expect(
            try forwarded("POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 007\r\n\r\n")
                == "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 007\r\n\r\n")
        #expect(
            try forwarded("POST http://a/ HTTP/1.1\r\nTransfer-Encoding:  CHUNKED\r\nHost: a\r\nTE: trailers\r\n\r\n")
                == "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    @Test("The wish for another protocol goes on if Connection says so, but not for HTTP/2")
    func upgrade() throws {
        #expect(
            try forwarded(
                "GET http://a/ HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: x, Upgrade\r\nX: 1\r\n\r\n")
                == "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\n\r\n")
        for field in ["Upgrade: h2c", "Upgrade: websocket, H2C", "Upgrade: a\r\nUpgrade: h2c"] {
            #expect(
                try forwarded("GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\(field)\r\n\r\n")
                    == "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        }
        #expect(
            try forwarded("GET http://a/ HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                == "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    @Test("Max-Forwards of OPTIONS and TRACE counts down, and means nothing with other methods")
    func maxForwards() throws {
        for method in ["OPTIONS", "TRACE"] {
            #expect(
                try forwarded("\(method) http://a/ HTTP/1.1\r\nHost: a\r\nA: 1\r\nmax-forwards: 010\r\nB: 2\r\n\r\n")
                    == "\(method) / HTTP/1.1\r\nHost: a\r\nA: 1\r\nMax-Forwards: 9\r\nB: 2\r\n\r\n")
        }
        #expect(
            try forwarded("GET http://a/ HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n")
                == "GET / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n")
    }

    @Test("Via names the proxy and the version it was spoken to in, behind those that came before")
    func via() throws {
        var configuration = Configuration()
        configuration.via = "gate"
        #expect(
            try forwarded("GET http://a/ HTTP/1.1\r\nVia: 1.0 x\r\nHost: a\r\n\r\n", configuration)
                == "GET / HTTP/1.1\r\nVia: 1.0 x\r\nHost: a\r\nVia: 1.1 gate\r\n\r\n")
        #expect(
            try forwarded("GET http://a/ HTTP/1.0\r\n\r\n", configuration)
                == "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.0 gate\r\n\r\n")
    }

    @Test("The client's address is told by the field that is configured, behind those that came before")
    func forwardedFields() throws {
        var configuration = Configuration()
        configuration.forwarded = .xForwardedFor
        #expect(
            try forwarded("GET http://a/ HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n", configuration)
                == "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
        configuration.forwarded = .forwarded
        #expect(
            try forwarded("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", configuration)
                == "GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=192.0.2.1\r\n\r\n")
    }

    // MARK: - Responses

    @Test("A response keeps its status, reason and fields, and loses what ends at this hop")
    func response() throws {
        #expect(
            try answered(
                """
                HTTP/1.0 299 As  it \u{e9} is\r
                Server: x\r
                connection: close, X-Hop\r
                Keep-Alive: timeout=5\r
                Set-Cookie: a\r
                set-cookie: b\r
                x-hop: 1\r
                Transfer-Encoding-X: y\r
                Proxy-Authenticate: Basic realm="mine"\r
                Proxy-Connection: keep-alive\r
                Upgrade: h2c\r
                Trailer: X-Sum\r
                Via: 1.1 b\r
                \r

                """)
                == "HTTP/1.1 299 As  it \u{e9} is\r\nServer: x\r\nSet-Cookie: a\r\nset-cookie: b\r\nTransfer-Encoding-X: y\r\nVia: 1.1 b\r\n\r\n"
        )
    }

    @Test("A response without reason phrase is one, with and without the space")
    func reason() throws {
        #expect(try answered("HTTP/1.1 200\r\nA: 1\r\n\r\n") == "HTTP/1.1 200 \r\nA: 1\r\n\r\n")
        #expect(try answered("HTTP/1.1 200 \r\n\r\n") == "HTTP/1.1 200 \r\n\r\n")
    }

    @Test("What is said of the connection is ours")
    func persistence() throws {
        #expect(
            try answered("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n", .closing)
                == "HTTP/1.1 200 OK\r\nA: 1\r\nConnection: close\r\n\r\n")
        #expect(
            try answered("HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nA: 1\r\nConnection: Upgrade\r\n\r\n", .upgraded)
                == "HTTP/1.1 101 Go\r\nA: 1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        #expect(
            try answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nA: 1\r\n\r\n", isChunked: true)
                == "HTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(
            try answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .closing)
                == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    }

    @Test("A response without Date gets one, another keeps its own")
    func date() throws {
        #expect(
            try answered("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n", date: "now")
                == "HTTP/1.1 200 OK\r\nA: 1\r\nDate: now\r\n\r\n")
        #expect(
            try answered("HTTP/1.1 200 OK\r\ndate: then\r\n\r\n", date: "now")
                == "HTTP/1.1 200 OK\r\ndate: then\r\n\r\n")
    }
}
