import Addressing
import Testing

@testable import Wire

/// Thousands of mutated inputs for every parser: any bytes give a value, "incomplete" or a typed error, the same one
/// however they are cut, and never a trap.
@Suite struct FuzzTests {
    @Test("Mutated request heads read the same however they are cut, and hold nothing that forges a line")
    func requestHeads() {
        let seeds = [
            "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nProxy-Connection: keep-alive\r\n\r\n",
            "GET http://example.com:80/a?b HTTP/1.1\r\nHost: example.com\r\nConnection: close, te\r\nTE: trailers\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\nhello, world",
            "OPTIONS * HTTP/1.0\r\nTransfer-Encoding: chunked\r\nProxy-Authorization: Basic YTpi\r\n\r\n",
        ]
        let words = [
            " ", ":", "\r\n ", "\r\n\r\n", "Host: a\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n",
            "@",
            "HTTP/1.0", "%", "#", "[", "0x7f.1", "99999999999999999999", ",", "*", "\t",
        ]
        run(RequestHeadReader.self, seeds.map { Array($0.utf8) }, words) { facts in
            for text in facts.fields + [facts.target, facts.method, facts.authority ?? ""] {
                #expect(!text.unicodeScalars.contains { $0 == "\r" || $0 == "\n" || $0 == "\0" })
            }
            #expect(facts.fields.count <= HTTP1.Limit.fields)
        }
    }

    @Test("Mutated heads that nobody scanned are read or refused as those that were")
    func unscannedHeads() {
        var mutation = Mutation(
            ["GET http://a/ HTTP/1.1\r\nHost: a\r\nX: y\r\nConnection: x\r\n\r\n"].map { Array($0.utf8) },
            words: ["\r\n", ":", " ", "Host: b\r\n", "\t", "\r"])
        var head = HTTP1.RequestHead()
        var response = HTTP1.ResponseHead()
        for _ in 0..<Mutation.rounds {
            let bytes = mutation.next()
            let isRead = (try? head.parse(bytes.span)) != nil
            if isRead {
                var scanner = HTTP1.HeadScanner(.request)
                #expect((try? scanner.scan(bytes.span)) == head.length, "\(bytes)")
            }
            _ = try? response.parse(bytes.span)
        }
    }

    @Test("Mutated response heads read the same however they are cut")
    func responseHeads() {
        let seeds = [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: x\r\n\r\nhello",
            "HTTP/1.0 304\r\nConnection: keep-alive\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n0\r\n\r\n",
        ]
        let words = [
            " ", ":", "\r\n ", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "HTTP/1.0", "204", "999",
        ]
        run(ResponseHeadReader.self, seeds.map { Array($0.utf8) }, words) { facts in
            #expect((100...599).contains(facts.status))
        }
    }

    @Test("Mutated chunked bodies read the same however they are cut")
    func chunkedBodies() {
        let seeds = [
            "5\r\nhello\r\n0\r\n\r\n", "a;x=\"y\"\r\n0123456789\r\n1 ;z\r\nx\r\n000\r\nA: b\r\nC:\r\n\r\n",
            "7fffffffffffffff\r\nx", "0\r\nContent-Length: 5\r\n\r\n",
        ]
        run(ChunkedReader.self, seeds.map { Array($0.utf8) }, ["\r\n", ";", "0", "f", "ffffffffffffffff", ":", " "]) {
            _ in
        }
    }

    @Test("Mutated SOCKS messages read the same however they are cut")
    func socks() {
        let domain: [UInt8] = [5, 1, 0, 3, 11] + Array("example.com".utf8) + [1, 187]
        run(SOCKS5GreetingReader.self, [[5, 1, 0], [5, 3, 0, 1, 2]]) { _ in }
        run(SOCKS5RequestReader.self, [domain, [5, 1, 0, 1, 192, 0, 2, 1, 0, 80], [5, 3, 0, 4] + domain + domain]) {
            _ in
        }
        run(CredentialsReader.self, [[1, 3, 98, 111, 98, 2, 0, 255], [1, 1, 1, 1, 1]]) { _ in }
        run(
            SOCKS4RequestReader.self,
            [[4, 1, 0, 80, 0, 0, 0, 1, 98, 0, 97, 46, 98, 0], [4, 2, 0, 80, 192, 0, 2, 1, 0]]
        ) { _ in }
        var mutation = Mutation([[0, 0, 0, 3, 1, 97, 0, 53, 9], [0, 0, 0, 1, 192, 0, 2, 1, 0, 53]])
        for _ in 0..<Mutation.rounds {
            let bytes = mutation.next()
            guard let header = try? SOCKS5.UDPHeader.parse(bytes.span) else { continue }
            #expect(header.length <= bytes.count)
        }
    }

