import AccessLog
import Addressing
import CLinux
import Glibc
import Policy
import Proxy

/// The forms that values of options take.
enum OptionValue {
    static func path(_ text: String) throws(OptionError) -> String {
        guard !text.isEmpty else { throw OptionError("the name is empty", allowed: "a file is needed") }
        return text
    }

    static func number(_ text: String, _ allowed: ClosedRange<Int>) throws(OptionError) -> Int {
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(text), allowed.contains(number)
        else {
            throw OptionError(
                "\"\(text)\" is no such number",
                allowed: "a whole number from \(allowed.lowerBound) to \(allowed.upperBound) is needed")
        }
        return number
    }

    /// `127.0.0.1:3128`, `[::1]:3128`; the unspecified addresses and port 0 have their meaning for a listener.
    static func listener(_ text: String) throws(OptionError) -> Endpoint {
        let allowed = "an address and a port are needed, such as 127.0.0.1:3128, [::1]:3128 or 0.0.0.0:0"
        guard let colon = text.lastIndex(of: ":") else {
            throw OptionError("\"\(text)\" has no port", allowed: allowed)
        }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        let digits = Array(text[text.index(after: colon)...].utf8)
        guard let address = IPAddress(host), isBracketed != (address.isV4 && !host.contains(":")) else {
            throw OptionError("\"\(text[..<colon])\" is no address", allowed: allowed)
        }
        guard let port = Port(parsing: digits.span) else {
            throw OptionError("\"\(text[text.index(after: colon)...])\" is no port", allowed: allowed)
        }
        return Endpoint(address, port)
    }

    /// `0.0.0.0:3128`, or `0.0.0.0:3128,proxy-protocol from 10.0.0.0/8 …`.
    static func servedListener(_ text: String) throws(OptionError) -> Configuration.Listener {
        guard let comma = text.firstIndex(of: ",") else { return Configuration.Listener(try listener(text)) }
        let endpoint = try listener(String(text[..<comma]))
        let words = text[text.index(after: comma)...].split(separator: " ")
        let allowed = "behind the comma stands: proxy-protocol from NETWORK …, such as 10.0.0.0/8 or 192.0.2.7"
        guard words.first == "proxy-protocol", words.dropFirst().first == "from", words.count > 2 else {
            throw OptionError("\"\(text[comma...].dropFirst())\" is not known", allowed: allowed)
        }
        var balancers: [IPPrefix] = []
        for word in words.dropFirst(2) {
            guard let prefix = IPPrefix(word) else { throw OptionError("\"\(word)\" is no network", allowed: allowed) }
            balancers.append(prefix)
        }
        return Configuration.Listener(endpoint, balancers: balancers)
    }

    /// `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`: a name server.
    static func nameServer(_ text: String) throws(OptionError) -> Endpoint {
        let endpoint = IPAddress(text).map { Endpoint($0, DNSResolver.defaultPort) } ?? (try? listener(text))
        guard let endpoint, !endpoint.address.isUnspecified, endpoint.port.rawValue > 0 else {
            throw OptionError(
                "\"\(text)\" is no name server",
                allowed: "system or an address is needed, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353")
        }
        return endpoint
    }

    /// A number with its unit: `500ms`, `10s`, `15m`, `2h`, `1d`.
    static func duration(_ text: String, allowsZero: Bool = false) throws(OptionError) -> Duration {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [(name: Substring, milliseconds: Int)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
        ]
        guard let number = Int(digits), number <= 1_000_000,
            let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else {
            throw OptionError(
                "\"\(text)\" is no time", allowed: "a number with its unit is needed, such as 500ms, 10s, 15m, 2h or 1d"
            )
        }
        let milliseconds = number * unit.milliseconds
        guard milliseconds > 0 || allowsZero, milliseconds <= 366 * 86_400_000 else {
            throw OptionError(
                "\"\(text)\" is out of range", allowed: "from \(allowsZero ? "0s" : "1ms") to 366d is allowed")
        }
        return .milliseconds(milliseconds)
    }

    static func address(_ text: String) throws(OptionError) -> IPAddress {
        guard let address = IPAddress(text) else {
            throw OptionError("\"\(text)\" is no address", allowed: "such as 192.0.2.1 or 2001:db8::1 is needed")
        }
        return address
    }

