import Addressing
import Testing

@testable import Wire

@Suite struct HTTP1RequestHeadTests {
    @Test("A CONNECT head names the authority, and the bytes after it are left alone")
    func connect() {
        let text = "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nUser-Agent: x/1 (y)\r\n\r\n"
        var facts = RequestFacts(method: "CONNECT", target: "example.com:443", form: .authority)
        facts.authority = "example.com:443"
        facts.fields = ["Host=example.com:443", "User-Agent=x/1 (y)"]
        RequestHeadReader.expect(text, .complete(facts, consumed: text.utf8.count))
    }

    @Test("A browser's request is read field by field, in order, with duplicates")
    func get() {
        let text =
            "GET http://Example.com/a?b=c|d HTTP/1.1\r\nHost: example.com\r\nProxy-Connection: keep-alive\r\n"
            + "cookie: a=1\r\nX-Empty:\r\nX-Blank: \t \r\nX-Text: a \t b\u{e9} \t\r\nCOOKIE:b=2\r\n"
            + "Connection: TE, , close\r\nTE: trailers\r\n\r\n"
        var facts = RequestFacts(method: "GET", target: "http://Example.com/a?b=c|d", form: .absolute)
        facts.path = "/a?b=c|d"
        facts.authority = "example.com:80"
        facts.isPersistent = false
        facts.fields = [
            "Host=example.com", "Proxy-Connection=keep-alive", "cookie=a=1", "X-Empty=", "X-Blank=",
            "X-Text=a \t b\u{c3}\u{a9}", "COOKIE=b=2", "Connection=TE, , close", "TE=trailers",
        ]
        facts.connectionNames = ["TE", "close"]
        RequestHeadReader.expect(text, .complete(facts, consumed: text.utf8.count))
    }

    @Test(
        "Each form of target is told apart",
        arguments: [
            ("GET /a?b HTTP/1.1\r\nHost: h:81\r\n\r\n", .origin, "/a?b", "h:81"),
            ("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", .asterisk, "", "h:80"),
            ("OPTIONS http://h HTTP/1.1\r\nHost: h\r\n\r\n", .absolute, "", "h:80"),
            ("GET HTTPS://h?q HTTP/1.1\r\nHost: h\r\n\r\n", .absolute, "?q", "h:443"),
            ("GET http://[::1]:81/ HTTP/1.1\r\nHost: [::1]:81\r\n\r\n", .absolute, "/", "[::1]:81"),
            ("get http://h/ HTTP/1.0\r\n\r\n", .absolute, "/", "h:80"),
            ("GET / HTTP/1.0\r\n\r\n", .origin, "/", nil),
            ("CONNECT h:1 HTTP/1.0\r\n\r\n", .authority, "", "h:1"),
            ("CONNECT [2001:DB8::1]:1 HTTP/1.1\r\nHost: x\r\n\r\n", .authority, "", "[2001:db8::1]:1"),
        ] as [(String, HTTP1.Target.Form, String, String?)])
    func forms(_ text: String, _ form: HTTP1.Target.Form, _ path: String, _ authority: String?) {
        guard case .complete(let facts, text.utf8.count) = RequestHeadReader.reading(Array(text.utf8)) else {
            Issue.record("\(RequestHeadReader.reading(Array(text.utf8)))")
            return
        }
        #expect(facts.form == form)
        #expect(facts.path == path)
        #expect(facts.authority == authority)
        RequestHeadReader.expect(text, .complete(facts, consumed: text.utf8.count))
    }

    @Test(
        "The target wins over a Host field that says otherwise",
        arguments: [
            ("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", true),
            ("GET http://a/ HTTP/1.1\r\nHost: A.:80\r\n\r\n", true),
            ("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", false),
            ("GET http://a/ HTTP/1.1\r\nHost: a:81\r\n\r\n", false),
            ("GET https://a/ HTTP/1.1\r\nHost: a:443\r\n\r\n", true),
            ("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", true),
            ("CONNECT a:443 HTTP/1.1\r\nHost: a:80\r\n\r\n", false), ("GET / HTTP/1.1\r\nHost: b\r\n\r\n", true),
            ("CONNECT [::ffff:192.0.2.1]:1 HTTP/1.1\r\nHost: 192.0.2.1:1\r\n\r\n", true),
        ])
    func targetWins(_ text: String, _ agrees: Bool) throws {
        let head = try parse(text)
        #expect(head.hostAgrees == agrees)
        #expect(head.authority?.host.description != "b" || head.target.form == .origin)
    }

