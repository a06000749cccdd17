import Addressing
import Testing

@testable import Policy

@Suite("What is odd about a policy")
struct LintTests {
    private static func lint(_ policy: String, _ lists: [String: String] = [:], now: Int64 = 0) throws -> [String] {
        let folder = PolicyFolder(lists.merging(["policy.conf": policy]) { $1 })
        return try folder.load().lint(now: now).map {
            folder.relative($0.description).replacing(folder.path + "/", with: "")
        }
    }

    /// Pairs of conditions: whether the first rule covers the second.
    @Test(
        "A rule that an earlier one covers is named, and no other",
        arguments: [
            ("to domain:a.example", "to host:www.a.example", true),
            ("to domain:a.example", "to domain:a.example", true),
            ("to domain:a.example", "to domain:x.a.example,a.example port:80", true),
            ("to host:a.example", "to domain:a.example", false), ("to domain:a.example", "to domain:ba.example", false),
            ("to domain:a.example port:443", "to domain:a.example", false),
            ("to list:ads", "to domain:www.ads.example", true),
            ("to list:ads", "to domain:exact.example", false), ("to list:ads", "to host:exact.example", true),
            ("to list:ads,more", "to list:ads", true), ("to list:ads", "to list:ads,more", false),
            ("to glob:*.ads.*", "to host:x.ads.y", true), ("to glob:*.ads.*", "to domain:x.ads.y", false),
            ("to glob:a*,b*", "to glob:b*", true), ("to regex:^a", "to regex:^a", true),
            ("to regex:^a", "to regex:^ab", false),
            ("to ip:10.0.0.0/8", "to ip:10.1.0.0/16,10.2.0.0-10.2.0.9", true),
            ("to ip:10.0.0.0/8", "to ip:10.1.0.0/16,10.255.0.0-11.0.0.0", false),
            ("to private", "to ip:192.168.1.0/24", true), ("to special", "to loopback,metadata", true),
            ("to loopback", "to private", false), ("to port:80,443", "to port:443", true),
            ("to port:1-100", "to port:99-101", false),
            ("to port:!80", "to port:!80,443", true), ("to port:!80,443", "to port:!80", false),
            ("from net:10.0.0.0/8", "from net:10.1.0.0/16", true), ("from user:ann,bob", "from user:ann", true),
            ("from anonymous", "to port:1 from anonymous", true), ("by socks", "by socks5", true),
            ("by http", "by connect", false),
            ("during time:t", "to port:80 during time:t", true), ("to port:80", "to port:80 during time:t", true),
            ("to port:80 until 2030-01-02", "to port:80 until 2030-01-01", true),
            ("to port:80 until 2030-01-01", "to port:80", false), ("sni ech", "to port:443 sni ech", true),
            ("sni ech,missing", "to port:443", false), ("to ip-literal", "to ip-literal port:80", true),
        ])
    func coverage(first: String, second: String, isCovered: Bool) throws {
        let definitions = "list ads ads.txt format dstdomain\nlist more more.txt\ntime t mon zone UTC\n"
        let lists = ["ads.txt": ".ads.example\nexact.example\n", "more.txt": "more.example\n"]
        let same = try Self.lint(definitions + "deny \(first)\ndeny \(second)\ndefault allow\n", lists)
        #expect(same == (isCovered ? ["policy.conf:5: this rule never matches: line 4 says the same"] : []))
        let below = try Self.lint(definitions + "deny \(first)\nallow \(second)\ndefault allow\n", lists)
        #expect(below.count == (isCovered ? 1 : 0))
        if isCovered {
            #expect(
                below[0] == "policy.conf:5: this rule never matches: line 4 (deny \(first)) covers it; "
                    + "an exception stands above its rule")
        }
        #expect(try Self.lint(definitions + "report \(first)\nallow \(second)\ndefault allow\n", lists).isEmpty)
    }

    @Test("An address that an allow covers may still carry one that a denial below meets")
    func carried() throws {
        let lines = try Self.lint("allow to private\ndeny to ip:10.0.0.0/8\ndefault allow\n")
        #expect(
            lines == [
                "policy.conf:2: this rule matches nothing but IPv6 addresses that carry IPv4 ones: line 1 (allow to private) "
                    + "covers it; an exception stands above its rule"
            ])
    }

    @Test("A rule past its day, or near it, is named")
    func until() throws {
        let policy = "deny to port:80 until 2026-07-24\ndefault allow\n"
        let end = TimeZone.machine().start(ofDay: CivilDate("2026-07-25")!.dayNumber)
        #expect(
            try Self.lint(policy, now: end) == ["policy.conf:1: this rule has ended; remove it, or give it a later day"]
        )
        #expect(try Self.lint(policy, now: end - 1) == ["policy.conf:1: this rule ends in 1 day"])
        #expect(try Self.lint(policy, now: end - 14 * 86_400) == ["policy.conf:1: this rule ends in 14 days"])
        #expect(try Self.lint(policy, now: end - 14 * 86_400 - 1).isEmpty)
    }

    @Test("What is defined and not used, empty, or leaves out the apex is warned of")
    func warnings() throws {
        let folder = PolicyFolder([
            "policy.conf": """
            list empty empty.txt
            list ut1 ut1
            net office 10.0.0.0/8
            group staff ann
            time t mon
            deny to list:empty
            deny to category:press
            deny to glob:*.a.example,*.b.example,b.example
            default allow

            """, "empty.txt": "# nothing\n", "ut1/press/domains": "news.example\n",
        ])
        #expect(
            try folder.load().warnings.map { folder.relative($0.description) } == [
                "policy.conf:8:14: glob:*.a.example doesn't match a.example itself; domain:a.example does",
                "policy.conf:3:5: no rule makes use of the net \"office\"",
                "policy.conf:4:7: no rule makes use of the group \"staff\"",
                "policy.conf:5:6: no rule makes use of the time \"t\"", "empty.txt: the list has no entries",
            ])
    }

    @Test("Superfluous entries of a list are counted and named when asked for")
    func audit() throws {
        let folder = PolicyFolder([
            "policy.conf": "list a a.txt format adblock\nlist b b.txt format rpz\ndeny to list:a,b\ndefault allow\n",
            "a.txt": """
            ||x.ads.example^
            ||ads.example^
            ||ads.example^
            |ads.example^
            ||important.ads.example^$important
            @@||good.ads.example^
            ||other.example^
            """,
            "b.txt": "*.below.example CNAME .\n*.both.example CNAME .\nboth.example CNAME .\n",
        ])
        let ruleset = try Ruleset.load(path: folder.path + "/policy.conf", noteLimit: 4, isAuditing: true)
        let first = try #require(ruleset.lists[0].audit)
        #expect([first.duplicates, first.redundant, first.withoutApex] == [2, 1, 0])
        #expect(
            first.notes.map { folder.relative($0.description) } == [
                "a.txt:1: is covered by line 2", "a.txt:3: says the same as line 2", "a.txt:4: says the same as line 2",
            ])
        let second = try #require(ruleset.lists[1].audit)
        #expect([second.duplicates, second.redundant, second.withoutApex] == [0, 0, 1])
        #expect(
            second.notes.map { folder.relative($0.description) } == [
                "b.txt:1: covers what is below the name, not the name itself"
            ])
        #expect(try folder.load().lists[0].audit == nil)
        #expect(try folder.load().lists[0].duplicates == 2)
    }
}
