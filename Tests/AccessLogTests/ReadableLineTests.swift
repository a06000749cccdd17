import Testing

@testable import AccessLog

@Suite("Lines for people")
struct ReadableLineTests {
    static func shown(_ lines: [[UInt8]], isColoured: Bool = false) -> [String] {
        lines.map { line in
            var text: [UInt8] = []
            line.withUnsafeBytes { bytes in
                if let line = LogLine(bytes) { ReadableLine(isColoured: isColoured).append(line, to: &text) }
            }
            return String(decoding: text, as: UTF8.self)
        }
    }

    @Test("A request says when, what became of it, who, how, where, why and how much")
    func requests() {
        #expect(
            Self.shown(SampleLog.lines()) == [
                "2025-11-20 23:54:02.623 ok ann b@192.0.2.1 http GET www.example.co.uk:80/a b?q=\\\"1\\\" "
                    + "acl/policy.conf:9 200 0 B up, 4.8 KiB down 173 ms\n",
                "2025-11-20 23:54:03.623 ok ::1 connect 2001:db8::7:443 acl/policy.conf:9 200 517 B up, 976 KiB down 1000 ms\n",
                "2025-11-20 23:54:04.623 deny 192.0.2.1 connect ads.example.com:443 acl/policy.conf:3 "
                    + "\"advertising, \\\"all\\\" of it\" 403 0.1 ms\n",
                "2025-11-20 23:54:05.623 connection_refused 192.0.2.2 socks5 mail.example.com:25 5 2.0 ms\n",
                "2025-11-20 23:54:06.623 http_request_error 192.0.2.3  \n",
            ])
    }

    @Test("Events are shown with what they say, seals not at all")
    func events() {
        let event = #"{"v":1,"type":"event","seq":1,"start":"2025-11-20T23:54:01.000000Z","event":"gap","lost":5}"#
        let seal = #"{"v":1,"type":"seal","seq":2}"#
        #expect(Self.shown([Array(event.utf8), Array(seal.utf8)]) == ["2025-11-20 23:54:01.000 gap lost=5\n", ""])
    }

    @Test("Nothing that a client sends reaches the terminal as a control")
    func controls() {
        var record = SampleLog.plain
        for field in Record.TextField.allCases { record.set(field, "\u{1b}[31m\r\n\u{9b}\u{202e}\u{7}") }
        for line in Self.shown(SampleLog.lines([record])) {
            #expect(!line.unicodeScalars.dropLast().contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) })
        }
    }

    @Test("Colours begin and end within the line")
    func colours() {
        let line = Self.shown([SampleLog.lines()[2]], isColoured: true)[0]
        #expect(line.contains("\u{1b}[33mdeny\u{1b}[0m"))
        #expect(line.ranges(of: "\u{1b}[0m").count * 2 == line.ranges(of: "\u{1b}[").count)
    }
}
