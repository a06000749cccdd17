@testable import Wire

/// A DNS message put together field by field, right or wrong.
struct DNSFixture: Sendable {
    var flags: UInt16 = 0x8180
    var question: (name: String, type: UInt16)? = ("a", 1)
    var scope: UInt16 = 1
    var answers: [Record] = []
    var authorities: [Record] = []
    var additionals: [Record] = []
    /// In place of the true ones.
    var counts: [UInt16]?
    var extra: [UInt8] = []
    /// Bytes that arrive.
    var cut: Int?

    struct Record: Sendable {
        var name: [UInt8]
        var type: UInt16
        var scope: UInt16 = 1
        var ttl: UInt32 = 300
        var data: [UInt8]

        static func a(_ name: String, _ data: [UInt8], ttl: UInt32 = 300) -> Record {
            Record(name: wire(name), type: 1, ttl: ttl, data: data)
        }

        static func aaaa(_ name: String, _ data: [UInt8]) -> Record {
            Record(name: wire(name), type: 28, data: data)
        }

        static func cname(_ name: String, _ target: String, ttl: UInt32) -> Record {
            Record(name: wire(name), type: 5, ttl: ttl, data: wire(target))
        }

        static func soa(_ name: String, minimum: UInt32, ttl: UInt32) -> Record {
            var data = wire("ns.example") + wire("root.example") + [UInt8](repeating: 1, count: 16)
            appendBigEndian(minimum, to: &data)
            return Record(name: wire(name), type: 6, ttl: ttl, data: data)
        }

        static func opt(ttl: UInt32) -> Record {
            Record(name: [0], type: 41, scope: 1232, ttl: ttl, data: [])
        }

        var bytes: [UInt8] {
            var bytes = name
            appendBigEndian(type, to: &bytes)
            appendBigEndian(scope, to: &bytes)
            appendBigEndian(ttl, to: &bytes)
            appendBigEndian(UInt16(data.count), to: &bytes)
            return bytes + data
        }
    }

    /// Five labels of 63 bytes.
    static let tooLong: [UInt8] = wire(
        ([String](repeating: String(repeating: "a", count: 63), count: 5)).joined(separator: "."))

    static func wire(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        appendBigEndian(0x1234 as UInt16, to: &bytes)
        appendBigEndian(flags, to: &bytes)
        let sections = [answers, authorities, additionals]
        for count in counts ?? [question == nil ? 0 : 1] + sections.map({ UInt16($0.count) }) {
            appendBigEndian(count, to: &bytes)
        }
        if let question {
            bytes += Self.wire(question.name)
            appendBigEndian(question.type, to: &bytes)
            appendBigEndian(scope, to: &bytes)
        }
        for record in sections.joined() { bytes += record.bytes }
        bytes += extra
        return cut.map { Array(bytes.prefix($0)) } ?? bytes
    }

    func parsed() throws(DNS.ParseError) -> DNS.Response {
        let bytes = bytes
        return try DNS.Response.parse(bytes.span)
    }
}

private func wire(_ name: String) -> [UInt8] {
    DNSFixture.wire(name)
}
