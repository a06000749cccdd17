import Testing

@testable import AccessLog

@Suite("Reports")
struct LogReportTests {
    static func report(
        by grouping: LogReport.Grouping, _ records: [Record] = SampleLog.records, filter: LogFilter = LogFilter(),
        maxGroups: Int = 1000
    ) throws -> LogReport {
        let file = try TemporaryFile()
        try file.write(SampleLog.text(records) + Array("not ours\n{\"v\":1,\"type\":\"event\",\"seq\":9}\n".utf8))
        var report = LogReport(by: grouping, filter: filter, maxGroups: maxGroups)
        try report.read(file.path)
        return report
    }

    static func rows(_ report: LogReport) -> [String] {
        report.top(10).map {
            "\($0.key) \($0.counts.requests) \($0.counts.denied) \($0.counts.failed) \($0.counts.down)"
        }
    }

    @Test("Requests are counted by each of their properties")
    func groupings() throws {
        #expect(try Self.rows(Self.report(by: .user)) == ["- 4 1 2 1000000", "ann b 1 0 0 5000"])
        #expect(
            try Self.rows(Self.report(by: .client))
                == ["192.0.2.1 2 1 0 5000", "192.0.2.2 1 0 1 0", "192.0.2.3 1 0 1 0", "::1 1 0 0 1000000"])
        #expect(
            try Self.rows(Self.report(by: .domain))
                == ["example.com 2 1 1 0", "- 1 0 1 0", "2001:db8::7 1 0 0 1000000", "example.co.uk 1 0 0 5000"])
        #expect(try Self.rows(Self.report(by: .hour)) == ["2025-11-20T23 5 1 2 1005000"])
        #expect(
            try Self.rows(Self.report(by: .rule))
                == ["- 2 0 2 0", "acl/policy.conf:9 2 0 0 1005000", "acl/policy.conf:3 1 1 0 0"])
        #expect(try Self.rows(Self.report(by: .outcome))[0] == "ok 2 0 0 1005000")
        let totals = try Self.report(by: .host).totals
        #expect(totals.requests == 5)
        #expect(totals.duration == 173_400 + 1_000_000 + 120 + 2000)
        #expect(try Self.report(by: .host).unreadableLines == 1)
    }

    @Test("A filter of times, texts and a domain lets through what it says")
    func filters() throws {
        var filter = LogFilter()
        filter.since = SampleLog.start + 2_000_000
        filter.until = SampleLog.start + 4_000_000
        #expect(try Self.report(by: .host, filter: filter).totals.requests == 2)
        filter = LogFilter()
        filter.equals = [(.user, "ann b"), (.verdict, "allow")]
        #expect(try Self.report(by: .host, filter: filter).totals.requests == 1)
        filter.equals = [(.reason, "advertising, \"all\" of it")]
        #expect(try Self.report(by: .host, filter: filter).totals.requests == 1)
        filter = LogFilter()
        filter.domain = "example.com"
        #expect(try Self.report(by: .host, filter: filter).totals.requests == 2)
        filter.domain = "xample.com"
        #expect(try Self.report(by: .host, filter: filter).totals.requests == 0)
    }

    @Test("With more groups than there is room for, the frequent ones stay and nothing is lost from the totals")
    func bounded() throws {
        var records: [Record] = []
        for number in 0..<300 {
            var record = SampleLog.denied
            record.set(.host, number % 3 == 0 ? "often.example" : "host\(number).example")
            records.append(record)
        }
        let report = try Self.report(by: .host, records, maxGroups: 16)
        #expect(report.groupCount <= 16)
        let first = try #require(report.top(1).first)
        #expect(first.key == "often.example")
        #expect(first.counts.requests == 100)
        let counted = report.top(.max).reduce(UInt64(0)) { $0 + $1.counts.requests } + report.others.requests
        #expect(counted == 300)
        #expect(report.maxError > 0)
    }

    @Test(
        "A domain is the name it was registered under, and an address is its own",
        arguments: [
            ("example.com", "example.com"), ("a.b.example.com", "example.com"), ("www.example.co.uk", "example.co.uk"),
            ("co.uk", "co.uk"), ("example.co.uk", "example.co.uk"), ("localhost", "localhost"), ("x.de", "x.de"),
            ("a.x.de", "x.de"), ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"), ("", ""),
        ])
    func domains(host: String, domain: String) {
        Array(host.utf8).withUnsafeBytes { bytes in
            #expect(String(decoding: RegisteredDomain.of(bytes), as: UTF8.self) == domain)
        }
    }

    @Test("A table for people lines its columns up and ends with the totals")
    func text() throws {
        let text = try Self.report(by: .rule).text(top: 2)
        #expect(
            text == """
                rule               requests  denied  failed     up     down  mean ms
                -                         2       0       2    0 B      0 B    1.000
                acl/policy.conf:9         2       0       0  517 B  981 KiB  586.700
                total                     5       1       2  517 B  981 KiB  235.104
                1 lines are none of the log's.

                """)
    }

    @Test("A report is also comma-separated values and JSON")
    func machineForms() throws {
        let report = try Self.report(by: .user)
        #expect(
            report.csv(top: 5)
                == "user,requests,denied,failed,up,down,ms\r\n\"-\",4,1,2,517,1000000,250.530\r\n\"ann b\",1,0,0,0,5000,173.400\r\n"
        )
        let json = try members(report.json(top: 5).utf8.dropLast())
        #expect((json["rows"] as? [[String: Any]])?.count == 2)
        #expect((json["totals"] as? [String: Any])?["requests"] as? Int == 5)
        #expect((json["outcomes"] as? [[String: Any]])?.count == 4)
    }

    @Test("A page shows hostile names as text, and loads nothing")
    func page() throws {
        var record = SampleLog.denied
        record.set(.host, "<script>alert('1')</script>\"&")
        let page = try Self.report(by: .host, [record]).page(title: "a<b", top: 10)
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\\&quot;&amp;"))
        #expect(page.contains("<title>a&lt;b</title>"))
        #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("src="))
        #expect(page.contains("<svg"))
    }

    @Test("An empty log makes an empty report in every form")
    func empty() throws {
        let report = LogReport(by: .host)
        #expect(report.text(top: 5).contains("total"))
        #expect(report.page(title: "none", top: 5).contains("0 requests"))
        _ = try members(report.json(top: 5).utf8.dropLast())
    }
}