    @Test(
        "The framing of a request's body is told by its fields alone",
        arguments: [
            ("", .none), ("Content-Length: 0\r\n", .none), ("Content-Length: 5\r\n", .length(5)),
            ("Content-Length:\t00012 \r\n", .length(12)),
            ("Content-Length: 9223372036854775807\r\n", .length(1 << 63 - 1)),
            ("Transfer-Encoding: chunked\r\n", .chunked), ("transfer-encoding:CHUNKED\r\n", .chunked),
        ] as [(String, HTTP1.BodyFraming)])
    func framing(_ fields: String, _ framing: HTTP1.BodyFraming) throws {
        #expect(try parse("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").framing == framing)
    }

    @Test(
        "A connection persists in HTTP/1.1 unless it is closed, and never in HTTP/1.0",
        arguments: [
            ("HTTP/1.1", "", true, false), ("HTTP/1.1", "Connection: close\r\n", false, false),
            ("HTTP/1.1", "Connection: keep-alive\r\nConnection: x,CLOSE\r\n", false, false),
            ("HTTP/1.1", "Connection: closed\r\n", true, false), ("HTTP/1.0", "", false, false),
            ("HTTP/1.0", "Connection: keep-alive\r\n", false, false),
            ("HTTP/1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n", true, true),
            ("HTTP/1.1", "Upgrade: websocket\r\n", true, false), ("HTTP/1.1", "Connection: upgrade\r\n", true, false),
            ("HTTP/1.0", "Connection: upgrade\r\nUpgrade: websocket\r\n", false, false),
        ])
    func persistence(_ version: String, _ fields: String, _ persists: Bool, _ upgrades: Bool) throws {
        let head = try parse("GET / \(version)\r\nHost: a\r\n\(fields)\r\n")
        #expect(head.isPersistent == persists)
        #expect(head.asksUpgrade == upgrades)
    }

    @Test("Expect: 100-continue is heard in HTTP/1.1 only")
    func expectation() throws {
        #expect(try parse("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n").expectsContinue)
        #expect(try !parse("PUT / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\n\r\n").expectsContinue)
        #expect(try !parse("PUT / HTTP/1.0\r\nHost: a\r\nExpect: else\r\n\r\n").expectsContinue)
    }

    @Test("Max-Forwards is heard with OPTIONS and TRACE only")
    func maxForwards() throws {
        #expect(try parse("TRACE / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n").maxForwards == 0)
        #expect(try parse("OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 12\r\n\r\n").maxForwards == 12)
        let huge = String(repeating: "9", count: 40)
        #expect(try parse("TRACE / HTTP/1.1\r\nHost: a\r\nMax-Forwards: \(huge)\r\n\r\n").maxForwards == .max)
        #expect(try parse("GET / HTTP/1.1\r\nHost: a\r\nMax-Forwards: x\r\n\r\n").maxForwards == nil)
    }

    @Test("CONNECT may announce a body of no bytes, as old clients do")
    func emptyConnectBody() throws {
        let head = try parse("CONNECT a:1 HTTP/1.0\r\nHost: a\r\nContent-Length: 0\r\nPragma: no-cache\r\n\r\n")
        #expect(head.framing == .none)
    }

    @Test("What a head held is gone when the next is read into it")
    func reuse() throws {
        var head = HTTP1.RequestHead()
        let first =
            Array(
                "PUT http://a/ HTTP/1.1\r\nHost: b\r\nProxy-Authorization: x\r\nExpect: 100-continue\r\nConnection: close\r\n"
                    .utf8) + Array("Content-Length: 5\r\n\r\n".utf8)
        let second = Array("GET / HTTP/1.0\r\n\r\n".utf8)
        try head.parse(first.span)
        #expect(
            head.proxyAuthorization != nil && head.expectsContinue && !head.hostAgrees && head.framing == .length(5))
        try head.parse(second.span)
        #expect(head.proxyAuthorization == nil && !head.expectsContinue && head.hostAgrees && head.framing == .none)
        #expect(head.fields.isEmpty && head.authority == nil && head.fieldSection.connection == [])
        #expect(head.target.authorityRange == nil && head.target.scheme == nil)
    }

    @Test("Every known field is known by its name in any case", arguments: HTTP1.KnownField.allCases)
    func knownFields(_ field: HTTP1.KnownField) {
        guard field != .other else { return }
        let name = field.name.description
        for spelling in [name, name.uppercased(), name.capitalized, name + "x", "x" + name, String(name.dropLast())] {
            let bytes = Array(spelling.utf8)
            let known = HTTP1.KnownField(bytes.span, 0..<bytes.count)
            #expect((known == field) == (spelling.lowercased() == name), "\(spelling)")
        }
    }

    private func parse(_ text: String) throws(HTTP1.ParseError) -> HTTP1.RequestHead {
        let bytes = Array(text.utf8)
        var head = HTTP1.RequestHead()
        try head.parse(bytes.span)
        return head
    }
}

extension String {
    /// `proxy-status` as `Proxy-Status`.
    fileprivate var capitalized: String {
        split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
    }
}
