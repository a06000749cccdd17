/// Forms in which other tools read access logs. The raw value is what `--to` and `--log-format` take.
///
/// A form tells what it has room for; the log itself remains the record.
public enum LogFormat: String, Sendable, CaseIterable {
    /// Squid's native form, as sarg and other tools for Squid read it.
    case squid
    /// The same behind what syslog puts in front, as the preset `SQUID` of goaccess wants it.
    case squidSyslog = "squid-syslog"
    /// The Common Log Format of web servers.
    case common
    /// The same with referer and user agent.
    case combined
    /// Elastic Common Schema, one JSON object a line.
    case ecs
    /// Comma-separated values with a head line.
    case csv

    /// What stands before the first line; empty for most.
    public var head: String {
        switch self {
        case .squid, .squidSyslog, .common, .combined, .ecs: ""
        case .csv: CSVLine.head
        }
    }

    /// Appends the line of a final record, with its line feed; nothing for all other lines.
    public func append(_ line: LogLine, to text: inout [UInt8]) {
        guard line.has(.type, "request") else { return }
        switch self {
        case .squid: SquidLine.append(line, to: &text)
        case .squidSyslog: SquidLine.appendWithSyslog(line, to: &text)
        case .common: CommonLine.append(line, isCombined: false, to: &text)
        case .combined: CommonLine.append(line, isCombined: true, to: &text)
        case .ecs: ECSLine.append(line, to: &text)
        case .csv: CSVLine.append(line, to: &text)
        }
    }
}

/// What several forms take from a record.
extension LogLine {
    /// The bytes of a text as they were sent; empty if the key is absent.
    func sent(_ key: LogKey) -> [UInt8] {
        raw(key).map { LogText.bytes(of: String(decoding: JSONText.unescaped($0), as: UTF8.self)) } ?? []
    }

    /// When the request was over, or began where that is not known; microseconds since the epoch.
    var endTime: Int64 { time(.end) ?? time(.start) ?? 0 }

    /// The HTTP status that says what the client was told, whatever it spoke, or would have been if there had been a way
    /// or the time to tell it.
    var anyStatus: UInt64 {
        if let status = number(.status) { return status }
        switch number(.reply) {
        case nil: return untoldStatus
        case 0: return 200
        case 2: return 403
        case 6: return 504
        case 1: return 503
        default: return 502
        }
    }

    private var untoldStatus: UInt64 {
        if has(.outcome, "ok") { return 200 }
        if has(.outcome, "http_request_error") { return 400 }
        if has(.outcome, "http_request_denied") || has(.verdict, "deny") { return 403 }
        if has(.outcome, "connection_limit_reached") { return 503 }
        // As nginx has it for a client that went before it was answered.
        return has(.endedBy, "client") ? 499 : 502
    }

    /// The HTTP method; CONNECT for what has none.
    var anyMethod: [UInt8] {
        let method = has(.proto, "http") || has(.proto, "connect") ? sent(.method) : []
        return method.isEmpty ? Array("CONNECT".utf8) : method
    }

    /// `http://host/path` for plain HTTP, `host:port` for tunnels.
    var target: [UInt8] {
        var target: [UInt8] = []
        let isPlain = has(.proto, "http")
        let host = sent(.host).isEmpty ? sent(.hostRaw) : sent(.host)
        guard !host.isEmpty else { return [] }
        if isPlain {
            let scheme = sent(.scheme)
            target += (scheme.isEmpty ? Array("http".utf8) : scheme) + Array("://".utf8)
        }
        let isAddress = host.contains(UInt8(ascii: ":"))
        target += isAddress ? [UInt8(ascii: "[")] + host + [UInt8(ascii: "]")] : host
        if let port = number(.port), !(isPlain && port == 80) { target += Array(":\(port)".utf8) }
        if isPlain {
            let path = sent(.path)
            target += path.first == UInt8(ascii: "/") ? path : [UInt8(ascii: "/")] + path
        }
        return target
    }

    /// Bytes that went to the client.
    var bytesDown: UInt64 { (number(.down) ?? 0) &+ (number(.downHead) ?? 0) }
}

extension [UInt8] {
    /// Appends bytes for a form whose fields end with a space: what is not printable, or a space, becomes `%XX`; nothing
    /// becomes `-`.
    mutating func append(percentEncoded bytes: [UInt8]) {
        if bytes.isEmpty { append(UInt8(ascii: "-")) }
        for byte in bytes {
            if byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") {
                append(byte)
            } else {
                append(UInt8(ascii: "%"))
                append(Self.upperHexDigit(byte >> 4))
                append(Self.upperHexDigit(byte & 15))
            }
        }
    }

    /// Appends bytes for a field in quotation marks: these, `\` and what is not printable become escapes; nothing becomes
    /// `-`.
    mutating func append(quoted bytes: [UInt8]) {
        if bytes.isEmpty { append(UInt8(ascii: "-")) }
        for byte in bytes {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                append(UInt8(ascii: "\\"))
                append(byte)
            } else if byte >= 0x20 && byte < 0x7f {
                append(byte)
            } else {
                append(contentsOf: "\\x".utf8)
                append(LineCursor.hexDigit(byte >> 4))
                append(LineCursor.hexDigit(byte & 15))
            }
        }
    }

    private static func upperHexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value
    }
}
