import Addressing
import Testing

@testable import sallyport

@Suite("Values of options")
struct OptionValueTests {
    @Test("A time is a number and its unit")
    func durations() throws {
        let good: [(String, Duration)] = [
            ("1ms", .milliseconds(1)), ("500ms", .milliseconds(500)), ("10s", .seconds(10)), ("15m", .seconds(900)),
            ("2h", .seconds(7200)), ("366d", .seconds(366 * 86_400)),
        ]
        for (text, duration) in good { #expect(try OptionValue.duration(text) == duration, "\(text)") }
        for text in [
            "", "10", "s", "10 s", "1.5s", "-1s", "+1s", "10S", "10sec", "1e3s", "٣s", "99999999999999999999s",
        ] {
            #expect(throws: OptionError.self, "\(text)") { try OptionValue.duration(text) }
        }
        #expect(throws: OptionError("\"0s\" is out of range", allowed: "from 1ms to 366d is allowed")) {
            try OptionValue.duration("0s")
        }
        #expect(throws: OptionError.self) { try OptionValue.duration("367d") }
        #expect(try OptionValue.duration("0s", allowsZero: true) == .zero)
    }

    @Test("A listener is an address and a port, the unspecified ones and port 0 among them")
    func listeners() throws {
        for text in ["127.0.0.1:3128", "[::1]:3128", "0.0.0.0:0", "[::]:65535", "[2001:db8::1]:1"] {
            #expect(try OptionValue.listener(text).description == text)
        }
        for text in [
            "", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:080", "[127.0.0.1]:80",
            "::1:80", "[::1]", "[::1]80", "localhost:80", "127.1:80", "*:80", "[::1%lo]:80", "127.0.0.1:80 ",
        ] {
            #expect(throws: OptionError.self, "\(text)") { try OptionValue.listener(text) }
        }
    }

    @Test("A number is plain digits in its range")
    func numbers() throws {
        #expect(try OptionValue.number("1", 1...64) == 1)
        #expect(try OptionValue.number("64", 1...64) == 64)
        for text in ["", "0", "65", "-1", "+1", "1.0", "0x1", " 1", "٣", "99999999999999999999"] {
            #expect(throws: OptionError.self, "\(text)") { try OptionValue.number(text, 1...64) }
        }
    }

    @Test("A size is a number and its unit, and no more than a million of them")
    func sizes() throws {
        #expect(try OptionValue.size("500KB") == 500_000)
        #expect(try OptionValue.size("2GB") == 2_000_000_000)
        for text in ["", "0KB", "1", "1kb", "1.5MB", "-1MB", "1000001GB", "MB"] {
            #expect(throws: OptionError.self, "\(text)") { try OptionValue.size(text) }
        }
    }

    @Test("A date has its zone, and stands for one moment")
    func times() throws {
        let good: [(String, Int64)] = [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T19:30:00-04:30", 0),
            ("2026-11-21T08:00:00Z", 1_795_248_000),
        ]
        for (text, seconds) in good { #expect(try OptionValue.time(text) == seconds, "\(text)") }
        for text in [
            "", "2026-11-21", "2026-11-21T08:00:00", "2026-11-21T08:00:00+1:00", "2026-11-21T08:00:00++1:00",
            "2026-11-21T08:00:00+-1:00", "2026-11-21T08:00:00+01:60", "2026-11-21T08:00:00+24:00",
            "2026-13-21T08:00:00Z", "2026-11-21T08:00:00Z ", "2026-11-21T08:00:00+0100",
        ] {
            #expect(throws: OptionError.self, "\(text)") { try OptionValue.time(text) }
        }
    }

    @Test("A name for a field is a token of up to 64 bytes")
    func tokens() throws {
        #expect(try OptionValue.token("proxy-1.example") == "proxy-1.example")
        #expect(try OptionValue.token(String(repeating: "a", count: 64)).count == 64)
        for text in ["", "a b", "a\r\nb", "\u{e9}", "a,b", "(a)", String(repeating: "a", count: 65)] {
            #expect(throws: OptionError.self, "\(text)") { try OptionValue.token(text) }
        }
    }

    @Test("A word that is not known is told with its nearest, and a switch is on or off")
    func words() throws {
        #expect(try OptionValue.onOff("on"))
        #expect(try !OptionValue.onOff("off"))
        #expect(throws: OptionError("\"yes\" is neither", allowed: "on or off is needed")) {
            try OptionValue.onOff("yes")
        }
        #expect(try RunCommand.settings(["--forwarded", "x-forwarded-for"])?.proxy.forwarded == .xForwardedFor)
        #expect(
            throws: UsageError(
                "--forwarded: \"forwardd\" is not known; did you mean \"forwarded\"?; "
                    + "one of off, forwarded, x-forwarded-for is needed")
        ) { try RunCommand.settings(["--forwarded", "forwardd"]) }
    }

    @Test("A file that holds no page, or a key that is too short, is told with its name")
    func files() throws {
        let folder = try TestFolder(["page": "<p>{{host}}</p>", "bad": "{{hots}}", "key": "short"])
        _ = try OptionValue.page(folder["page"])
        for (name, text) in [("bad", "{{hots}} is no name"), ("absent", "can't be read")] {
            do {
                _ = try OptionValue.page(folder[name])
                Issue.record("\(name) was taken")
            } catch {
                #expect(error.description.hasPrefix("\(folder[name]): "))
                #expect(error.description.contains(name == "bad" ? "{{hots" : text))
            }
        }
        #expect(throws: OptionError("\(folder["key"]) has 5 bytes", allowed: "a file of 16 to 4096 bytes is needed")) {
            try OptionValue.key(folder["key"])
        }
    }
}
