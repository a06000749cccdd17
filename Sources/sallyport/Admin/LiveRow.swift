import AccessLog

/// A request under way, as the proxy tells of it.
struct LiveRow {
    let id: String
    let client: String
    let user: String
    let host: String
    let rule: String
    let stage: String
    let bytes: UInt64
    /// Seconds.
    let age: Double
    /// Bytes a second between two readings; nil in the first.
    var rate: Double?

    /// Reads the lines of `/connections`.
    ///
    /// - Returns: nil if the list was cut off.
    static func all(_ body: [UInt8]) -> [LiveRow]? {
        let lines = body.split(separator: UInt8(ascii: "\n"))
        guard lines.first?.elementsEqual("[".utf8) == true, lines.last?.elementsEqual("]".utf8) == true else {
            return nil
        }
        return lines.dropFirst().dropLast().compactMap { line in
            let object = line.last == UInt8(ascii: ",") ? line.dropLast() : line
            return object.withUnsafeBytes { LogLine($0).map { LiveRow($0) } }
        }
    }

    private init(_ line: LogLine) {
        id = line.text(.id) ?? ""
        client = line.text(.client) ?? ""
        user = line.text(.user) ?? "-"
        stage = line.text(.stage) ?? ""
        rule = line.text(.rule) ?? "-"
        host = Self.destination(line)
        bytes = (line.number(.up) ?? 0) &+ (line.number(.down) ?? 0)
        age = Self.age(line.bytes)
    }

    private static func destination(_ line: LogLine) -> String {
        guard let host = line.text(.host) else { return "-" }
        guard let port = line.number(.port) else { return host }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The one number that the log's lines don't have. Quotation marks within texts are escaped: these are the key's.
    private static func age(_ bytes: UnsafeRawBufferPointer) -> Double {
        let key = Array(",\"age\":".utf8)
        guard let start = bytes.indices.last(where: { bytes[$0...].starts(with: key) }) else { return 0 }
        let digits = bytes[(start + key.count)...].prefix { (0x2e...0x39).contains($0) || $0 == UInt8(ascii: "e") }
        return Double(String(decoding: digits, as: UTF8.self)) ?? 0
    }
}
