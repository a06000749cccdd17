import Addressing
import Testing

@testable import Policy

@Suite("Decisions")
struct DecisionTests {
    private struct Case: CustomTestStringConvertible {
        let rule: String
        let policy: String
        var lists: [String: String] = [:]
        /// Host, port, what it resolves to, the answer.
        let asks: [(host: String, port: UInt16, addresses: [String], answer: [String])]
        var testDescription: String { rule }
    }

    private static let cases: [Case] = [
        Case(
            rule: "domain: covers the name and all below it, host: the name alone",
            policy: """
                deny to domain:ads.example reason "ads"
                deny to host:www.example.org reason "exact" id W-1
                default allow reason "the rest"
                """,
            asks: [
                ("ads.example", 443, [], ["deny policy.conf:1 (ads)"]),
                ("ADS.Example.", 443, [], ["deny policy.conf:1 (ads)"]),
                ("a.b.ads.example", 443, [], ["deny policy.conf:1 (ads)"]),
                ("bads.example", 443, ["198.51.100.1"], ["198.51.100.1 allow policy.conf:3 (the rest)"]),
                ("example", 443, ["198.51.100.1"], ["198.51.100.1 allow policy.conf:3 (the rest)"]),
                ("www.example.org", 80, [], ["deny policy.conf:2 (exact) #W-1"]),
                ("a.www.example.org", 80, [], ["resolve"]),
            ]),
        Case(
            rule: "The first rule that matches decides",
            policy: """
                allow to host:good.ads.example
                deny to domain:ads.example
                allow to domain:example
                default deny
                """,
            asks: [
                ("good.ads.example", 443, ["192.0.2.1"], ["192.0.2.1 allow policy.conf:1"]),
                ("bad.ads.example", 443, [], ["deny policy.conf:2"]),
                ("www.example", 443, ["192.0.2.1"], ["192.0.2.1 allow policy.conf:3"]),
                ("other.test", 443, [], ["deny policy.conf:4"]),
                ("192.0.2.1", 443, [], ["deny policy.conf:4"]),
            ]),
        Case(
            rule: "Each address of a name is judged on its own, and the denied ones are struck out",
            policy: """
                deny to private,loopback reason "inside"
                deny to ip:198.51.100.7 reason "that one"
                default allow
                """,
            asks: [
                ("10.1.2.3", 80, [], ["deny policy.conf:1 (inside)"]),
                ("::ffff:10.1.2.3", 80, [], ["deny policy.conf:1 (inside)"]),
                ("198.51.100.8", 80, [], ["allow policy.conf:3"]),
                (
                    "mixed.example", 80, ["10.0.0.1", "198.51.100.8", "198.51.100.7", "2001:db8::1"],
                    [
                        "10.0.0.1 deny policy.conf:1 (inside)", "198.51.100.7 deny policy.conf:2 (that one)",
                        "198.51.100.8 2001:db8::1 allow policy.conf:3",
                    ]
                ),
                (
                    "inside.example", 80, ["127.0.0.1", "::1"],
                    ["127.0.0.1 deny policy.conf:1 (inside)", "::1 deny policy.conf:1 (inside)"]
                ),
            ]),
        Case(
            rule: "An allow about addresses keeps a name from being denied before it is resolved",
            policy: """
                allow to ip:192.0.2.0/24
                default deny
                """,
            asks: [
                (
                    "a.example", 80, ["192.0.2.1", "198.51.100.1"],
                    ["198.51.100.1 deny policy.conf:2", "192.0.2.1 allow policy.conf:1"]
                )
            ]),
        Case(
            rule: "A name is denied without a look-up when all that depends on addresses would deny too",
            policy: """
                deny to private
                deny to domain:ads.example
                default allow
                """,
            asks: [("ads.example", 80, [], ["deny policy.conf:2"])]),
        Case(
            rule: "An address that carries a denied IPv4 address is denied",
            policy: """
                allow to ip:2002:a00:1::/48
                deny to private,loopback
                default allow
                """,
            asks: [
                ("64:ff9b::a00:1", 80, [], ["deny policy.conf:2"]),
                ("64:ff9b::c633:6401", 80, [], ["allow policy.conf:3"]),
                ("2002:a00:2::1", 80, [], ["deny policy.conf:2"]),
                ("2002:a00:1::1", 80, [], ["allow policy.conf:1"]),
                ("2001:0:c633:6401::f5ff:fffe", 80, [], ["deny policy.conf:2"]),
                (
                    "unspecified.example", 80, ["0.0.0.0", "::"],
                    ["0.0.0.0 deny policy.conf:2", ":: deny policy.conf:2"]
                ),
            ]),
        Case(
            rule: "An allow is not reached through a carried address",
            policy: """
                allow to ip:10.0.0.0/8
                default deny
                """,
            asks: [("64:ff9b::a00:1", 80, [], ["deny policy.conf:2"]), ("10.0.0.1", 80, [], ["allow policy.conf:1"])]),
        Case(
            rule: "All conditions of a rule must hold, values of one are alternatives, and ! turns one around",
            policy: """
                deny to domain:a.example,b.example port:!80,443,8000-8010
                deny to !domain:a.example,b.example,c.example
                deny to ip-literal
                deny to !ip:192.0.2.0/24,198.51.100.1-198.51.100.9
                default allow
                """,
            asks: [
                ("a.example", 22, [], ["deny policy.conf:1"]),
                ("b.example", 8005, ["192.0.2.1"], ["192.0.2.1 allow policy.conf:5"]),
                ("d.example", 443, [], ["deny policy.conf:2"]),
                ("192.0.2.1", 443, [], ["deny policy.conf:2"]),
                (
                    "c.example", 443, ["198.51.100.9", "198.51.100.10"],
                    ["198.51.100.10 deny policy.conf:4", "198.51.100.9 allow policy.conf:5"]
                ),
            ]),
        Case(
            rule: "A list entry is named with its line, the longest that covers the name",
            policy: """
                list ads lists/ads.txt
                list sinks lists/hosts
                list ips lists/ips.txt
                deny to list:ads reason "ads"
                deny to list:sinks,ips
                default allow
                """,
            lists: [
                "lists/ads.txt":
                    "# comment\r\nads.example # x\r\n\r\nwww.ads.example\r\n*.wild.example\r\n.dot.example",
                "lists/hosts": "127.0.0.1 localhost\n0.0.0.0 a.sink.example b.sink.example # two\n",
                "lists/ips.txt": "198.51.100.0/24\n198.51.100.64/26\n2001:db8::5\n",
            ],
            asks: [
                ("x.ads.example", 443, [], ["deny policy.conf:4 (ads) lists/ads.txt:2"]),
                ("x.www.ads.example", 443, [], ["deny policy.conf:4 (ads) lists/ads.txt:4"]),
                ("wild.example", 443, [], ["deny policy.conf:4 (ads) lists/ads.txt:5"]),
                ("x.dot.example", 443, [], ["deny policy.conf:4 (ads) lists/ads.txt:6"]),
                ("b.sink.example", 443, [], ["deny policy.conf:5 lists/hosts:2"]),
                ("x.b.sink.example", 443, ["192.0.2.1"], ["192.0.2.1 allow policy.conf:6"]),
                ("localhost", 443, ["192.0.2.1"], ["192.0.2.1 allow policy.conf:6"]),
                ("198.51.100.65", 443, [], ["deny policy.conf:5 lists/ips.txt:2"]),
                (
                    "n.example", 443, ["198.51.100.1", "2001:db8::5", "2001:db8::6"],
                    [
                        "198.51.100.1 deny policy.conf:5 lists/ips.txt:1",
                        "2001:db8::5 deny policy.conf:5 lists/ips.txt:3", "2001:db8::6 allow policy.conf:6",
                    ]
                ),
            ]),
        Case(
            rule: "report notes what it would deny and lets the following rules decide",
            policy: """
                report to port:!80,443 reason "odd port"
                report to private
                deny to domain:ads.example
                default allow
                """,
            asks: [
                ("ads.example", 22, [], ["deny policy.conf:3 report policy.conf:1"]),
                (
                    "a.example", 22, ["10.0.0.1"],
                    ["10.0.0.1 allow policy.conf:4 report policy.conf:1 report policy.conf:2"]
                ),
                ("a.example", 80, ["192.0.2.1"], ["192.0.2.1 allow policy.conf:4"]),
            ]),
    ]

