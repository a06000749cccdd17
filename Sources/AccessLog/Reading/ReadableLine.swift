/// A line of the log as people read it on a terminal.
public struct ReadableLine: Sendable {
    /// Whether to colour it by what became of the request.
    public let isColoured: Bool

    public init(isColoured: Bool) {
        self.isColoured = isColoured
    }

    private enum Colour: String {
        case green = "32"
        case yellow = "33"
        case red = "31"
        case grey = "90"
    }

    /// Appends one line for every kind of line but seals. Texts keep the log's escapes, so that none can act on the
    /// terminal.
    public func append(_ line: LogLine, to text: inout [UInt8]) {
        if line.has(.type, "seal") { return }
        if let start = line.raw(line.raw(.end) != nil ? .end : .start), start.count == 27 {
            coloured(.grey, &text) {
                $0 += start[..<10]
                $0.append(UInt8(ascii: " "))
                $0 += start[11..<23]
            }
            text.append(UInt8(ascii: " "))
        }
        if line.has(.type, "event") { event(line, &text) } else { request(line, &text) }
        text.append(UInt8(ascii: "\n"))
    }

    // MARK: - Private

    private func event(_ line: LogLine, _ text: inout [UInt8]) {
        coloured(.yellow, &text) { $0 += line.raw(.event) ?? Self.nothing }
        var members = LineMembers(line.bytes)
        while let member = members.next() {
            let isKnown = ["v", "type", "seq", "start", "event"].contains { member.key.elementsEqual($0.utf8) }
            if isKnown { continue }
            text.append(UInt8(ascii: " "))
            text += member.key
            text.append(UInt8(ascii: "="))
            text += member.value
        }
    }

    private func request(_ line: LogLine, _ text: inout [UInt8]) {
        let isDenied = line.has(.verdict, "deny")
        let isFinal = line.has(.type, "request")
        let word = !isFinal ? line.raw(.type) : isDenied ? line.raw(.verdict) : line.raw(.outcome)
        let colour: Colour = !isFinal ? .grey : isDenied ? .yellow : line.has(.outcome, "ok") ? .green : .red
        coloured(colour, &text) { $0 += word ?? Self.nothing }
        text.append(UInt8(ascii: " "))
        if let user = line.raw(.user) {
            text += user
            text.append(UInt8(ascii: "@"))
        }
        text += line.raw(.client) ?? Self.nothing
        text.append(UInt8(ascii: " "))
        text += line.raw(.proto) ?? Self.nothing
        if let method = line.raw(.method), line.has(.proto, "http") {
            text.append(UInt8(ascii: " "))
            text += method
        }
        text.append(UInt8(ascii: " "))
        text += line.raw(.host) ?? line.raw(.hostRaw) ?? Self.nothing
        if let port = line.raw(.port) {
            text.append(UInt8(ascii: ":"))
            text += port
        }
        if let path = line.raw(.path) { text += path }
        details(line, &text)
    }

    private func details(_ line: LogLine, _ text: inout [UInt8]) {
        for key in [LogKey.rule, .entry, .reason] {
            guard let value = line.raw(key) else { continue }
            text.append(UInt8(ascii: " "))
            if key == .reason { text.append(UInt8(ascii: "\"")) }
            text += value
            if key == .reason { text.append(UInt8(ascii: "\"")) }
        }
        if let status = line.raw(.status) ?? line.raw(.reply) {
            text.append(UInt8(ascii: " "))
            text += status
        }
        if let up = line.number(.up), let down = line.number(.down) {
            text += " \(ByteCount.text(up)) up, \(ByteCount.text(down)) down".utf8
        }
        if let total = line.duration("total") {
            text += total < 10_000 ? " \(total / 1000).\(total / 100 % 10) ms".utf8 : " \(total / 1000) ms".utf8
        }
    }

    private func coloured(_ colour: Colour, _ text: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        if isColoured { text += "\u{1b}[\(colour.rawValue)m".utf8 }
        body(&text)
        if isColoured { text += "\u{1b}[0m".utf8 }
    }

    private static var nothing: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }
}