    @Test("Mutated ClientHellos read the same however they are cut")
    func clientHellos() {
        var encrypted = ClientHelloFixture.named("a.example")
        encrypted.extensions?.append((0xfe0d, [0, 1]))
        encrypted.extensions?.append((43, [4, 3, 4, 3, 3]))
        let seeds = [
            ClientHelloFixture.openSSL, encrypted.bytes, ClientHelloFixture(extensions: nil).bytes,
            ClientHelloFixture.records(encrypted.message, of: 7), ClientHelloFixture.records(encrypted.message, of: 1),
        ]
        run(ClientHelloReader.self, seeds, ["\u{16}\u{3}\u{1}\u{0}", "\u{0}\u{0}", "\u{0}\u{10}"]) { hello in
            #expect(hello.serverName?.isEmpty != true)
        }
    }

    @Test("Mutated PROXY headers read the same however they are cut")
    func proxyHeaders() {
        let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
        let seeds = [
            Array("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\nGET".utf8),
            Array("PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n".utf8), Array("PROXY UNKNOWN\r\n".utf8),
            signature + [0x21, 0x11, 0, 16, 192, 0, 2, 1, 192, 0, 2, 2, 0, 1, 0, 2, 4, 0, 1, 0],
            signature + [0x20, 0, 0, 0],
            signature + [0x21, 0x21, 0, 43] + [UInt8](repeating: 1, count: 36) + [3, 0, 4, 0, 0, 0, 0],
        ]
        run(ProxyProtocolReader.self, seeds, [" ", "\r\n", "TCP6", "65536"]) { _ in }
    }

    @Test("Mutated DNS messages give a response or a reason, in bounded time")
    func dnsMessages() {
        var full = DNSFixture(answers: [.cname("a", "b.c", ttl: 5), .a("b.c", [192, 0, 2, 1])])
        full.authorities = [.soa("example", minimum: 60, ttl: 900)]
        full.additionals = [.opt(ttl: 0)]
        let pointers = DNSFixture(answers: [
            .init(name: [1, 98, 0xc0, 12], type: 5, data: [1, 99, 0xc0, 19]),
            .init(name: [0xc0, 19], type: 28, data: [UInt8](repeating: 1, count: 16)),
        ])
        var mutation = Mutation([full.bytes, pointers.bytes], words: ["\u{0}\u{1}"])
        let name = DNS.Name(wire: [1, 97, 0])
        for _ in 0..<Mutation.rounds {
            let bytes = mutation.next()
            guard let response = try? DNS.Response.parse(bytes.span) else { continue }
            for answer in response.answers { #expect(answer.name.wire.count <= 255) }
            _ = response.resolution(of: name, .a)
            _ = DNS.message(inStream: bytes.span)
        }
    }

    private func run<Reader: GrowingReader>(
        _ reader: Reader.Type, _ seeds: [[UInt8]], _ words: [String] = [], check: (Reader.Value) -> Void
    ) {
        var mutation = Mutation(seeds, words: words)
        for _ in 0..<Mutation.rounds {
            let bytes = mutation.next()
            let whole = Reader.reading(bytes)
            let cuts = [mutation.below(bytes.count + 1), mutation.below(bytes.count + 1)].sorted()
            let cut = Reader.reading(bytes, firstShown: cuts)
            if cut != whole { #expect(cut == whole, "\(bytes) cut at \(cuts)") }
            guard case .complete(let value, let consumed) = whole else { continue }
            #expect(consumed <= bytes.count)
            let exact = Reader.reading(Array(bytes[..<consumed]))
            if exact != whole { #expect(exact == whole, "\(bytes) without what follows") }
            check(value)
        }
    }
}
