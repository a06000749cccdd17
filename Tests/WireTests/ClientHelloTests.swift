import Testing

@testable import Wire

@Suite struct ClientHelloTests {
    private typealias Fixture = ClientHelloFixture

    @Test("OpenSSL's ClientHello gives name, protocols and versions")
    func openSSL() {
        var hello = TLS.ClientHello()
        hello.serverName = Array("www.example.com".utf8)
        hello.applicationProtocols = [Array("h2".utf8), Array("http/1.1".utf8)]
        hello.versions = [0x0304, 0x0303]
        #expect(Fixture.openSSL.count == 517)
        ClientHelloReader.expect(Fixture.openSSL, .complete(hello, consumed: 517))
    }

    @Test("A ClientHello is the same over records of any size", arguments: [1, 2, 3, 4, 5, 50, 100, 511, 512, 513])
    func records(_ size: Int) {
        let message = Array(Fixture.openSSL[5...])
        let bytes = Fixture.records(message, of: size)
        guard case .complete(let hello, bytes.count) = ClientHelloReader.reading(bytes) else {
            Issue.record("\(ClientHelloReader.reading(bytes))")
            return
        }
        #expect(hello.serverName == Array("www.example.com".utf8))
        ClientHelloReader.expect(bytes, .complete(hello, consumed: bytes.count), stride: size < 5 ? 17 : 1)
    }

    @Test("An encrypted ClientHello is noticed")
    func encrypted() {
        var fixture = Fixture.named("cover.example")
        fixture.extensions?.append((0xfe0d, [0, 0, 1, 0, 1, 9]))
        fixture.extensions?.append((0x0a0a, []))
        var hello = TLS.ClientHello()
        hello.serverName = Array("cover.example".utf8)
        hello.versions = [0x0303]
        hello.hasEncryptedClientHello = true
        ClientHelloReader.expect(fixture.bytes, .complete(hello, consumed: fixture.bytes.count))
    }

    @Test("A ClientHello without extensions has no name, and offers its legacy version")
    func bare() {
        var hello = TLS.ClientHello()
        hello.versions = [0x0303]
        for extensions in [nil, []] as [[(type: UInt16, body: [UInt8])]?] {
            let bytes = Fixture(extensions: extensions).bytes
            ClientHelloReader.expect(bytes, .complete(hello, consumed: bytes.count))
        }
    }

    @Test(
        "What is no ClientHello is refused at its first wrong byte",
        arguments: [
            (Array("GET / HTTP/1.1".utf8), .notHandshake(0x47)), ([21, 3, 1, 0, 2, 1, 0], .notHandshake(21)),
            ([22, 2], .invalidRecordVersion(2)), ([22, 3, 1, 0, 0], .invalidRecordLength(0)),
            ([22, 3, 1, 0x40, 1], .invalidRecordLength(16385)), ([22, 3, 1, 0, 5, 2], .notClientHello(2)),
            ([22, 3, 1, 0x40, 0], .tooLarge), ([22, 3, 1, 0, 4, 1, 1, 0, 0], .tooLarge),
            ([22, 3, 1, 0, 4, 1, 0, 0, 1, 23], .notHandshake(23)),
            ([22, 3, 1, 0, 4, 1, 0, 0, 0], .malformed), ([22, 3, 1, 0, 5, 1, 0, 0, 0, 0], .trailingBytes),
        ] as [([UInt8], TLS.ParseError)])
    func refused(_ bytes: [UInt8], _ error: TLS.ParseError) {
        ClientHelloReader.expect(bytes, .refused(error))
    }

    @Test(
        "An extension whose lengths don't fit is refused",
        arguments: [
            (0, [], .malformed), (0, [0, 0], .malformed), (0, [0, 1, 0], .malformed), (0, [0, 2, 0, 0], .malformed),
            (0, Fixture.serverName(""), .emptyServerName), (0, Fixture.serverName("a", type: 1), .unknownNameType(1)),
            (0, Fixture.serverName("a") + [0], .malformed),
            (0, Fixture.vector(2, [0, 0, 1, 97, 0, 0, 1, 98]), .severalServerNames),
            (16, [], .malformed), (16, [0, 0], .malformed), (16, Fixture.protocols([""]), .malformed),
            (16, [0, 2, 2, 97], .malformed), (16, Fixture.protocols(["a"]) + [0], .malformed),
            (43, [], .malformed), (43, [0], .malformed), (43, [1, 3], .malformed), (43, [3, 3, 4, 3], .malformed),
            (43, [2, 3, 4, 0], .malformed),
        ] as [(UInt16, [UInt8], TLS.ParseError)])
    func refusedExtension(_ type: UInt16, _ body: [UInt8], _ error: TLS.ParseError) {
        ClientHelloReader.expect(Fixture(extensions: [(type, body)]).bytes, .refused(error))
    }

    @Test(
        "An extension that is read may be there once",
        arguments: [
            (0, Fixture.serverName("a")), (16, Fixture.protocols(["h2"])), (43, [2, 3, 4]), (0xfe0d, [0]),
        ] as [(UInt16, [UInt8])])
    func duplicates(_ type: UInt16, _ body: [UInt8]) {
        let bytes = Fixture(extensions: [(type, body), (type, body)]).bytes
        ClientHelloReader.expect(bytes, .refused(.duplicateExtension(type)))
    }

    @Test("The fixed fields are held to their bounds")
    func fixedFields() {
        var fixture = Fixture()
        fixture.session = [UInt8](repeating: 0, count: 33)
        ClientHelloReader.expect(fixture.bytes, .refused(.malformed))
        fixture.session = []
        fixture.suites = [1]
        ClientHelloReader.expect(fixture.bytes, .refused(.malformed))
        fixture.suites = []
        ClientHelloReader.expect(fixture.bytes, .refused(.malformed))
    }

    @Test("A ClientHello of 16 KiB with its records is read, a byte more is refused")
    func size() {
        func bytes(_ padding: Int) -> [UInt8] {
            Fixture(extensions: [(0, Fixture.serverName("a")), (21, [UInt8](repeating: 0, count: padding))]).bytes
        }
        let overhead = bytes(0).count
        let largest = bytes(TLS.maxClientHelloBytes - overhead)
        #expect(largest.count == TLS.maxClientHelloBytes)
        guard case .complete(let hello, TLS.maxClientHelloBytes) = ClientHelloReader.reading(largest) else {
            Issue.record("the largest was not read")
            return
        }
        #expect(hello.serverName == [97])
        ClientHelloReader.expect(largest, .complete(hello, consumed: largest.count), stride: 1021)
        ClientHelloReader.expect(bytes(TLS.maxClientHelloBytes - overhead + 1), .refused(.tooLarge), stride: 1021)
    }
}
