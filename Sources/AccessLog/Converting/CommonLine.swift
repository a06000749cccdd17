/// `client - user [time] "request" status bytes`, and with referer and user agent in the combined form.
///
/// Spec: the formats `common` and `combined` of Apache's mod_log_config.
enum CommonLine {
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func append(_ line: LogLine, isCombined: Bool, to text: inout [UInt8]) {
        text.append(percentEncoded: line.sent(.client))
        text += " - ".utf8
        text.append(percentEncoded: line.sent(.user))
        text += " [\(time(line.endTime))] \"".utf8
        text.append(quoted: request(line))
        text += "\" \(String(line.anyStatus + 1000).dropFirst()) \(line.bytesDown)".utf8
        if isCombined {
            text += " \"".utf8
            text.append(quoted: line.sent(.referer))
            text += "\" \"".utf8
            text.append(quoted: line.sent(.userAgent))
            text.append(UInt8(ascii: "\""))
        }
        text.append(UInt8(ascii: "\n"))
    }

    /// The request line; a tunnel that was not asked for in HTTP says what was spoken instead.
    private static func request(_ line: LogLine) -> [UInt8] {
        let target = line.target
        guard !target.isEmpty else { return [] }
        var target8: [UInt8] = []
        target8.append(percentEncoded: target)
        let isHTTP = line.has(.proto, "http") || line.has(.proto, "connect")
        let version = isHTTP ? Array("HTTP/1.1".utf8) : line.sent(.proto).map { $0 >= 0x61 ? $0 - 0x20 : $0 }
        return line.anyMethod + [UInt8(ascii: " ")] + target8 + [UInt8(ascii: " ")] + version
    }

    /// `20/Nov/2025:23:54:01 +0000`.
    private static func time(_ micros: Int64) -> String {
        let (date, time) = dateAndTime(micros)
        return "\(String(date.day + 100).dropFirst())/\(months[date.month - 1])/\(date.year):\(time) +0000"
    }

    /// The day, and `23:54:01`.
    static func dateAndTime(_ micros: Int64) -> (date: CivilDate, time: String) {
        let seconds = max(0, micros) / 1_000_000
        let parts = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { String($0 + 100).dropFirst() }
        return (CivilDate(dayNumber: seconds / 86_400), parts.joined(separator: ":"))
    }
}
