import AccessLog
import Addressing
import Testing
import Wire

@testable import Proxy

/// What becomes of a client's bytes: a negotiation from its first byte to its end, without a socket.
struct Conversation: Equatable, CustomStringConvertible {
    enum Result: Equatable {
        /// More bytes are awaited.
        case waiting
        /// A tunnel is asked for; `rest` belongs to it.
        case request(String, rest: [UInt8])
        /// A UDP association is asked for, for datagrams from that port.
        case associate(UInt16, rest: [UInt8])
        /// A plain HTTP request, to be forwarded.
        case forward
        /// User and password that are to be verified before anything else is read.
        case login(String)
        /// Refused, and told so: outcome, status or reply as the record has them.
        case refused(Outcome, told: UInt16?)
    }

    var result = Result.waiting
    /// All that the client is sent, the refusal included.
    var answer: [UInt8] = []
    var stage = Stage.sniff
    var host: String?
    var rawHost: [UInt8] = []

    var description: String { "\(result), answered \(answer), at \(stage), host \(host ?? "none"), raw \(rawHost)" }

    /// Runs the negotiation on `pieces`, in the way that a session does.
    init(_ pieces: some Sequence<ArraySlice<UInt8>>, asking: Negotiation.Asking = .nobody) {
        var negotiation = Negotiation(asking)
        var facts = Negotiation.Facts()
        var head = HTTP1.RequestHead()
        var input: [UInt8] = []
        for piece in pieces {
            input += piece
            step(&negotiation, &facts, &head, &input)
            guard result == .waiting else { break }
        }
        stage = negotiation.stage
        host = facts.host?.description
        rawHost = facts.rawHost
    }

    private mutating func step(
        _ negotiation: inout Negotiation, _ facts: inout Negotiation.Facts, _ head: inout HTTP1.RequestHead,
        _ input: inout [UInt8]
    ) {
        while true {
            switch negotiation.received(input.span, &facts, head: &head) {
            case .incomplete: return
            case .select(let method, let consumed):
                input.removeFirst(consumed)
                SOCKS5.appendMethodSelection(method, to: &answer)
            case .logIn(let credentials, _):
                result = .login(String(decoding: credentials.name + [0x3a] + credentials.password, as: UTF8.self))
                return
            case .request(let host, let port, let consumed):
                let authority = Authority(host: host, port: port)
                result = .request(authority.description, rest: Array(input[consumed...]))
                return
            case .associate(let announced, let consumed):
                result = .associate(announced.rawValue, rest: Array(input[consumed...]))
                return
            case .forward:
                result = .forward
                return
            case .refuse(let refusal):
                let dialect = negotiation.dialect
                dialect.append(refusal, verdict: nil, requestID: "id", to: &answer)
                let told = dialect.told(refusal)
                result = .refused(refusal.outcome, told: told.status ?? told.reply.map(UInt16.init))
                return
            }
        }
    }

    /// Shows the negotiation `bytes` whole, byte by byte, split at every index, and with others behind: it must come to
    /// the same each time.
    static func expect(
        _ bytes: [UInt8], _ result: Result, answer: [UInt8]? = nil, host: String? = nil, rawHost: [UInt8] = [],
        asking: Negotiation.Asking = .nobody, _ location: SourceLocation = #_sourceLocation
    ) {
        let whole = Conversation([bytes[...]], asking: asking)
        #expect(whole.result == result, sourceLocation: location)
        if let answer { #expect(whole.answer == answer, sourceLocation: location) }
        #expect(whole.host == host, sourceLocation: location)
        #expect(whole.rawHost == rawHost, sourceLocation: location)
        let byteByByte = Conversation(bytes.indices.map { bytes[$0...$0] }, asking: asking)
        #expect(byteByByte == whole, "byte by byte", sourceLocation: location)
        for index in bytes.indices {
            let split = Conversation([bytes[..<index], bytes[index...]], asking: asking)
            if split != whole { #expect(split == whole, "split at \(index)", sourceLocation: location) }
        }
        for trailing in [[0], [0xff, 5, 1, 0], Array("GET / HTTP/1.1\r\n\r\n".utf8)] as [[UInt8]] {
            var expected = whole
            if case .waiting = result { continue }
            if case .request(let authority, let rest) = result {
                expected.result = .request(authority, rest: rest + trailing)
            } else if case .associate(let port, let rest) = result {
                expected.result = .associate(port, rest: rest + trailing)
            }
            let longer = Conversation([(bytes + trailing)[...]], asking: asking)
            #expect(longer == expected, "with \(trailing) behind", sourceLocation: location)
        }
    }
}
