import Testing

@testable import Wire

@Suite struct ChunkedDecoderTests {
    @Test(
        "A chunked body is its data, and ends with the empty line after its trailers",
        arguments: [
            ("0\r\n\r\n", ""),
            ("5\r\nhello\r\n0\r\n\r\n", "hello"),
            ("5\r\nhello\r\n0006\r\n world\r\n00\r\n\r\n", "hello world"),
            ("A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"),
            ("1;a;b=c;d=\"e f\"\r\nx\r\n0;last\r\n\r\n", "x"),
            ("1 \t;a\r\nx\r\n0\r\n\r\n", "x"),
            ("1\r\nx\r\n0\r\nServer-Timing: a\r\nEmpty:\r\n\r\n", "x"),
            ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
        ])
    func accepted(_ body: String, _ data: String) {
        ChunkedReader.expect(body, .complete(Array(data.utf8), consumed: body.utf8.count))
    }

    @Test(
        "A chunked body is refused at the byte that breaks its grammar",
        arguments: [
            ("\r\n", .invalidChunkSize),
            (";a\r\n", .invalidChunkSize),
            ("-1\r\n", .invalidChunkSize),
            ("+1\r\n", .invalidChunkSize),
            ("0x1\r\n", .invalidChunkSize),
            (" 1\r\n", .invalidChunkSize),
            ("1 \r\n", .invalidChunkSize),
            ("1_0\r\n", .invalidChunkSize),
            ("1\n", .bareLF),
            ("1\rx", .bareCR),
            ("1;a\n", .bareLF),
            ("1;a\u{0}", .invalidChunkExtension),
            ("1;a\rb", .bareCR),
            ("8000000000000000\r\n", .chunkSizeOverflow),
            ("00000000000000001", .chunkSizeOverflow),
            ("10000000000000000", .chunkSizeOverflow),
            ("1\r\nxy", .missingChunkEnd),
            ("1\r\nx\n", .missingChunkEnd),
            ("1\r\nx\ry", .missingChunkEnd),
            ("0\r\nContent-Length: 5\r\n\r\n", .forbiddenTrailer),
            ("0\r\ntransfer-encoding: chunked\r\n\r\n", .forbiddenTrailer),
            ("0\r\nHost: a\r\n\r\n", .forbiddenTrailer),
            ("0\r\nA : b\r\n\r\n", .spaceBeforeColon),
            ("0\r\nA\r\n\r\n", .missingColon),
            ("0\r\n: b\r\n\r\n", .emptyFieldName),
            ("0\r\nA: b\r\n c\r\n\r\n", .foldedField),
            ("0\r\nA: b\n\r\n", .bareLF),
            ("0\r\nA: b\u{1}\r\n\r\n", .controlCharacter(1)),
            ("0\r\nA(: b\r\n\r\n", .invalidFieldName(0x28)),
            ("0\r\n\n", .bareLF),
            ("0\r\n\rx", .bareCR),
        ] as [(String, HTTP1.ParseError)])
    func refused(_ body: String, _ error: HTTP1.ParseError) {
        ChunkedReader.expect(body, .refused(error))
    }

    @Test("The largest chunk size is the largest signed number of 64 bits")
    func largestSize() throws {
        var decoder = HTTP1.ChunkedDecoder()
        let bytes = Array("7fffffffffffffff\r\nx".utf8)
        #expect(try decoder.next(bytes.span) == .data(18..<19))
        #expect(try decoder.next(bytes.span, from: 19) == .incomplete)
    }

    @Test("Extensions are bounded for a chunk and for a body")
    func extensions() {
        let longest = "1;" + String(repeating: "a", count: HTTP1.Limit.chunkExtensionBytes - 1)
        ChunkedReader.expect(longest, .incomplete)
        ChunkedReader.expect(longest + "a", .refused(.chunkExtensionsTooLong))
        let chunk = longest + "\r\nx\r\n"
        let chunks = HTTP1.Limit.bodyExtensionBytes / HTTP1.Limit.chunkExtensionBytes
        let body = String(repeating: chunk, count: chunks)
        ChunkedReader.expect(
            body + "0\r\n\r\n",
            .complete(
                [UInt8](repeating: 0x78, count: chunks), consumed: body.utf8.count + 5), stride: 97)
        ChunkedReader.expect(body + "1;", .refused(.chunkExtensionsTooLong), stride: 97)
    }

    @Test("Trailers are bounded together")
    func trailers() {
        let line = "A: " + String(repeating: "b", count: 59) + "\r\n"
        let most = String(repeating: line, count: HTTP1.Limit.trailerBytes / line.utf8.count)
        ChunkedReader.expect("0\r\n" + most, .incomplete, stride: 61)
        ChunkedReader.expect("0\r\n" + most + "\r\n", .refused(.trailersTooLarge), stride: 61)
    }
}
