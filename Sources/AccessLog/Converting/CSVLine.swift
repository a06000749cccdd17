/// The keys of a record as columns. Texts keep the log's escapes, so that a field is one line and shows no controls.
enum CSVLine {
    private static let keys: [LogKey] = [
        .start, .end, .seq, .id, .client, .clientPort, .listener, .user, .auth, .proto, .method, .scheme, .host,
        .hostRaw,
        .port, .path, .userAgent, .referer, .verdict, .rule, .entry, .reason, .would, .policy, .resolver, .dialled,
        .local,
        .serverName, .status, .originStatus, .reply, .up, .down, .clientRoundTrip, .originRoundTrip, .retransmits,
        .outcome, .endedBy, .stage, .errno,
    ]

    static var head: String {
        (keys.map(\.name) + ["ms"]).joined(separator: ",") + "\r\n"
    }

    static func append(_ line: LogLine, to text: inout [UInt8]) {
        for key in keys {
            if let raw = line.raw(key) { append(field: raw, to: &text) }
            text.append(UInt8(ascii: ","))
        }
        if let total = line.duration("total") {
            text += "\(total / 1000).\(String(total % 1000 + 1000).dropFirst())".utf8
        }
        text += "\r\n".utf8
    }

    /// Plain where it can be, as numbers and most names are; else in quotation marks, see `CSV.quoted`.
    private static func append(field: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        let isPlain = field.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "_"),
                UInt8(ascii: "/"):
                true
            default: false
            }
        }
        if isPlain {
            text += field
        } else {
            text += CSV.quoted(String(decoding: field, as: UTF8.self)).utf8
        }
    }
}
