import Addressing
import Policy
import Testing

@testable import Proxy

@Suite("An answer that says why")
struct ErrorAnswerTests {
    private let folder: TestFolder
    private let ruleset: Ruleset

    init() throws {
        folder = try TestFolder([
            "ads.txt": "ads.example\n",
            "policy.conf": """
            list ads ads.txt
            deny to domain:plain.example
            deny to domain:reasoned.example reason "<b>\\"no\\" & never</b>" id SEC-12
            deny to list:ads reason "advertising"
            default allow

            """,
        ])
        ruleset = try Ruleset.load(path: folder["policy.conf"])
    }

    private func verdict(_ host: String) throws -> Verdict {
        let request = Request(
            client: .loopbackV4, host: try Host(host), port: Port(80), via: .http, time: 0)
        guard case .denied(let verdict) = ruleset.decide(request) else {
            throw Connection.Failure(description: "allowed")
        }
        return verdict
    }

    private func text(_ answer: ErrorAnswer) -> String {
        var bytes: [UInt8] = []
        answer.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self).replacing(folder.path, with: "/p")
    }

    @Test("A denial names destination, rule and reason, and the request in the log")
    func denial() throws {
        let verdict = try verdict("reasoned.example")
        let answer = ErrorAnswer(
            refusal: .denied(verdict), verdict: verdict, requestID: "id-1.1", destination: "reasoned.example",
            isPersistent: true, date: Array("now".utf8))
        let body = """
            The policy of this proxy denies this destination: <b>"no" & never</b>.
            Destination: reasoned.example
            Rule: SEC-12, /p/policy.conf:3
            Request: id-1.1
            In the log: sallyport log tail --id id-1.1

            """
        #expect(
            text(answer).replacing(/Content-Length: \d+/, with: "Content-Length: N")
                == """
                HTTP/1.1 403 Forbidden\r
                Date: now\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: N\r
                Cache-Control: no-store\r
                Proxy-Status: sallyport; error=http_request_denied; details="SEC-12"\r
                \r
                \(body)
                """)
    }

    @Test("Without an id the rule's place stands for it, and the list entry is named")
    func entry() throws {
        let plain = try verdict("plain.example")
        #expect(
            text(ErrorAnswer(refusal: .denied(plain), verdict: plain, requestID: "r")).contains(
                "error=http_request_denied; details=\"/p/policy.conf:2\"\r\n"))
        let listed = try verdict("x.ads.example")
        #expect(
            text(ErrorAnswer(refusal: .denied(listed), verdict: listed, requestID: "r", destination: "x.ads.example"))
                .hasSuffix(
                    """
                    The policy of this proxy denies this destination: advertising.
                    Destination: x.ads.example
                    Rule: /p/policy.conf:4
                    List entry: /p/ads.txt:1
                    Request: r
                    In the log: sallyport log tail --id r

                    """))
    }

    @Test("The length is that of the body, which a HEAD request doesn't get")
    func length() throws {
        let whole = text(ErrorAnswer(refusal: .loop, verdict: nil, requestID: "r"))
        let parts = whole.split(separator: "\r\n\r\n", maxSplits: 1)
        #expect(parts[0].contains("Content-Length: \(parts[1].utf8.count)\r\n"))
        #expect(
            text(ErrorAnswer(refusal: .loop, verdict: nil, requestID: "r", isHeadOnly: true)) == parts[0] + "\r\n\r\n")
    }

    @Test("A browser gets a page, escaped, that may run and load nothing")
    func page() throws {
        let verdict = try verdict("reasoned.example")
        let page = text(
            ErrorAnswer(
                refusal: .denied(verdict), verdict: verdict, requestID: "id<1>", destination: "a<b>&\"'",
                address: "http://a.b:81/\"<", page: .standard))
        #expect(page.contains("href=\"http://sallyport.internal/why?url=http%3A%2F%2Fa.b%3A81%2F%22%3C\""))
        #expect(
            page.contains("Content-Type: text/html; charset=utf-8\r\nContent-Security-Policy: default-src 'none'; "))
        #expect(page.contains("X-Content-Type-Options: nosniff\r\n"))
        #expect(page.contains("<dd>a&lt;b&gt;&amp;&quot;&#39;</dd>"))
        #expect(page.contains("<dd>&lt;b&gt;&quot;no&quot; &amp; never&lt;/b&gt;</dd>"))
        #expect(page.contains("<dd>SEC-12</dd>"))
        #expect(page.contains("<code>sallyport log tail --id id&lt;1&gt;</code>"))
        #expect(page.contains("<title>This address is blocked</title>"))
        #expect(!page.contains("<b>") && !page.contains("<script"))
    }

    @Test("A quoted string holds only what one can")
    func quoted() throws {
        let folder = try TestFolder(["po\"li\\cy\u{e9}.conf": "deny to host:a.example\ndefault allow\n"])
        let ruleset = try Ruleset.load(path: folder["po\"li\\cy\u{e9}.conf"])
        let request = Request(client: .loopbackV4, host: try Host("a.example"), port: Port(80), via: .http, time: 0)
        guard case .denied(let verdict) = ruleset.decide(request) else {
            throw Connection.Failure(description: "allowed")
        }
        let answer = text(ErrorAnswer(refusal: .denied(verdict), verdict: verdict, requestID: "r"))
        #expect(answer.contains("details=\"\(folder.path)/policy.conf:1\"\r\n"))
    }

    @Test("Every refusal has a phrase for its status, and its token")
    func refusals() {
        let refusals: [Refusal] = [
            .otherScheme, .requestTimedOut, .loop, .unaskedUpgrade, .responseTimedOut, .stopping, .noResponse(nil),
            .cutResponse(nil), .malformed("x"), .unresolved(.notFound), .unresolved(.timedOut),
            .outOfResources(.timedOut),
            .internalError(.timedOut), .unsupportedCommand,
        ]
        for refusal in refusals {
            let answer = text(ErrorAnswer(refusal: refusal, verdict: nil, requestID: "r"))
            #expect(answer.hasPrefix("HTTP/1.1 \(refusal.status) "))
            #expect(!answer.hasPrefix("HTTP/1.1 \(refusal.status) Error"))
            #expect(answer.contains("Proxy-Status: sallyport; error=\(refusal.outcome.rawValue)\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
    }
}
