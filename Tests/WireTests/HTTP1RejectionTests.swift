import Testing

@testable import Wire

/// Every reason for which a request is refused, with the status that the client gets.
@Suite struct HTTP1RejectionTests {
    @Test(
        "A request line that is not exactly three words is refused",
        arguments: [
            ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .emptyLine, 400),
            ("\nGET / HTTP/1.1\r\n\r\n", .bareLF, 400), ("\rGET", .emptyLine, 400),
            (" GET / HTTP/1.1\r\n\r\n", .invalidMethod, 400), ("G(T / HTTP/1.1\r\n\r\n", .invalidMethod, 400),
            ("G\u{0}T", .controlCharacter(0), 400), ("GÄT / HTTP/1.1\r\n", .invalidMethod, 400),
            ("GET\t/ HTTP/1.1\r\n\r\n", .controlCharacter(9), 400), ("GET\r\n\r\n", .missingTarget, 400),
            ("GET \r\n\r\n", .missingTarget, 400), ("GET  / HTTP/1.1\r\n\r\n", .missingTarget, 400),
            ("GET /\r\n\r\n", .missingVersion, 400), ("GET / \r\n\r\n", .missingVersion, 400),
            ("GET /a b HTTP/1.1\r\n\r\n", .invalidVersion, 400), ("GET /  HTTP/1.1\r\n\r\n", .invalidVersion, 400),
            ("GET / HTTP/1.1 \r\n\r\n", .invalidVersion, 400), ("GET / http/1.1\r\n\r\n", .invalidVersion, 400),
            ("GET / HTTP/1\r\n\r\n", .invalidVersion, 400), ("GET / HTTP/1.\r\n\r\n", .invalidVersion, 400),
            ("GET / HTTP/1.11\r\n\r\n", .invalidVersion, 400), ("GET / HTTP/11.1\r\n\r\n", .invalidVersion, 400),
            ("GET / HTTPS/1.1\r\n\r\n", .invalidVersion, 400), ("GET / HTTP/1.x\r\n\r\n", .invalidVersion, 400),
            ("GET / HTTP/0.9\r\n\r\n", .unsupportedVersion, 505), ("GET / HTTP/1.2\r\n\r\n", .unsupportedVersion, 505),
            ("PRI * HTTP/2.0\r\n\r\n", .unsupportedVersion, 505), ("GET / HTTP/3.0\r\n\r\n", .unsupportedVersion, 505),
        ] as [(String, HTTP1.ParseError, Int)])
    func requestLine(_ text: String, _ error: HTTP1.ParseError, _ status: Int) {
        expect(text, error, status)
    }

    @Test(
        "A request target that is none of the four forms is refused",
        arguments: [
            ("GET a HTTP/1.1", .invalidTarget), ("GET a.example/x HTTP/1.1", .invalidTarget),
            ("GET http:/a HTTP/1.1", .invalidTarget), ("GET http:a HTTP/1.1", .invalidTarget),
            ("GET ://a HTTP/1.1", .invalidTarget), ("GET h_p://a HTTP/1.1", .invalidTarget),
            ("GET ** HTTP/1.1", .invalidTarget), ("GET a:80 HTTP/1.1", .invalidTarget),
            ("GET * HTTP/1.1", .asteriskWithoutOptions), ("GET ftp://a/ HTTP/1.1", .unsupportedScheme),
            ("GET httpx://a/ HTTP/1.1", .unsupportedScheme), ("GET /a#b HTTP/1.1", .fragmentInTarget),
            ("GET http://a/#b HTTP/1.1", .fragmentInTarget), ("GET /é HTTP/1.1", .invalidTargetByte(0xc3)),
            ("GET http:///x HTTP/1.1", .invalidAuthority(.empty)),
            ("GET http://?x HTTP/1.1", .invalidAuthority(.empty)),
            ("GET http://u@a/ HTTP/1.1", .invalidAuthority(.userInformation)),
            ("GET http://a@b:80/ HTTP/1.1", .invalidAuthority(.userInformation)),
            ("GET http://a:/ HTTP/1.1", .invalidAuthority(.missingPort)),
            ("GET http://a:0/ HTTP/1.1", .invalidAuthority(.invalidPort)),
            ("GET http://a:65536/ HTTP/1.1", .invalidAuthority(.invalidPort)),
            ("GET http://a:99999999999999999999/ HTTP/1.1", .invalidAuthority(.invalidPort)),
            ("GET http://a%2eb/ HTTP/1.1", .invalidAuthority(.invalidByte(0x25))),
            ("GET http://a\\b/ HTTP/1.1", .invalidAuthority(.invalidByte(0x5c))),
            ("GET http://127.1/ HTTP/1.1", .invalidAuthority(.numericName)),
            ("GET http://0x7f000001/ HTTP/1.1", .invalidAuthority(.numericName)),
            ("GET http://[::1%251]/ HTTP/1.1", .invalidAuthority(.zoneIdentifier)),
            ("GET http://0.0.0.0/ HTTP/1.1", .invalidAuthority(.unspecifiedAddress)),
            ("CONNECT http://a:1/ HTTP/1.1", .targetNotAuthority), ("CONNECT / HTTP/1.1", .targetNotAuthority),
            ("CONNECT a:1/ HTTP/1.1", .targetNotAuthority), ("CONNECT a:1?x HTTP/1.1", .targetNotAuthority),
            ("CONNECT * HTTP/1.1", .invalidAuthority(.invalidByte(0x2a))),
            ("CONNECT a HTTP/1.1", .invalidAuthority(.missingPort)),
            ("CONNECT a: HTTP/1.1", .invalidAuthority(.missingPort)),
            ("CONNECT :443 HTTP/1.1", .invalidAuthority(.empty)),
            ("CONNECT a:0 HTTP/1.1", .invalidAuthority(.invalidPort)),
            ("CONNECT a:+1 HTTP/1.1", .invalidAuthority(.invalidPort)),
            ("CONNECT u@a:1 HTTP/1.1", .invalidAuthority(.userInformation)),
            ("CONNECT a:1:2 HTTP/1.1", .invalidAuthority(.invalidPort)),
            ("CONNECT ::1:443 HTTP/1.1", .invalidAuthority(.empty)),
            ("CONNECT a..b:1 HTTP/1.1", .invalidAuthority(.emptyLabel)),
        ] as [(String, HTTP1.ParseError)])
    func target(_ line: String, _ error: HTTP1.ParseError) {
        expect(line + "\r\nHost: a\r\n\r\n", error, 400)
    }

    @Test(
        "A malformed field line is refused",
        arguments: [
            (" Host: a\r\n", .whitespaceBeforeFields), ("\tHost: a\r\n", .whitespaceBeforeFields),
            ("Host: a\r\n b\r\n", .foldedField), ("Host: a\r\n\tb\r\n", .foldedField),
            ("Host: a\r\n \r\n", .foldedField),
            ("Host : a\r\n", .spaceBeforeColon), ("Host\t: a\r\n", .spaceBeforeColon),
            ("Ho st: a\r\n", .spaceBeforeColon),
            ("Host\r\n", .missingColon), (": a\r\n", .emptyFieldName), ("Ho(st: a\r\n", .invalidFieldName(0x28)),
            ("Hoßt: a\r\n", .invalidFieldName(0xc3)), ("\"Host\": a\r\n", .invalidFieldName(0x22)),
            ("Host: a\n", .bareLF), ("Host: a\rX: b\r\n", .bareCR), ("Host: a\r\r\n", .bareCR),
            ("Host: a\u{0}\r\n", .controlCharacter(0)), ("Host: a\u{b}\r\n", .controlCharacter(0xb)),
            ("Host: a\u{7f}\r\n", .controlCharacter(0x7f)), ("Ho\u{1}st: a\r\n", .controlCharacter(1)),
        ] as [(String, HTTP1.ParseError)])
    func fieldLine(_ fields: String, _ error: HTTP1.ParseError) {
        expect("GET / HTTP/1.1\r\n\(fields)\r\n", error, 400)
    }

    @Test(
        "A Host field that is missing, empty, doubled or no host is refused",
        arguments: [
            ("GET / HTTP/1.1", "", .missingHost), ("GET http://a/ HTTP/1.1", "", .missingHost),
            ("CONNECT a:1 HTTP/1.1", "", .missingHost), ("GET / HTTP/1.1", "Host:\r\n", .emptyHost),
            ("GET http://a/ HTTP/1.1", "Host: \t\r\n", .emptyHost), ("GET / HTTP/1.0", "Host:\r\n", .emptyHost),
            ("GET / HTTP/1.1", "Host: a\r\nHost: a\r\n", .duplicateHost),
            ("GET / HTTP/1.0", "Host: a\r\nhOST: b\r\n", .duplicateHost),
            ("GET / HTTP/1.1", "Host: a, b\r\n", .invalidHost(.invalidByte(0x2c))),
            ("GET / HTTP/1.1", "Host: a b\r\n", .invalidHost(.invalidByte(0x20))),
            ("GET / HTTP/1.1", "Host: http://a\r\n", .invalidHost(.invalidPort)),
            ("GET / HTTP/1.1", "Host: a:0\r\n", .invalidHost(.invalidPort)),
            ("GET / HTTP/1.1", "Host: a:\r\n", .invalidHost(.missingPort)),
            ("GET / HTTP/1.1", "Host: u@a\r\n", .invalidHost(.userInformation)),
            ("GET http://a/ HTTP/1.1", "Host: 127.1\r\n", .invalidHost(.numericName)),
            ("CONNECT a:1 HTTP/1.1", "Host: a/b\r\n", .invalidHost(.invalidByte(0x2f))),
            ("GET / HTTP/1.1", "Host: [::1\r\n", .invalidHost(.invalidBrackets)),
        ] as [(String, String, HTTP1.ParseError)])
    func host(_ line: String, _ fields: String, _ error: HTTP1.ParseError) {
        expect("\(line)\r\n\(fields)\r\n", error, 400)
    }

    @Test(
        "Whatever two readers could frame differently is refused",
        arguments: [
            ("Content-Length:", .invalidContentLength, 400), ("Content-Length: +5", .invalidContentLength, 400),
            ("Content-Length: -5", .invalidContentLength, 400), ("Content-Length: 0x5", .invalidContentLength, 400),
            ("Content-Length: 5 5", .invalidContentLength, 400), ("Content-Length: 5;a", .invalidContentLength, 400),
            ("Content-Length: 1e3", .invalidContentLength, 400),
            ("Content-Length: 5\u{a0}", .invalidContentLength, 400),
            ("Content-Length: 5, 5", .listedContentLength, 400), ("Content-Length: 5,6", .listedContentLength, 400),
            ("Content-Length: 5\r\nContent-Length: 5", .duplicateContentLength, 400),
            ("Content-Length: 5\r\ncontent-length: 6", .duplicateContentLength, 400),
            ("Content-Length: 9223372036854775808", .contentLengthOverflow, 400),
            ("Content-Length: 18446744073709551616", .contentLengthOverflow, 400),
            ("Content-Length: 99999999999999999999999999999999", .contentLengthOverflow, 400),
            ("Content-Length: 5\r\nTransfer-Encoding: chunked", .contentLengthWithTransferEncoding, 400),
            ("Transfer-Encoding: chunked\r\nContent-Length: 0", .contentLengthWithTransferEncoding, 400),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .duplicateTransferEncoding, 400),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", .duplicateTransferEncoding, 400),
            ("Transfer-Encoding:", .chunkedNotFinal, 400), ("Transfer-Encoding: gzip", .chunkedNotFinal, 400),
            ("Transfer-Encoding: identity", .chunkedNotFinal, 400),
            ("Transfer-Encoding: xchunked", .chunkedNotFinal, 400),
            ("Transfer-Encoding: chunked, gzip", .chunkedNotFinal, 400),
            ("Transfer-Encoding: chunked;a=b", .chunkedNotFinal, 400),
            ("Transfer-Encoding: \"chunked\"", .chunkedNotFinal, 400),
            ("Transfer-Encoding: chunked,", .chunkedNotFinal, 400),
            ("Transfer-Encoding: gzip, chunked", .unsupportedTransferCoding, 501),
            ("Transfer-Encoding: chunked, chunked", .unsupportedTransferCoding, 501),
            ("Transfer-Encoding: ,chunked", .unsupportedTransferCoding, 501),
        ] as [(String, HTTP1.ParseError, Int)])
    func framing(_ fields: String, _ error: HTTP1.ParseError, _ status: Int) {
        expect("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n", error, status)
    }

    @Test(
        "A field that this proxy must act on and can't is refused",
        arguments: [
            ("GET / HTTP/1.0", "Transfer-Encoding: chunked", .transferEncodingInHTTP10, 400),
            ("CONNECT a:1 HTTP/1.1", "Content-Length: 1", .connectWithContent, 400),
            ("CONNECT a:1 HTTP/1.1", "Transfer-Encoding: chunked", .connectWithContent, 400),
            ("GET / HTTP/1.1", "Connection: a b", .invalidConnectionOption, 400),
            ("GET / HTTP/1.1", "Connection: (a)", .invalidConnectionOption, 400),
            ("GET / HTTP/1.1", "Connection: close;x", .invalidConnectionOption, 400),
            ("GET / HTTP/1.1", "Connection: close, HOST", .connectionNamesFraming, 400),
            ("GET / HTTP/1.1", "Connection: content-length", .connectionNamesFraming, 400),
            ("GET / HTTP/1.1", "Connection: Transfer-Encoding", .connectionNamesFraming, 400),
            ("TRACE / HTTP/1.1", "Max-Forwards: -1", .invalidMaxForwards, 400),
            ("OPTIONS * HTTP/1.1", "Max-Forwards:", .invalidMaxForwards, 400),
            ("TRACE / HTTP/1.1", "Max-Forwards: 1\r\nMax-Forwards: 1", .invalidMaxForwards, 400),
            ("GET / HTTP/1.1", "Expect: 200-ok", .unknownExpectation, 417),
            ("GET / HTTP/1.1", "Expect: 100-continue, x", .unknownExpectation, 417),
            ("GET / HTTP/1.1", "Proxy-Authorization: a\r\nProxy-Authorization: a", .duplicateProxyAuthorization, 400),
        ] as [(String, String, HTTP1.ParseError, Int)])
    func fields(_ line: String, _ fields: String, _ error: HTTP1.ParseError, _ status: Int) {
        expect("\(line)\r\nHost: a\r\n\(fields)\r\n\r\n", error, status)
    }

    @Test("A method of 32 bytes is taken, a longer one refused before its end with 501")
    func methodLength() {
        let longest = String(repeating: "A", count: HTTP1.Limit.methodBytes)
        RequestHeadReader.expect(longest, .incomplete)
        #expect(accepts(longest + " / HTTP/1.1\r\nHost: a\r\n\r\n"))
        expect(longest + "A", .methodTooLong, 501)
    }

    @Test("A request line of 16 KiB is taken, a longer one refused before its end with 414")
    func lineLength() {
        let line = "GET /" + String(repeating: "a", count: HTTP1.Limit.startLineBytes - 14) + " HTTP/1.1"
        #expect(line.utf8.count == HTTP1.Limit.startLineBytes)
        #expect(accepts(line + "\r\nHost: a\r\n\r\n"))
        expect(line + "1", .targetTooLong, 414, stride: 4099)
        expect("GET /" + String(repeating: "a", count: 20_000), .targetTooLong, 414, stride: 4099)
    }

    @Test("A field line of 32 KiB is taken, a longer one refused before its end with 431")
    func fieldLength() {
        let start = "GET / HTTP/1.1\r\nHost: a\r\n"
        let line = "A: " + String(repeating: "b", count: HTTP1.Limit.fieldLineBytes - 3)
        #expect(accepts(start + line + "\r\n\r\n"))
        expect(start + line + "b", .fieldTooLong, 431, stride: 8191)
    }

    @Test("A head of 100 fields is taken, one of 101 refused with 431")
    func fieldCount() {
        let most = "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "A: b\r\n", count: HTTP1.Limit.fields - 1)
        #expect(accepts(most + "\r\n"))
        expect(most + "A: b\r\n", .tooManyFields, 431, stride: 5)
    }

    @Test("A head of 64 KiB is taken, a larger one refused before its end with 431")
    func headSize() {
        let field = "A: " + String(repeating: "b", count: 30_000) + "\r\n"
        let start = "GET / HTTP/1.1\r\nHost: a\r\n" + field + field + "C: "
        let most = start + String(repeating: "d", count: HTTP1.Limit.headBytes - 4 - start.utf8.count)
        #expect(accepts(most + "\r\n\r\n"))
        expect(most + "d\r\n\r\n", .headTooLarge, 431, stride: 16_381)
        expect(most + "\r\nE:", .headTooLarge, 431, stride: 16_381)
    }

    @Test(
        "A head that was not scanned is refused when it does not end",
        arguments: [
            "", "GET", "GET ", "GET /", "GET / ", "GET / HTTP/1.1", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nHost", "GET / HTTP/1.1\r\nHost: a", "GET / HTTP/1.1\r\nHost: a\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r",
        ])
    func unterminated(_ text: String) {
        var head = HTTP1.RequestHead()
        let bytes = Array(text.utf8)
        do throws(HTTP1.ParseError) {
            try head.parse(bytes.span)
            Issue.record("was taken")
        } catch {
            #expect(error == .unterminatedHead || error == .invalidVersion)
        }
    }

    private func accepts(_ text: String) -> Bool {
        if case .complete = RequestHeadReader.reading(Array(text.utf8)) { return true }
        return false
    }

    private func expect(_ text: String, _ error: HTTP1.ParseError, _ status: Int, stride: Int = 1) {
        RequestHeadReader.expect(text, .refused(error), stride: stride)
        #expect(error.answer == .status(status))
        #expect(error.token == "http_request_error")
    }
}
