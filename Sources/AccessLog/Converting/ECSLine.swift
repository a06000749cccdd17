/// A record in the Elastic Common Schema.
///
/// Spec: ECS 8.11, field sets base, event, client, destination, network, url, http, user, user_agent, rule, tls, observer.
enum ECSLine {
    static func append(_ line: LogLine, to text: inout [UInt8]) {
        var object = JSONObject()
        object.add("@timestamp", text: line.raw(.end) ?? line.raw(.start))
        object.nest("ecs") { $0.add("version", token: "8.11.0") }
        object.nest("event") { event(line, &$0) }
        object.nest("observer") {
            $0.add("product", token: "sallyport")
            $0.add("type", token: "proxy")
        }
        object.nest("client") {
            $0.add("address", text: line.raw(.client))
            $0.add("ip", text: line.raw(.client).flatMap { Self.isAddress($0) ? $0 : nil })
            $0.add("port", number: line.raw(.clientPort))
            $0.add("bytes", number: line.raw(.up))
            $0.nest("user") { $0.add("name", text: line.raw(.user)) }
        }
        object.nest("destination") {
            $0.add("address", text: line.raw(.host) ?? line.raw(.hostRaw))
            $0.add("domain", text: line.raw(.host).flatMap { Self.isAddress($0) ? nil : $0 })
            $0.add("ip", text: line.raw(.dialled))
            $0.add("port", number: line.raw(.port))
            $0.add("bytes", number: line.raw(.down))
        }
        object.nest("network") {
            $0.add("transport", token: line.has(.proto, "udp") ? "udp" : "tcp")
            $0.add("application", text: line.raw(.proto))
        }
        object.nest("url") {
            $0.add("scheme", text: line.raw(.scheme))
            $0.add("domain", text: line.raw(.host))
            $0.add("port", number: line.raw(.port))
            $0.add("original", text: line.raw(.path))
        }
        object.nest("http") { http(line, &$0) }
        object.nest("user_agent") { $0.add("original", text: line.raw(.userAgent)) }
        object.nest("rule") {
            $0.add("name", text: line.raw(.rule))
            $0.add("description", text: line.raw(.reason))
            $0.add("ruleset", text: line.raw(.policy))
        }
        object.nest("tls") { $0.nest("client") { $0.add("server_name", text: line.raw(.serverName)) } }
        text += object.finished + [UInt8(ascii: "\n")]
    }

    private static func event(_ line: LogLine, _ event: inout JSONObject) {
        let isDenied = line.has(.verdict, "deny")
        event.add("kind", token: "event")
        event.add("category", tokens: ["network", "web"])
        event.add("type", tokens: ["connection", isDenied ? "denied" : "allowed"])
        event.add("action", text: line.raw(.outcome))
        event.add("outcome", token: line.has(.outcome, "ok") ? "success" : "failure")
        event.add("id", text: line.raw(.id))
        event.add("sequence", number: line.raw(.seq))
        event.add("start", text: line.raw(.start))
        event.add("end", text: line.raw(.end))
        if let total = line.duration("total") { event.add("duration", value: total &* 1000) }
    }

    private static func http(_ line: LogLine, _ http: inout JSONObject) {
        http.nest("request") {
            if line.has(.proto, "http") || line.has(.proto, "connect") { $0.add("method", text: line.raw(.method)) }
            $0.add("referrer", text: line.raw(.referer))
        }
        http.nest("response") { $0.add("status_code", number: line.raw(.status)) }
    }

    /// Whether it is written like an address: a colon, or nothing but digits and dots.
    private static func isAddress(_ text: UnsafeRawBufferPointer) -> Bool {
        text.contains(UInt8(ascii: ":"))
            || text.allSatisfy { $0 == UInt8(ascii: ".") || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
}

/// A JSON object in the making. Texts and numbers come from the log, as JSON already.
struct JSONObject {
    private var bytes: [UInt8] = []

    var finished: [UInt8] { [UInt8(ascii: "{")] + bytes + [UInt8(ascii: "}")] }

    /// Nothing where there is no text.
    mutating func add(_ name: StaticString, text: UnsafeRawBufferPointer?) {
        guard let text else { return }
        key(name)
        bytes.append(UInt8(ascii: "\""))
        bytes += text
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func add(_ name: StaticString, number: UnsafeRawBufferPointer?) {
        guard let number, JSONText.decimal(number) != nil else { return }
        key(name)
        bytes += number
    }

    mutating func add(_ name: StaticString, value: UInt64) {
        key(name)
        bytes += String(value).utf8
    }

    mutating func add(_ name: StaticString, token: String) {
        key(name)
        bytes += "\"\(token)\"".utf8
    }

    mutating func add(_ name: StaticString, tokens: [String]) {
        key(name)
        bytes += "[\(tokens.map { "\"\($0)\"" }.joined(separator: ","))]".utf8
    }

    /// Nothing if nothing was added to it.
    mutating func nest(_ name: StaticString, _ fill: (inout JSONObject) -> Void) {
        var inner = JSONObject()
        fill(&inner)
        guard !inner.bytes.isEmpty else { return }
        key(name)
        bytes += inner.finished
    }

    private mutating func key(_ name: StaticString) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes += "\"\(name)\":".utf8
    }
}