    @Test("Each rule of judging", arguments: cases)
    private func judging(_ example: Case) throws {
        let folder = PolicyFolder(example.lists.merging(["policy.conf": example.policy + "\n"]) { $1 })
        let ruleset = try folder.load()
        for ask in example.asks {
            let answer = ruleset.answer(try Request(ask.host, port: ask.port), resolvingTo: ask.addresses, in: folder)
            #expect(answer == ask.answer, "\(ask.host):\(ask.port)")
        }
    }

    @Test("The entry's text is the part of the host that it names")
    func entryText() throws {
        let folder = PolicyFolder([
            "policy.conf": "list l l.txt\ndeny to list:l\ndefault allow\n", "l.txt": "B.example\n192.0.2.0/24\n",
        ])
        let ruleset = try folder.load()
        guard case .denied(let byName) = ruleset.decide(try Request("x.a.b.example")) else {
            Issue.record("not denied")
            return
        }
        #expect(byName.ground.entryText(for: try Host("x.a.b.example")) == "b.example")
        guard case .denied(let byAddress) = ruleset.decide(try Request("192.0.2.7")) else {
            Issue.record("not denied")
            return
        }
        #expect(byAddress.ground.entryText(for: try Host("192.0.2.7")) == "192.0.2.7")
    }

    @Test("Of a thousand rules each decides what is its own, as of ten")
    func manyRules() throws {
        let lines = (1...1000).map { line in
            line % 3 == 0
                ? "deny to ip:10.\(line / 256).\(line % 256).0/24"
                : "deny to domain:d\(line).example,e\(line / 2).example"
        }
        let folder = PolicyFolder(["policy.conf": (lines + ["default allow\n"]).joined(separator: "\n")])
        let ruleset = try folder.load()
        for line in 1...1000 {
            let host = line % 3 == 0 ? "10.\(line / 256).\(line % 256).7" : "x.d\(line).example"
            #expect(ruleset.answer(try Request(host), in: folder) == ["deny policy.conf:\(line)"])
        }
        #expect(ruleset.answer(try Request("e5.example"), in: folder) == ["deny policy.conf:10"])
        #expect(
            ruleset.answer(try Request("d3.example"), resolvingTo: ["10.3.231.1", "192.0.2.1"], in: folder)
                == ["10.3.231.1 deny policy.conf:999", "192.0.2.1 allow policy.conf:1001"])
    }

    @Test("Who asks, and how, is looked at")
    func clients() throws {
        let folder = PolicyFolder([
            "policy.conf": """
            net office 10.1.0.0/16 2001:db8:1::/48
            deny from net:office by socks
            allow from net:office,203.0.113.7 user:ann,bob
            deny from !anonymous
            deny from net:10.0.0.0/8 by http,connect
            default allow

            """
        ])
        let ruleset = try folder.load()
        let asks: [(String, String?, Via, String)] = [
            ("10.1.2.3", nil, .socks4a, "deny policy.conf:2"),
            ("2001:db8:1::9", "ann", .socks5, "deny policy.conf:2"),
            ("10.1.2.3", "ann", .connect, "allow policy.conf:3"),
            ("203.0.113.7", "bob", .udp, "allow policy.conf:3"),
            ("10.1.2.3", "eve", .connect, "deny policy.conf:4"),
            ("10.1.2.3", nil, .http, "deny policy.conf:5"),
            ("10.1.2.3", nil, .udp, "allow policy.conf:6"),
        ]
        for (client, user, via, answer) in asks {
            let request = try Request("192.0.2.1", from: client, user: user, by: via)
            #expect(ruleset.answer(request, in: folder) == [answer], "\(client) \(user ?? "-") \(via)")
        }
    }
}
