import Testing

@testable import Wire

@Suite struct HTTP1ResponseHeadTests {
    @Test(
        "A response head tells status, reason and framing",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, "OK", HTTP1.BodyFraming.length(5), true),
            ("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, "", .none, true),
            ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, "", .none, true),
            (
                "HTTP/1.1 404 Not\tF\u{f6}und\r\nTransfer-Encoding: CHUNKED\r\n\r\n", 404, "Not\tF\u{c3}\u{b6}und",
                .chunked, true
            ),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", 200, "OK", .untilClose, false),
            ("HTTP/1.0 200 OK\r\n\r\n", 200, "OK", .untilClose, false),
            ("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\n", 200, "OK", .length(1), true),
            ("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, "No Content", .none, true),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "Not Modified", .none, true),
            ("HTTP/1.1 100 Continue\r\n\r\n", 100, "Continue", .none, true),
            ("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", 101, "Switching", .none, true),
        ])
    func accepted(_ text: String, _ status: Int, _ reason: String, _ framing: HTTP1.BodyFraming, _ persists: Bool) {
        guard case .complete(var facts, text.utf8.count) = ResponseHeadReader.reading(Array(text.utf8)) else {
            Issue.record("\(ResponseHeadReader.reading(Array(text.utf8)))")
            return
        }
        ResponseHeadReader.expect(text, .complete(facts, consumed: text.utf8.count))
        facts.fields = []
        #expect(facts.status == status)
        #expect(facts.reason == reason)
        #expect(facts.framing == framing)
        #expect(facts.isPersistent == persists)
    }

    @Test(
        "A malformed response head is refused for its own reason",
        arguments: [
            ("\r\nHTTP/1.1 200 OK\r\n\r\n", .emptyLine),
            ("HTTP/1.1  200 OK\r\n\r\n", .invalidStatusLine),
            ("HTTP/1.1 20 OK\r\n\r\n", .invalidStatusLine),
            ("HTTP/1.1 2000 OK\r\n\r\n", .invalidStatusLine),
            ("HTTP/1.1\r\n\r\n", .invalidStatusLine),
            ("ICY 200 OK\r\n\r\n", .invalidStatusLine),
            // Refused without waiting for more: none will come.
            ("SSH-2.0-OpenSSH_9.2\r\n", .invalidStatusLine),
            ("HTTP/2.0 200 OK\r\n\r\n", .unsupportedVersion),
            ("HTTP/1.1 099 OK\r\n\r\n", .invalidStatusCode),
            ("HTTP/1.1 600 OK\r\n\r\n", .invalidStatusCode),
            ("HTTP/1.1 200 OK\n\r\n", .bareLF),
            ("HTTP/1.1 200 O\u{0}K\r\n\r\n", .controlCharacter(0)),
            ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", .spaceBeforeColon),
            ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", .foldedField),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                .contentLengthWithTransferEncoding
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .duplicateContentLength),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .chunkedNotFinal),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncodingInHTTP10),
            ("HTTP/1.1 204 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .bodyNotAllowed),
            ("HTTP/1.1 100 Continue\r\nContent-Length: 1\r\n\r\n", .bodyNotAllowed),
        ] as [(String, HTTP1.ParseError)])
    func refused(_ text: String, _ error: HTTP1.ParseError) {
        ResponseHeadReader.expect(text, .refused(error))
        #expect(HTTP1.ResponseError(error).answer == .status(502))
    }

    @Test("A response to HEAD, and a 2xx to CONNECT, has no body whatever it says")
    func framingByMethod() throws {
        var head = HTTP1.ResponseHead()
        let bytes = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        try head.parse(bytes.span)
        #expect(head.framing(answering: .head) == .none)
        #expect(head.framing(answering: .connect) == .none)
        #expect(head.framing(answering: .post) == .chunked)
    }
}