    /// A date and time with its zone, as seconds since the epoch. Spec: RFC 3339 §5.6.
    static func time(_ text: String) throws(OptionError) -> Int64 {
        var parts = tm()
        var zone: Int?
        let rest = text.withCString { start -> String? in
            strptime(start, "%Y-%m-%dT%H:%M:%S", &parts).map { String(cString: $0) }
        }
        if let rest { zone = rest == "Z" || rest == "z" ? 0 : zoneOffset(rest) }
        guard let zone else {
            throw OptionError(
                "\"\(text)\" is no time", allowed: "such as 2026-11-21T08:00:00Z or 2026-11-21T09:00:00+01:00 is needed"
            )
        }
        return Int64(timegm(&parts)) - Int64(zone)
    }

    /// `time-numoffset = ("+" / "-") time-hour ":" time-minute`, in seconds.
    private static func zoneOffset(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[3] == UInt8(ascii: ":")
        else { return nil }
        let digits = [1, 2, 4, 5].map { Int(bytes[$0]) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard hours < 24, minutes < 60 else { return nil }
        return (bytes[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// A time of the log, or a part of one from the left, in UTC; microseconds since the epoch.
    static func logTime(_ text: String) throws(OptionError) -> Int64 {
        guard let time = Timestamp.micros(from: text) else {
            throw OptionError(
                "\"\(text)\" is no time",
                allowed: "such as 2026-11-21, 2026-11-21T08:00 or 2026-11-21T08:00:00Z is needed")
        }
        return time
    }

    /// A name as it can stand in a field. Spec: RFC 9110 §5.6.2 (`token`).
    static func token(_ text: String) throws(OptionError) -> String {
        let allowed = "!#$%&'*+-.^_`|~"
        let isToken = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || allowed.unicodeScalars.contains(scalar)
        }
        guard isToken, !text.isEmpty, text.utf8.count <= 64 else {
            throw OptionError("\"\(text)\" is no name", allowed: "up to 64 letters, digits and \(allowed) are allowed")
        }
        return text
    }

    /// A number of bytes with its unit: `500KB`, `100MB`, `2GB`.
    static func size(_ text: String) throws(OptionError) -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [(name: Substring, bytes: Int)] = [("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000)]
        guard let number = Int(digits), (1...1_000_000).contains(number),
            let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else {
            throw OptionError(
                "\"\(text)\" is no size", allowed: "a number with its unit is needed, such as 500KB, 100MB or 2GB")
        }
        return number * unit.bytes
    }

    /// A file whose bytes are a key.
    static func key(_ text: String) throws(OptionError) -> [UInt8] {
        let allowed = "a file of 16 to 4096 bytes is needed"
        let key: [UInt8]
        do throws(TextFileError) {
            key = try TextFile.bytes(of: text, limit: 4096)
        } catch {
            throw OptionError("\(text): \(error)", allowed: allowed)
        }
        guard key.count >= 16 else { throw OptionError("\(text) has \(key.count) bytes", allowed: allowed) }
        return key
    }

    /// A seal as `log head` prints it.
    static func sealHead(_ text: String) throws(OptionError) -> SealHead {
        guard let head = SealHead(text) else {
            throw OptionError("\"\(text)\" is no seal", allowed: "SEQ:SHA256 as printed by log head is needed")
        }
        return head
    }

    /// A name or an address.
    static func host(_ text: String) throws(OptionError) -> Host {
        do throws(HostError) {
            return try Host(text)
        } catch {
            throw OptionError("\"\(text)\": \(error)", allowed: "such as proxy.example or 192.0.2.1 is needed")
        }
    }

    static func onOff(_ text: String) throws(OptionError) -> Bool {
        switch text {
        case "on": true
        case "off": false
        default: throw OptionError("\"\(text)\" is neither", allowed: "on or off is needed")
        }
    }

    /// One of the words that a type has.
    static func oneOf<Word: RawRepresentable & CaseIterable>(_ text: String) throws(OptionError) -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue)
            throw OptionError(
                "\"\(text)\" is not known\(NearestWord.suggestion(text, among: words))",
                allowed: "one of \(words.joined(separator: ", ")) is needed")
        }
        return word
    }

    /// A file that holds an HTML template.
    static func page(_ text: String) throws(OptionError) -> AnswerPage {
        do {
            return try AnswerPage(template: try TextFile.contents(of: try path(text), limit: 1 << 20))
        } catch {
            throw OptionError("\(text): \(error)", allowed: "an HTML file of up to 1 MiB is needed")
        }
    }
}
