import Addressing
import Policy
import Testing
import Users
import Wire

@testable import Proxy

@Suite("Users")
struct LoginTests {
    /// ann's password is "secret", bob's "geheim"; hashed as cheaply as the methods allow.
    static let users = """
        ann:$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW
        bob:$6$rounds=1000$saltsalt$vqVEzhF1x7x2p0VCWCzOM1GGIpJ62KqdREyqdHXfkzvqLwi.vIVwX0AcTW9cDubiR4wA.zOlJTle4lioqe99c1
        """

    static func proxy(
        policy: String = "default allow\n", names: [String: Resolution.Answer] = [:], isRequired: Bool = true,
        mostFailures: Int = 10, _ configure: (inout Configuration) -> Void = { _ in }
    ) throws -> RunningProxy {
        let table = try UserTable(users, path: "users")
        return try RunningProxy(policy: policy, names: names) { configuration in
            configuration.authenticator = Authenticator(table, isRequired: isRequired, mostFailures: mostFailures)
            configure(&configuration)
        }
    }

    /// "ann:secret" and so on in Base64.
    static let ann = "YW5uOnNlY3JldA=="
    static let bob = "Ym9iOmdlaGVpbQ=="
    static let wrong = "YW5uOmd1ZXNz"
    static let nobody = "bm9ib2R5OnNlY3JldA=="

    private static func connect(to origin: Endpoint, _ credentials: String?) -> String {
        let field = credentials.map { "Proxy-Authorization: Basic \($0)\r\n" } ?? ""
        return "CONNECT \(origin) HTTP/1.1\r\nHost: \(origin)\r\n\(field)\r\n"
    }

