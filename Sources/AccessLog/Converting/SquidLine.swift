/// `time elapsed client code/status bytes method URL user hierarchy/peer type`.
///
/// Spec: the native `logformat squid` of the documentation of `access_log`.
enum SquidLine {
    static func append(_ line: LogLine, to text: inout [UInt8]) {
        let end = line.endTime
        let millis = String(end / 1000 % 1000 + 1000).dropFirst()
        let elapsed = String((line.duration("total") ?? 0) / 1000)
        text += "\(end / 1_000_000).\(millis) ".utf8
        text += repeatElement(UInt8(ascii: " "), count: max(0, 6 - elapsed.utf8.count))
        text += elapsed.utf8
        text.append(UInt8(ascii: " "))
        text.append(percentEncoded: line.sent(.client))
        let status = String(line.anyStatus + 1000).dropFirst()
        text += " \(code(line))/\(status) \(line.bytesDown) ".utf8
        text.append(percentEncoded: line.anyMethod)
        text.append(UInt8(ascii: " "))
        let target = line.target
        text.append(percentEncoded: target.isEmpty ? Array("error:invalid-request".utf8) : target)
        text.append(UInt8(ascii: " "))
        text.append(percentEncoded: line.sent(.user))
        if let dialled = line.raw(.dialled) {
            text += " HIER_DIRECT/".utf8
            text += dialled
        } else {
            text += " HIER_NONE/-".utf8
        }
        text += " -\n".utf8
    }

    /// `Nov 20 23:54:01 sallyport squid[1]: ` and the line.
    ///
    /// Spec: RFC 3164 §4.1.2 for the time.
    static func appendWithSyslog(_ line: LogLine, to text: inout [UInt8]) {
        let (date, time) = CommonLine.dateAndTime(line.endTime)
        let day = date.day < 10 ? " \(date.day)" : "\(date.day)"
        text += "\(CommonLine.months[date.month - 1]) \(day) \(time) sallyport squid[1]: ".utf8
        append(line, to: &text)
    }

    private static func code(_ line: LogLine) -> String {
        if line.has(.verdict, "deny") || line.has(.outcome, "http_request_denied") { return "TCP_DENIED" }
        if line.raw(.host) == nil { return "NONE_NONE" }
        if line.raw(.dialled) == nil || !line.has(.outcome, "ok") && line.raw(.local) == nil { return "NONE_NONE" }
        return line.has(.proto, "http") ? "TCP_MISS" : "TCP_TUNNEL"
    }
}
