import Addressing
import Testing

@testable import Policy

@Suite("Forms of lists")
struct ListFormatTests {
    struct Form: CustomTestStringConvertible {
        let name: String
        let text: String
        /// Hosts that are on the list, each with the line of its entry.
        let on: [String: Int]
        let off: [String]
        /// Lines that are blank, entries, not applicable, malformed.
        let counts: [Int]
        var testDescription: String { name }
    }

    static let forms: [Form] = [
        Form(
            name: "domains",
            text: """
                # title
                ! another
                ; and another
                // and one more

                ads.example
                \t Tracker.EXAMPLE. \t # trailing
                www.known.example#close
                192.0.2.0/24
                2001:db8::1
                *.star.example
                =exact.example
                banner*.cdn.example
                two words
                a..b
                -bücher-.example/path
                """,
            on: [
                "ads.example": 6, "x.ads.example": 6, "tracker.example": 7, "www.known.example": 8, "192.0.2.9": 9,
                "2001:db8::1": 10, "star.example": 11, "a.star.example": 11, "exact.example": 12,
                "banner7.cdn.example": 13,
                "banner.x.cdn.example": 13,
            ],
            off: ["example", "known.example", "192.0.3.1", "a.exact.example", "xbanner.cdn.example", "two"],
            counts: [5, 8, 0, 3]),
        Form(
            name: "hosts",
            text: """
                # hosts
                127.0.0.1 localhost localhost.localdomain
                ::1 ip6-localhost
                255.255.255.255 broadcasthost
                192.168.1.1 router.example
                0.0.0.0 0.0.0.0
                0.0.0.0 ads.example
                127.0.0.1\ttracker.example  third.example # two
                :: v6.example
                0.0.0.0 b@d.example
                0.0.0.0
                no-address.example
                """,
            on: ["ads.example": 7, "tracker.example": 8, "third.example": 8, "v6.example": 9],
            off: ["x.ads.example", "localhost", "router.example", "192.168.1.1"],
            counts: [1, 3, 5, 3]),
        Form(
            name: "adblock",
            text: """
                [Adblock Plus 2.0]
                ! title
                # comment
                ||ads.example^
                ||UPPER.example^$important
                ||all.example^$all
                @@||good.ads.example^
                ||bad.good.ads.example^
                ||worse.good.ads.example^$important
                @@||good.upper.example^
                @@||best.upper.example^$important
                |exact.example^
                plain.example
                ||*.below.example^
                ||banner*.cdn.example^
                ||192.0.2.7^
                ||trailing.example^ # why
                0.0.0.0 hosts.example
                ||open.example
                ||script.example^$script,third-party
                ||path.example/ads/
                ||port.example:8080^
                /banner[0-9]+/
                -banner.
                example.com##.ad
                ##.ad
                page.example#@#.ad
                https://url.example/
                @@||192.0.2.7^
                ||^
                ||b d.example^
                """,
            on: [
                "ads.example": 4, "x.ads.example": 4, "upper.example": 5, "good.upper.example": 5, "all.example": 6,
                "worse.good.ads.example": 9, "exact.example": 12, "plain.example": 13, "x.below.example": 14,
                "banner9.cdn.example": 15, "x.banner9.cdn.example": 15, "192.0.2.7": 16, "trailing.example": 17,
                "hosts.example": 18, "open.example": 19,
            ],
            off: [
                "good.ads.example", "bad.good.ads.example", "x.good.ads.example", "best.upper.example",
                "x.exact.example",
                "below.example", "script.example", "path.example", "port.example", "example.com", "page.example",
                "url.example", "xbanner9.cdn.example",
            ],
            counts: [3, 16, 10, 2]),
        Form(
            name: "wildcard",
            text: "# t\n*.ads.example\n*.tracker.example # c\nplain.example\n*.a.example\n*banner*\n*",
            on: [
                "ads.example": 2, "x.y.ads.example": 2, "tracker.example": 3, "plain.example": 4, "x.plain.example": 4,
                "mybanners.example": 6,
            ],
            off: ["example"], counts: [1, 5, 0, 1]),
        Form(
            name: "dnsmasq",
            text: """
                # t
                address=/ads.example/#
                address=/zero.example/0.0.0.0 # c
                address=/six.example/::
                address=/empty.example/
                local=/local.example/
                server=/server.example/
                server=/good.ads.example/#
                server=/other.ads.example/9.9.9.9
                address=/a.two.example/b.two.example/#
                address=/real.example/192.0.2.1
                address=/bad.good.ads.example/#
                cache-size=1000
                address=/broken
                address=//#
                """,
            on: [
                "ads.example": 2, "x.ads.example": 2, "zero.example": 3, "six.example": 4, "empty.example": 5,
                "local.example": 6, "server.example": 7, "b.two.example": 10, "bad.good.ads.example": 12,
            ],
            off: ["good.ads.example", "x.good.ads.example", "other.ads.example", "two.example", "real.example"],
            counts: [1, 10, 2, 2]),
        Form(
            name: "unbound",
            text: """
                # t
                server:
                local-zone: "ads.example." always_null
                local-zone: tracker.example always_nxdomain # c
                  local-zone: "good.ads.example" always_transparent
                local-data: "zero.example. A 0.0.0.0"
                local-data: "real.example 300 IN A 192.0.2.1"
                local-zone: "odd.example" always_odd
                local-zone: "untyped.example"
                verbosity: 1
                """,
            on: ["ads.example": 3, "x.ads.example": 3, "tracker.example": 4, "zero.example": 6],
            off: ["good.ads.example", "x.good.ads.example", "x.zero.example", "real.example", "odd.example"],
            counts: [2, 4, 3, 1]),
        Form(
            name: "rpz",
            text: """
                $TTL 300
                $ORIGIN rpz.test.
                @ SOA localhost. root.localhost. (
                    1 ; serial
                    3600 600 86400 300 )
                  NS localhost.
                ads.example CNAME .
                *.ads.example CNAME .
                absolute.example.rpz.test. 60 IN CNAME *.
                drop.example CNAME rpz-drop.
                good.ads.example CNAME rpz-passthru. ; let through
                walled.example CNAME portal.example.
                zero.example A 0.0.0.0
                  AAAA ::
                tcp.example CNAME rpz-tcp-only.
                24.0.2.0.192.rpz-ip CNAME .
                48.zz.1.db8.2001.rpz-ip CNAME .
                32.1.2.0.192.rpz-client-ip CNAME .
                half.example
                """,
            on: [
                "ads.example": 7, "x.ads.example": 8, "absolute.example": 9, "drop.example": 10, "walled.example": 12,
                "zero.example": 13, "192.0.2.200": 16, "2001:db8:1::5": 17,
            ],
            off: ["good.ads.example", "x.zero.example", "tcp.example", "x.drop.example", "192.0.3.1", "2001:db8:2::"],
            counts: [7, 9, 2, 1]),
        Form(
            name: "dstdomain",
            text: "# t\n.ads.example\nexact.example\n.a.example .b.example # c\n-n\n192.0.2.1\n.bad..example",
            on: ["ads.example": 2, "x.ads.example": 2, "exact.example": 3, "b.example": 4, "192.0.2.1": 6],
            off: ["x.exact.example"], counts: [1, 4, 1, 1]),
        Form(
            name: "urls",
            text: "# t\nads.example/banner\nhttp://www.other.example:80/x?y\n192.0.2.1/x\n/x",
            on: ["ads.example": 2, "www.other.example": 3, "192.0.2.1": 4], off: ["x.ads.example", "other.example"],
            counts: [1, 3, 0, 1]),
    ]

