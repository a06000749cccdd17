import Testing

@testable import AccessLog

@Suite("Other forms")
struct LogFormatTests {
    static func converted(_ format: LogFormat, _ records: [Record] = SampleLog.records) -> [String] {
        SampleLog.lines(records).map { line in
            var text: [UInt8] = []
            line.withUnsafeBytes { bytes in
                if let line = LogLine(bytes) { format.append(line, to: &text) }
            }
            return String(decoding: text, as: UTF8.self)
        }
    }

    @Test("Squid's form has its ten fields, none of them with a space inside")
    func squid() {
        #expect(
            Self.converted(.squid) == [
                "1763682842.623    173 192.0.2.1 TCP_MISS/200 5200 GET http://www.example.co.uk/a%20b?q=%221%22 "
                    + "ann%20b HIER_DIRECT/198.51.100.7 -\n",
                "1763682843.623   1000 ::1 TCP_TUNNEL/200 1000000 CONNECT [2001:db8::7]:443 - HIER_DIRECT/2001:db8::7 -\n",
                "1763682844.623      0 192.0.2.1 TCP_DENIED/403 0 CONNECT ads.example.com:443 - HIER_NONE/- -\n",
                "1763682845.623      2 192.0.2.2 NONE_NONE/502 0 CONNECT mail.example.com:25 - HIER_NONE/- -\n",
                "1763682846.623      0 192.0.2.3 NONE_NONE/400 0 CONNECT error:invalid-request - HIER_NONE/- -\n",
            ])
    }

    @Test("Behind a syslog head the line is the same")
    func squidSyslog() {
        let line = Self.converted(.squidSyslog)[2]
        #expect(line == "Nov 20 23:54:04 sallyport squid[1]: " + Self.converted(.squid)[2])
    }

    @Test("The common and combined forms quote what a client sent")
    func combined() {
        #expect(
            Self.converted(.common)[..<2] == [
                "192.0.2.1 - ann%20b [20/Nov/2025:23:54:02 +0000] "
                    + "\"GET http://www.example.co.uk/a%20b?q=%221%22 HTTP/1.1\" 200 5200\n",
                "::1 - - [20/Nov/2025:23:54:03 +0000] \"CONNECT [2001:db8::7]:443 HTTP/1.1\" 200 1000000\n",
            ])
        #expect(
            Self.converted(.combined)[0] == "192.0.2.1 - ann%20b [20/Nov/2025:23:54:02 +0000] "
                + "\"GET http://www.example.co.uk/a%20b?q=%221%22 HTTP/1.1\" 200 5200 "
                + #""http://example.org/" "Agent \"X\" \\ \xc3\xa9\x0a""# + "\n")
        #expect(
            Self.converted(.combined)[3...] == [
                "192.0.2.2 - - [20/Nov/2025:23:54:05 +0000] \"CONNECT mail.example.com:25 SOCKS5\" 502 0 \"-\" \"-\"\n",
                "192.0.2.3 - - [20/Nov/2025:23:54:06 +0000] \"-\" 400 0 \"-\" \"-\"\n",
            ])
    }

    @Test("The Elastic form is JSON with what the record says")
    func ecs() throws {
        let lines = Self.converted(.ecs)
        #expect(
            lines[2] == #"{"@timestamp":"2025-11-20T23:54:04.623456Z","ecs":{"version":"8.11.0"},"#
                + #""event":{"kind":"event","category":["network","web"],"type":["connection","denied"],"#
                + #""action":"http_request_denied","outcome":"failure","id":"1-0-3.1","sequence":3,"#
                + #""start":"2025-11-20T23:54:04.123456Z","end":"2025-11-20T23:54:04.623456Z","duration":120000},"#
                + #""observer":{"product":"sallyport","type":"proxy"},"#
                + #""client":{"address":"192.0.2.1","ip":"192.0.2.1","port":50000},"#
                + #""destination":{"address":"ads.example.com","domain":"ads.example.com","port":443},"#
                + #""network":{"transport":"tcp","application":"connect"},"#
                + #""url":{"domain":"ads.example.com","port":443},"http":{"request":{"method":"CONNECT"},"#
                + #""response":{"status_code":403}},"#
                + #""rule":{"name":"acl/policy.conf:3","description":"advertising, \"all\" of it"}}"# + "\n")
        for line in lines { #expect(try members(line.utf8)["event"] != nil) }
    }

    @Test("Comma-separated values have a head and as many fields in each line, and hold no formula")
    func csv() {
        var formula = SampleLog.plain
        formula.set(.userAgent, "=cmd|' /C calc'!A0")
        let lines = Self.converted(.csv, [SampleLog.denied, formula])
        let columns = LogFormat.csv.head.split(separator: ",", omittingEmptySubsequences: false).count
        #expect(columns == 41)
        #expect(lines[0].hasSuffix("\r\n"))
        #expect(lines[0].contains(#","advertising, \""all\"" of it","#))
        #expect(lines[0].hasSuffix(",http_request_denied,policy,,,0.120\r\n"))
        #expect(lines[1].contains(#","'=cmd|' /C calc'!A0","#))
    }

    @Test("Records with any bytes become one line in every form", arguments: LogFormat.allCases)
    func anyBytes(format: LogFormat) throws {
        var random = FixedRandom(seed: 5)
        for _ in 0..<60 {
            var record = SampleLog.plain
            for field in Record.TextField.allCases {
                let bytes = (0..<12).map { _ in UInt8.random(in: 0...255, using: &random) }
                record.set(field, bytes.span)
            }
            let line = try #require(Self.converted(format, [record]).first)
            let end = format == .csv ? "\r\n" : "\n"
            #expect(line.hasSuffix(end))
            #expect(!line.utf8.dropLast(end.utf8.count).contains { $0 < 0x20 || $0 == 0x7f })
            if format == .ecs { _ = try members(line.utf8) }
            if format == .squid { #expect(line.split(separator: " ").count == 10) }
        }
    }

    @Test("Lines that are no final records are left out", arguments: LogFormat.allCases)
    func others(format: LogFormat) {
        var record = Record()
        record.kind = .open
        #expect(Self.converted(format, [record]) == [""])
    }
}
