import Testing
import Wire

@testable import Proxy

@Suite("What is remembered of a request")
struct ForwardRequestTests {
    private func request(_ method: String = "GET", _ fields: String...) throws -> ForwardRequest {
        var head = HTTP1.RequestHead()
        let lines = fields.map { "\($0)\r\n" }.joined()
        let bytes = Array("\(method) http://a/ HTTP/1.1\r\nHost: a\r\n\(lines)\r\n".utf8)
        try head.parse(bytes.span)
        return ForwardRequest(head, bytes.span)
    }

    @Test(
        "Only what does no more when it is done twice may be sent twice",
        arguments: [
            ("GET", true), ("HEAD", true), ("OPTIONS", true), ("TRACE", true), ("PUT", true), ("DELETE", true),
            ("POST", false), ("PATCH", false), ("PROPFIND", false), ("get", false),
        ])
    func repeatable(method: String, isRepeatable: Bool) throws {
        #expect(try request(method).isRepeatable == isRepeatable)
        #expect(try request(method, "Content-Length: 1").isRepeatable == false)
        #expect(try request(method, "Transfer-Encoding: chunked").isRepeatable == false)
    }

    @Test(
        "Credentials of the connection are told from those of the request",
        arguments: [
            ("Authorization: NTLM TlRM", true), ("authorization: negotiate YII", true),
            ("Authorization: Basic eDp5", false),
            ("Authorization: Bearer ntlm", false), ("X-Authorization: NTLM x", false),
        ])
    func binds(field: String, binds: Bool) throws {
        #expect(try request("GET", field).bindsConnection == binds)
    }

    @Test(
        "A page is for who accepts HTML",
        arguments: [
            ("Accept: text/html,application/xhtml+xml,*/*;q=0.8", true), ("accept: TEXT/HTML", true),
            ("Accept: */*", false),
            ("Accept: text/plain", false), ("Accept:", false), ("X-Accept: text/html", false),
        ])
    func html(field: String, accepts: Bool) throws {
        #expect(try request("GET", field).acceptsHTML == accepts)
        #expect(try request("GET", "Accept: */*", field, "Accept: image/png").acceptsHTML == accepts)
    }
}
