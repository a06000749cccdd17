import Addressing

@testable import Wire

/// What a scripted name server says: a response put together record by record, right or wrong.
struct DNSAnswer: Sendable {
    var records: [Record] = []
    var authorities: [Record] = []
    var code: UInt16 = 0
    var isTruncated = false
    /// In place of the question that was asked.
    var question: (name: String, type: UInt16)?
    /// Added to the id that was asked with.
    var idOffset: UInt16 = 0
    /// Repeats the question in small letters.
    var foldsCase = false
    var leavesOutQuestion = false

    struct Record: Sendable {
        let name: [UInt8]
        let type: UInt16
        let ttl: UInt32
        let data: [UInt8]

        static func address(_ name: String, _ address: IPAddress, ttl: UInt32 = 300) -> Record {
            var data: [UInt8] = []
            if let v4 = address.v4Bits {
                appendBigEndian(v4, to: &data)
            } else {
                appendBigEndian(address.high, to: &data)
                appendBigEndian(address.low, to: &data)
            }
            return Record(name: wire(name), type: address.isV4 ? 1 : 28, ttl: ttl, data: data)
        }

        static func alias(_ name: String, _ target: String, ttl: UInt32 = 300) -> Record {
            Record(name: wire(name), type: 5, ttl: ttl, data: wire(target))
        }

        /// What lets a negative answer be remembered.
        static func authority(ttl: UInt32) -> Record {
            var data: [UInt8] = wire("ns.example") + wire("root.example") + [UInt8](repeating: 0, count: 16)
            appendBigEndian(ttl, to: &data)
            return Record(name: wire("example"), type: 6, ttl: ttl, data: data)
        }
    }

    /// All of `addresses`, of whatever family, as records of `name`; those of the other family than asked for are left out.
    static func addresses(_ addresses: [IPAddress], to query: DNSQuestion, ttl: UInt32 = 300) -> DNSAnswer {
        let fitting = addresses.filter { $0.isV4 == (query.type == 1) }
        return DNSAnswer(records: fitting.map { .address(query.name, $0, ttl: ttl) })
    }

    static func wire(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    /// The message in answer to `query`.
    func message(to query: DNSQuestion) -> [UInt8] {
        var bytes: [UInt8] = []
        appendBigEndian(query.id &+ idOffset, to: &bytes)
        appendBigEndian(0x8180 | code | (isTruncated ? 0x0200 : 0), to: &bytes)
        for count in [leavesOutQuestion ? 0 : 1, records.count, authorities.count, 0] {
            appendBigEndian(UInt16(count), to: &bytes)
        }
        if let question {
            bytes += Self.wire(question.name)
            appendBigEndian(question.type, to: &bytes)
            appendBigEndian(UInt16(1), to: &bytes)
        } else if !leavesOutQuestion {
            bytes += foldsCase ? query.bytes.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 } : query.bytes
        }
        for record in records + authorities {
            bytes += record.name
            appendBigEndian(record.type, to: &bytes)
            appendBigEndian(UInt16(1), to: &bytes)
            appendBigEndian(record.ttl, to: &bytes)
            appendBigEndian(UInt16(record.data.count), to: &bytes)
            bytes += record.data
        }
        return bytes
    }

    /// The same, read.
    func response(to query: DNSQuestion) -> DNS.Response {
        let bytes = message(to: query)
        guard let response = try? DNS.Response.parse(bytes.span) else {
            preconditionFailure("a script that can't be read")
        }
        return response
    }
}

/// A query as a name server sees it.
struct DNSQuestion: Sendable, Hashable {
    var id: UInt16
    /// In small letters.
    var name: String
    var type: UInt16
    /// Whether it has an OPT record.
    var hasOptions = true
    /// Whether it came over TCP.
    var isStream = false
    /// The question as it was sent.
    var bytes: [UInt8]

    var isV4: Bool { type == 1 }

    init(_ name: String, v4: Bool = true, id: UInt16 = 7) {
        self.id = id
        self.name = name
        type = v4 ? 1 : 28
        bytes = DNSAnswer.wire(name) + [0, UInt8(type), 0, 1]
    }

    init(message: [UInt8], isStream: Bool) {
        id = UInt16(message[0]) << 8 | UInt16(message[1])
        hasOptions = message[11] > 0
        self.isStream = isStream
        var labels: [String] = []
        var index = 12
        while message[index] > 0 {
            let end = index + 1 + Int(message[index])
            labels.append(String(decoding: message[index + 1..<end], as: UTF8.self).lowercased())
            index = end
        }
        name = labels.joined(separator: ".")
        type = UInt16(message[index + 1]) << 8 | UInt16(message[index + 2])
        bytes = Array(message[12..<index + 5])
    }
}