    @Test("Right credentials open a tunnel, in HTTP and in SOCKS5, and the record names the user")
    func right() throws {
        let proxy = try Self.proxy()
        let origin = try Origin()
        let http = try proxy.connect()
        try http.send(Self.connect(to: origin.endpoint, Self.ann))
        #expect(try http.receiveHead().hasPrefix("HTTP/1.1 200"))
        http.close()
        try origin.accept().close()
        let socks = try proxy.connect()
        try socks.send([5, 2, 0, 2, 1, 3] + Array("bob".utf8) + [6] + Array("geheim".utf8))
        #expect(try socks.receive(4) == [5, 2, 1, 0])
        try socks.send(Way.socksRequest("127.0.0.1", origin.endpoint.port))
        #expect(try socks.receive(10).prefix(2) == [5, 0])
        socks.close()
        try origin.accept().close()
        let records = try proxy.finish()
        #expect(
            Set(records.map { "\($0.user ?? "-") \($0.auth ?? "-") \($0.outcome)" }) == [
                "ann basic ok", "bob socks5 ok",
            ])
        #expect(records.allSatisfy { $0.authResult == nil && $0.userClaimed == nil })
    }

    @Test("All at once, greeting, credentials, request and first bytes, are served in their order")
    func allAtOnce() throws {
        let proxy = try Self.proxy()
        let origin = try Origin()
        let client = try proxy.connect()
        try client.send(
            [5, 1, 2, 1, 3] + Array("ann".utf8) + [6] + Array("secret".utf8)
                + Way.socksRequest("127.0.0.1", origin.endpoint.port) + Array("first".utf8))
        #expect(try client.receive(4) == [5, 2, 1, 0])
        #expect(try client.receive(10).prefix(2) == [5, 0])
        let accepted = try origin.accept()
        #expect(try accepted.receive(5) == Array("first".utf8))
        client.close()
        accepted.close()
        #expect(try proxy.finish().map(\.outcome) == ["ok"])
    }

    @Test(
        "Without right credentials nothing is looked up, judged or dialled, and what came behind is not executed",
        arguments: [nil, wrong, nobody, "!!!!"] as [String?])
    func refused(credentials: String?) throws {
        // Whoever were judged would get 403, and the look-up would be seen.
        let proxy = try Self.proxy(policy: "deny to host:secret.example\ndefault allow\n")
        let origin = try Origin()
        let client = try proxy.connect()
        let field = credentials.map { "Proxy-Authorization: Basic \($0)\r\n" } ?? ""
        try client.send(
            "GET http://secret.example/ HTTP/1.1\r\nHost: secret.example\r\n\(field)\r\n"
                + "GET http://\(origin.endpoint)/behind HTTP/1.1\r\nHost: \(origin.endpoint)\r\n"
                + "Proxy-Authorization: Basic \(Self.ann)\r\n\r\n")
        let (bytes, _) = try client.receiveToEnd()
        let answer = String(decoding: bytes, as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 407 "))
        #expect(answer.contains("Proxy-Authenticate: Basic realm=\"Sallyport\""))
        #expect(!answer.contains("HTTP/1.1 200") && !answer.contains("guess") && !answer.contains(Self.ann))
        client.close()
        let records = try proxy.finish()
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record.ending == "http_request_denied proxy authenticate")
        #expect(record.told == 407)
        #expect(record.verdict == nil && record.resolver == nil && record.user == nil)
        #expect(record.authResult == (credentials == nil ? "missing" : credentials == "!!!!" ? "malformed" : "wrong"))
        #expect(proxy.resolver.asked.isEmpty)
        #expect(!origin.isAsked)
    }

    @Test("SOCKS5 with a wrong password is told so and closed on; SOCKS4, which has none, is refused")
    func socks() throws {
        let proxy = try Self.proxy()
        let client = try proxy.connect()
        try client.send([5, 1, 2, 1, 3] + Array("ann".utf8) + [5] + Array("guess".utf8))
        #expect(try client.receiveToEnd().bytes == [5, 2, 1, 1])
        let old = try proxy.connect()
        try old.send([4, 1, 0, 80, 127, 0, 0, 1] + Array("ann\0".utf8))
        #expect(try old.receiveToEnd().bytes == [0, 91, 0, 0, 0, 0, 0, 0])
        client.close()
        old.close()
        let records = try proxy.finish()
        #expect(
            Set(records.map { "\($0.userClaimed ?? "-") \($0.authResult ?? "-")" }) == ["ann wrong", "ann missing"])
    }

    @Test("Where users are optional who says nothing is anonymous, and rules tell the difference")
    func optional() throws {
        let proxy = try Self.proxy(
            policy:
                "allow to port:1-65535 from user:ann\ndeny to port:1-65535 from anonymous reason \"log in\"\ndefault deny\n",
            isRequired: false)
        let origin = try Origin()
        let anonymous = try proxy.connect()
        try anonymous.send(Self.connect(to: origin.endpoint, nil))
        #expect(try anonymous.receiveHead().hasPrefix("HTTP/1.1 403"))
        let known = try proxy.connect()
        try known.send(Self.connect(to: origin.endpoint, Self.ann))
        #expect(try known.receiveHead().hasPrefix("HTTP/1.1 200"))
        let wrong = try proxy.connect()
        try wrong.send(Self.connect(to: origin.endpoint, Self.wrong))
        #expect(try wrong.receiveHead().hasPrefix("HTTP/1.1 407"))
        for client in [anonymous, known, wrong] { client.close() }
        try origin.accept().close()
        let records = try proxy.finish()
        #expect(Set(records.map { $0.told ?? 0 }) == [403, 200, 407])
    }

    @Test("After so many wrong passwords an address is refused without looking, right ones too")
    func lockedOut() throws {
        let proxy = try Self.proxy(mostFailures: 2)
        let origin = try Origin()
        for _ in 0..<2 {
            let client = try proxy.connect()
            try client.send(Self.connect(to: origin.endpoint, Self.wrong))
            #expect(try client.receiveHead().hasPrefix("HTTP/1.1 407"))
        }
        for credentials in [Self.wrong, Self.ann] {
            let client = try proxy.connect()
            try client.send(Self.connect(to: origin.endpoint, credentials))
            let head = try client.receiveHead()
            #expect(head.hasPrefix("HTTP/1.1 429 Too Many Requests\r\n"))
            #expect(head.contains("Retry-After: 60\r\n"))
        }
        let records = try proxy.finish()
        #expect(records.map { $0.authResult ?? "-" }.sorted() == ["locked_out", "locked_out", "wrong", "wrong"])
    }

    @Test("Credentials don't reach the origin, and each request on a connection shows its own")
    func perRequest() throws {
        let proxy = try Self.proxy()
        let origin = try Origin()
        let client = try proxy.connect()
        func get(_ credentials: String) -> String {
            "GET http://\(origin.endpoint)/ HTTP/1.1\r\nHost: \(origin.endpoint)\r\nAuthorization: Basic eDp5\r\n"
                + "Proxy-Authorization: Basic \(credentials)\r\n\r\n"
        }
        try client.send(get(Self.ann))
        let accepted = try origin.accept()
        let head = try accepted.receiveHead()
        #expect(!head.lowercased().contains("proxy-authorization") && head.contains("Authorization: Basic eDp5"))
        try accepted.send("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(try client.receiveHead().hasPrefix("HTTP/1.1 204"))
        try client.send(get(Self.wrong))
        #expect(try client.receiveHead().hasPrefix("HTTP/1.1 407"))
        client.close()
        accepted.close()
        let records = try proxy.finish()
        #expect(
            records.map { "\($0.user ?? $0.userClaimed.map { "(\($0))" } ?? "-") \($0.told ?? 0)" } == [
                "ann 204", "(ann) 407",
            ])
    }
}
