import Testing

@testable import Wire

/// What a parser made of a fixture.
enum Reading<Value: Equatable & Sendable, Failure: WireError>: Equatable, Sendable {
    case incomplete
    case complete(Value, consumed: Int)
    case refused(Failure)
}

/// A parser that is shown a growing buffer. Made anew for every run over a fixture, so that what it remembers between
/// calls is under test too.
protocol GrowingReader {
    associatedtype Value: Equatable & Sendable
    associatedtype Failure: WireError
    init()
    mutating func read(_ bytes: Span<UInt8>) throws(Failure) -> Parsed<Value>
}

extension GrowingReader {
    static func reading(_ bytes: [UInt8], firstShown prefixes: some Sequence<Int> = []) -> Reading<Value, Failure> {
        var reader = Self()
        do throws(Failure) {
            for count in prefixes {
                if case .complete(let value, let consumed) = try reader.read(bytes.span.extracting(0..<count)) {
                    return consumed <= count ? .complete(value, consumed: consumed) : .incomplete
                }
            }
            switch try reader.read(bytes.span) {
            case .incomplete: return .incomplete
            case .complete(let value, let consumed): return .complete(value, consumed: consumed)
            }
        } catch {
            return .refused(error)
        }
    }

    /// Runs the fixture whole, byte by byte, split at every index (or at every `stride`-th), and with bytes trailing;
    /// all must read the same.
    static func expect(
        _ bytes: [UInt8], _ expected: Reading<Value, Failure>, stride step: Int = 1,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(reading(bytes) == expected, "whole", sourceLocation: location)
        let byteByByte = reading(bytes, firstShown: stride(from: 0, to: bytes.count, by: step))
        #expect(byteByByte == expected, "byte by byte", sourceLocation: location)
        for index in stride(from: 0, to: bytes.count, by: step) {
            let split = reading(bytes, firstShown: CollectionOfOne(index))
            // The text is made only for a failure: fixtures have thousands of indices.
            if split != expected {
                #expect(split == expected, "split at \(index)", sourceLocation: location)
            }
        }
        guard expected != .incomplete else { return }
        for trailing in [[0], [0xff, 0xff], Array("GET / HTTP/1.1\r\n\r\n".utf8), bytes] as [[UInt8]] {
            #expect(reading(bytes + trailing) == expected, "with \(trailing) behind", sourceLocation: location)
        }
    }

    static func expect(
        _ text: String, _ expected: Reading<Value, Failure>, stride step: Int = 1,
        _ location: SourceLocation = #_sourceLocation
    ) {
        expect(Array(text.utf8), expected, stride: step, location)
    }
}

// MARK: - The parsers

struct SOCKS5GreetingReader: GrowingReader {
    func read(_ bytes: Span<UInt8>) throws(SOCKS5.ParseError) -> Parsed<Set<UInt8>> {
        guard case .complete(let greeting, let consumed) = try SOCKS5.Greeting.parse(bytes) else { return .incomplete }
        let methods = SOCKS5.Method.allCases.filter(greeting.offers).map(\.rawValue)
        return .complete(Set(methods), consumed: consumed)
    }
}

struct SOCKS5RequestReader: GrowingReader {
    func read(_ bytes: Span<UInt8>) throws(SOCKS5.ParseError) -> Parsed<SOCKS5.Request> {
        try SOCKS5.Request.parse(bytes)
    }
}

struct SOCKS4RequestReader: GrowingReader {
    func read(_ bytes: Span<UInt8>) throws(SOCKS4.ParseError) -> Parsed<SOCKS4.Request> {
        try SOCKS4.Request.parse(bytes)
    }
}

/// Scanner and head parser one after the other, as a session uses them.
struct RequestHeadReader: GrowingReader {
    var scanner = HTTP1.HeadScanner(.request)
    var head = HTTP1.RequestHead()

    mutating func read(_ bytes: Span<UInt8>) throws(HTTP1.ParseError) -> Parsed<RequestFacts> {
        guard let length = try scanner.scan(bytes) else { return .incomplete }
        try head.parse(bytes)
        return .complete(RequestFacts(head, bytes), consumed: length)
    }
}

struct ResponseHeadReader: GrowingReader {
    var scanner = HTTP1.HeadScanner(.response)
    var head = HTTP1.ResponseHead()

    mutating func read(_ bytes: Span<UInt8>) throws(HTTP1.ParseError) -> Parsed<ResponseFacts> {
        guard let length = try scanner.scan(bytes) else { return .incomplete }
        try head.parse(bytes)
        return .complete(ResponseFacts(head, bytes), consumed: length)
    }
}

/// The data of a chunked body.
struct ChunkedReader: GrowingReader {
    var decoder = HTTP1.ChunkedDecoder()
    var shown = 0
    var data: [UInt8] = []

    mutating func read(_ bytes: Span<UInt8>) throws(HTTP1.ParseError) -> Parsed<[UInt8]> {
        while true {
            switch try decoder.next(bytes, from: shown) {
            case .data(let range):
                for index in range { data.append(bytes[index]) }
                shown = range.upperBound
            case .incomplete:
                shown = bytes.count
                return .incomplete
            case .end(let end):
                return .complete(data, consumed: end)
            }
        }
    }
}

struct CredentialsReader: GrowingReader {
    func read(_ bytes: Span<UInt8>) throws(SOCKS5.ParseError) -> Parsed<SOCKS5.Credentials> {
        try SOCKS5.Credentials.parse(bytes)
    }
}

struct ClientHelloReader: GrowingReader {
    var reader = TLS.ClientHelloReader()

    mutating func read(_ bytes: Span<UInt8>) throws(TLS.ParseError) -> Parsed<TLS.ClientHello> {
        try reader.read(bytes)
    }
}

struct ProxyProtocolReader: GrowingReader {
    func read(_ bytes: Span<UInt8>) throws(ProxyProtocol.ParseError) -> Parsed<ProxyProtocol.Header> {
        try ProxyProtocol.parse(bytes)
    }
}