    @Test("Each line of each form is an entry, a comment, not applicable, or malformed", arguments: forms)
    func lines(form: Form) throws {
        for format in ["", " format \(form.name)"] {
            let folder = PolicyFolder([
                "policy.conf": "list l l.txt\(format)\ndeny to list:l\ndefault allow\n", "l.txt": form.text,
            ])
            let ruleset = try folder.load()
            let report = ruleset.lists[0]
            #expect(report.format == form.name)
            let counts = [report.blankLines, report.entryLines, report.notApplicableLines, report.malformedLines]
            #expect(counts == form.counts, "\(report.notApplicable) \(report.malformed)")
            #expect(report.lines == form.text.split(separator: "\n", omittingEmptySubsequences: false).count)
            #expect(report.lines == counts.reduce(0, +))
            for (host, line) in form.on {
                let answer = ruleset.answer(try Request(host), resolvingTo: ["198.51.100.1"], in: folder)
                #expect(answer == ["deny policy.conf:2 l.txt:\(line)"], "\(host)")
            }
            for host in form.off {
                let answer = ruleset.answer(try Request(host), resolvingTo: ["198.51.100.1"], in: folder)
                #expect(answer.last?.hasSuffix("allow policy.conf:3") == true, "\(host): \(answer)")
            }
        }
    }

    @Test("CR LF, a byte order mark and a missing last newline change nothing", arguments: forms)
    func spelling(form: Form) throws {
        let odd = "\u{feff}" + form.text.replacing("\n", with: "\r\n")
        let folder = PolicyFolder([
            "policy.conf": "list a a.txt\nlist b b.txt\ndefault allow\n", "a.txt": form.text + "\n", "b.txt": odd,
        ])
        let reports = try folder.load().lists
        #expect(reports[0].format == reports[1].format)
        #expect(reports[0].entries == reports[1].entries)
        #expect(reports[0].lines == reports[1].lines)
        #expect(reports[0].malformed.map(\.line) == reports[1].malformed.map(\.line))
        #expect(reports[0].notApplicable.map(\.line) == reports[1].notApplicable.map(\.line))
    }

