import Addressing
import Testing

@testable import Wire

@Suite struct HTTP1RequestHeadTests {
    @Test("A CONNECT head names the authority, and the bytes after it are left alone")
    func connect() throws {
        let bytes = Array("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n\u{16}\u{3}".utf8)
        var scanner = HTTP1.HeadScanner(.request)
        let length = try #require(try scanner.scan(bytes.span))
        #expect(length == bytes.count - 2)
        var head = HTTP1.RequestHead()
        try head.parse(bytes.span)
        #expect(head.length == length)
        #expect(head.method == .connect)
        #expect(head.target.form == .authority)
        #expect(try head.authority == Authority("example.com:443"))
        #expect(head.hostAgrees)
        #expect(head.isPersistent)
        #expect(head.framing == .none)
    }

    @Test("The target wins over a Host field that says otherwise")
    func targetWins() throws {
        let head = try parse("GET http://a.example/x?y HTTP/1.1\r\nHost: b.example\r\n\r\n")
        #expect(try head.authority == Authority("a.example:80"))
        #expect(!head.hostAgrees)
        #expect(head.target.scheme == .http)
    }

    @Test(
        "A head is found, or refused, at the same byte however it is split",
        arguments: [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\rHost: a\r\n\r\n",
            "GET /\u{0} HTTP/1.1\r\n\r\n", "\r\nGET / HTTP/1.1\r\n\r\n", "G=T / HTTP/1.1\r\n\r\n",
        ])
    func scannerSplits(_ text: String) {
        let bytes = Array(text.utf8)
        var whole = HTTP1.HeadScanner(.request)
        let expected = Result { () throws(HTTP1.ParseError) in try whole.scan(bytes.span) }
        for split in 0...bytes.count {
            var scanner = HTTP1.HeadScanner(.request)
            let outcome = Result { () throws(HTTP1.ParseError) in
                if let early = try scanner.scan(bytes.span.extracting(0..<split)) { return Optional(early) }
                return try scanner.scan(bytes.span)
            }
            #expect(outcome == expected, "split at \(split)")
        }
    }

    @Test(
        "Each malformed head is refused for its own reason",
        arguments: [
            ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP1.ParseError.missingTarget),
            ("GET /\r\n\r\n", .missingVersion),
            ("GET / HTTP/2.0\r\n\r\n", .unsupportedVersion),
            ("GET / http/1.1\r\n\r\n", .invalidVersion),
            ("GET / HTTP/1.1 \r\n\r\n", .invalidVersion),
            ("GET /#a HTTP/1.1\r\n\r\n", .fragmentInTarget),
            ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .asteriskWithoutOptions),
            ("GET a.example HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
            ("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .unsupportedScheme),
            ("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidAuthority(.userInformation)),
            ("GET http://a:0/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidAuthority(.invalidPort)),
            ("CONNECT http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .targetNotAuthority),
            ("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", .invalidAuthority(.missingPort)),
            ("CONNECT a:65536 HTTP/1.1\r\nHost: a\r\n\r\n", .invalidAuthority(.invalidPort)),
            ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", .connectWithContent),
            ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", .connectWithContent),
            ("GET / HTTP/1.1\r\n\r\n", .missingHost),
            ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .emptyHost),
            ("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", .duplicateHost),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .invalidHost(.invalidByte(0x20))),
            ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .whitespaceBeforeFields),
            ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .foldedField),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .spaceBeforeColon),
            ("GET / HTTP/1.1\r\nHost\r\n\r\n", .missingColon),
            ("GET / HTTP/1.1\r\n: a\r\n\r\n", .emptyFieldName),
            ("GET / HTTP/1.1\r\nHo(st: a\r\n\r\n", .invalidFieldName(0x28)),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n", .invalidContentLength),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", .listedContentLength),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", .duplicateContentLength),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n", .contentLengthOverflow),
            (
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                .contentLengthWithTransferEncoding
            ),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", .chunkedNotFinal),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferCoding),
            ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncodingInHTTP10),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close, host\r\n\r\n", .connectionNamesFraming),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: a b\r\n\r\n", .invalidConnectionOption),
        ])
    func rejection(_ text: String, _ expected: HTTP1.ParseError) {
        #expect(throws: expected) { try parse(text) }
    }

    @Test("The largest content length is the largest signed number of 64 bits")
    func largestContentLength() throws {
        let head = try parse("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n")
        #expect(head.framing == .length(UInt64(Int64.max)))
    }

    @Test("Every prefix of a head, and every head with one byte changed, gives a value or a typed error")
    func neverTraps() {
        let text = "GET http://example.com:80/a HTTP/1.1\r\nHost: example.com\r\nConnection: close, te\r\nTE: x\r\n\r\n"
        let bytes = Array(text.utf8)
        var head = HTTP1.RequestHead()
        for count in bytes.indices { _ = try? head.parse(bytes.span.extracting(0..<count)) }
        for index in bytes.indices {
            for byte in [0, 9, 10, 13, 32, 0x3a, 0x7f, 0xff] as [UInt8] {
                var changed = bytes
                changed[index] = byte
                _ = try? head.parse(changed.span)
            }
        }
    }

    private func parse(_ text: String) throws(HTTP1.ParseError) -> HTTP1.RequestHead {
        let bytes = Array(text.utf8)
        var head = HTTP1.RequestHead()
        try head.parse(bytes.span)
        return head
    }
}