    @Test("match says what a name covers where the form doesn't")
    func match() throws {
        let folder = PolicyFolder([
            "policy.conf": """
            list plain plain.txt match exact
            list hosts hosts.txt match suffix
            list ads ads.txt match exact
            deny to list:plain,hosts,ads
            default allow

            """,
            "plain.txt": "a.example\n", "hosts.txt": "0.0.0.0 b.example\n", "ads.txt": "||c.example^\n",
        ])
        let ruleset = try folder.load()
        for (host, isDenied) in [
            ("a.example", true), ("x.a.example", false), ("x.b.example", true), ("x.c.example", true),
        ] {
            let isAllowed = ruleset.answer(try Request(host), in: folder) == ["resolve"]
            #expect(isAllowed != isDenied, "\(host)")
        }
        #expect(
            ruleset.warnings.map { folder.relative($0.description) } == [
                "ads.txt: match is not used: lists of the form adblock say themselves what a name covers"
            ])
    }

    @Test("A folder's sub-folders are categories, by list and by name")
    func categories() throws {
        let folder = PolicyFolder([
            "policy.conf": """
            list ut1 ut1/
            deny to list:ut1/gambling reason "list"
            deny to category:adult reason "category"
            deny to category:ut1/press port:80 reason "both"
            report to list:ut1
            default allow

            """,
            "ut1/gambling/domains": "casino.example\n192.0.2.1\n", "ut1/gambling/urls": "host.example/casino\n",
            "ut1/adult/domains": "adult.example\n", "ut1/press/domains": "news.example\n",
            "ut1/README": "no category\n",
            "ut1/empty/usage": "black\n",
        ])
        let ruleset = try folder.load()
        let asks: [(String, UInt16, [String])] = [
            ("www.casino.example", 443, ["deny policy.conf:2 (list) ut1/gambling/domains:1"]),
            ("192.0.2.1", 443, ["deny policy.conf:2 (list) ut1/gambling/domains:2"]),
            ("host.example", 443, ["deny policy.conf:2 (list) ut1/gambling/urls:1"]),
            ("adult.example", 443, ["deny policy.conf:3 (category) ut1/adult/domains:1"]),
            ("news.example", 80, ["deny policy.conf:4 (both) ut1/press/domains:1"]),
            ("news.example", 443, ["198.51.100.1 allow policy.conf:6 report policy.conf:5"]),
            ("x.host.example", 443, ["198.51.100.1 allow policy.conf:6"]),
        ]
        for (host, port, answer) in asks {
            let request = try Request(host, port: port)
            #expect(ruleset.answer(request, resolvingTo: ["198.51.100.1"], in: folder) == answer, "\(host)")
        }
        #expect(
            ruleset.lists.map { folder.relative($0.path) } == [
                "ut1/adult/domains", "ut1/gambling/domains", "ut1/gambling/urls", "ut1/press/domains",
            ])
    }

    @Test("Lines that make no entry are warned of up to a limit, and counted beyond")
    func warnings() throws {
        let folder = PolicyFolder([
            "policy.conf": "list l l.txt format domains\ndeny to list:l\ndefault allow\n",
            "l.txt": "a.example\n" + String(repeating: "!\nb d\n", count: 30),
        ])
        let ruleset = try Ruleset.load(path: folder.path + "/policy.conf", noteLimit: 2)
        #expect(
            ruleset.warnings.map { folder.relative($0.description) } == [
                "l.txt:3: no entry: more than one word; one name a line is allowed",
                "l.txt:5: no entry: more than one word; one name a line is allowed",
                "l.txt: 28 more lines are no entries",
            ])
        #expect(ruleset.lists[0].malformedLines == 30)
    }

    @Test("A line longer than the reader's buffer is one malformed line, and the next is read")
    func longLine() throws {
        let folder = PolicyFolder(["policy.conf": "list l l.txt\ndeny to list:l\ndefault allow\n"])
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: LineReader.maxLineBytes * 2 + 5)
        folder.write("l.txt", Array("first.example\n".utf8) + long + Array("\nlast.example".utf8))
        let ruleset = try folder.load()
        #expect(ruleset.lists[0].malformed.map(\.line) == [2])
        #expect(ruleset.answer(try Request("last.example"), in: folder) == ["deny policy.conf:2 l.txt:3"])
    }

    @Test("Any bytes are counted line by line, in every form", arguments: ListFormat.allCases)
    func fuzz(format: ListFormat) throws {
        var random = SplitMix64(seed: 5)
        let parts = [
            "||", "@@", "^", "$important", "$", "*", ".", "a.example", "0.0.0.0", " ", "\t", "#", "!", "/", "address=/",
            "local-zone:", "\"", "CNAME", " . ", "(", ")", ";", "$ORIGIN", "::1", "10.0.0.0/8", "\0", "é", "\r", "|",
            ",", "=",
            "rpz-ip", "-", "[", "server=/", "local-data:", "always_null", "##",
        ]
        var text = ""
        for _ in 0..<600 {
            for _ in 0..<Int.random(in: 0...7, using: &random) { text += parts.randomElement(using: &random)! }
            text += "\n"
        }
        let folder = PolicyFolder(["policy.conf": "list l l.txt format \(format)\ndefault allow\n", "l.txt": text])
        let report = try folder.load().lists[0]
        #expect(report.lines == 600)
        #expect(
            report.lines == report.blankLines + report.entryLines + report.notApplicableLines + report.malformedLines)
    }
}
