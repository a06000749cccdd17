import Addressing
import Testing

@testable import Policy

@Suite("The language")
struct LanguageTests {
    @Test("A glob is compared with the whole name, and * stands for dots too")
    func globs() throws {
        let expected: [(String, String, Bool)] = [
            ("*.ads.*", "x.ads.example", true), ("*.ads.*", "ads.example", false), ("*.ads.*", "a.b.ads.c.d", true),
            ("ad*", "ads.example", true), ("ad*", "bad.example", false), ("*", "x", true), ("a*b*c", "aXbYbc", true),
            ("a*b*c", "abbb", false), ("ADS.*", "ads.example", true), ("*x", "y", false), ("a", "a", true),
            ("a", "ab", false),
            ("**a**", "bab", true), ("*a*a*a*a*a*a*b", String(repeating: "a", count: 200), false),
        ]
        for (pattern, name, matches) in expected {
            let bytes = Array(name.lowercased().utf8)
            #expect(try #require(Glob(pattern.utf8)).matches(bytes.span) == matches, "\(pattern) \(name)")
        }
        for pattern in ["", "a b", "a?", "é", "a/b"] { #expect(Glob(pattern.utf8) == nil, "\(pattern)") }
    }

    @Test("Globs and regular expressions match names, never addresses")
    func patterns() throws {
        let folder = PolicyFolder([
            "policy.conf": """
            deny to glob:*.ads.*,banner* reason "glob"
            deny to regex:^(www|web)[0-9]{1,3}\\.spam\\.example$ reason "regex"
            deny to "regex:no"
            default allow

            """
        ])
        let thrown = #expect(throws: PolicyErrors.self) { try folder.load() }
        #expect(
            thrown?.diagnostics.map(\.description) == [
                "\(folder.path)/policy.conf:3:9: a text in quotes stands behind reason or id only"
            ])
        folder.write(
            "policy.conf",
            Array(
                """
                deny to glob:*.ads.*,banner* reason "glob"
                deny to regex:"^(www|web)[0-9]{1,3}\\.spam\\.example$" reason "regex"
                deny to !regex:. reason "not a name"
                default allow

                """.utf8))
        let ruleset = try folder.load()
        let asks: [(String, [String])] = [
            ("a.ads.example", ["deny policy.conf:1 (glob)"]), ("BANNER.example", ["deny policy.conf:1 (glob)"]),
            ("web12.spam.example", ["deny policy.conf:2 (regex)"]), ("web1234.spam.example", ["resolve"]),
            ("192.0.2.1", ["deny policy.conf:3 (not a name)"]),
        ]
        for (host, answer) in asks { #expect(ruleset.answer(try Request(host), in: folder) == answer, "\(host)") }
    }

    @Test("A wrong regular expression is an error of the policy", arguments: ["(", "[a", "a{2", "(a)\\1"])
    func wrongRegex(pattern: String) {
        let folder = PolicyFolder(["policy.conf": "deny to regex:\(pattern)\ndefault allow\n"])
        let thrown = #expect(throws: PolicyErrors.self) { try folder.load() }
        #expect(thrown?.diagnostics.count == 1)
        #expect(
            thrown?.diagnostics[0].description.hasPrefix(
                "\(folder.path)/policy.conf:1:15: \"\(pattern)\" is no extended regular expression: ") == true)
    }

    @Test("The policy that the design shows is understood, whole")
    func design() throws {
        let folder = PolicyFolder([
            "policy.conf": """
            list   ads        lists/ads.txt                        # format found by looking, or said: format hosts
            list   ut1        lists/ut1/                           # a folder: its sub-folders are categories, ut1/gambling
            net    office     10.0.0.0/8 192.168.0.0/16
            group  staff      ann bob
            time   workday    mon-fri 08:00-18:00

            deny   to list:ads                                     reason "advertising"
            deny   to domain:example.com from net:office during time:workday   id SEC-12
            report to port:!80,443                                 # would deny: logged, not enforced
            allow  to ip:10.1.0.0/16 from group:staff
            deny   to private                                      # also by resolved address
            deny   to list:ut1/gambling
            default allow
            """, "lists/ads.txt": "ads.example\n", "lists/ut1/gambling/domains": "casino.example\n",
        ])
        let ruleset = try folder.load()
        #expect(ruleset.warnings.isEmpty && ruleset.ruleCount == 6)
        #expect(
            ruleset.answer(
                try Request("intranet.test", port: 8080, user: "ann"), resolvingTo: ["10.1.0.1", "10.2.0.1"], in: folder
            )
                == [
                    "10.2.0.1 deny policy.conf:11 report policy.conf:9",
                    "10.1.0.1 allow policy.conf:10 report policy.conf:9",
                ])
    }

    @Test("Groups are users by name; a request without a user is in none")
    func groups() throws {
        let folder = PolicyFolder([
            "policy.conf": """
            group staff ann bob
            group guests eve
            allow from group:staff,guests user:ann,eve
            deny from !group:staff
            default allow

            """
        ])
        let ruleset = try folder.load()
        for (user, answer) in [
            ("ann", "allow policy.conf:3"), ("eve", "allow policy.conf:3"), ("bob", "allow policy.conf:5"),
            ("mallory", "deny policy.conf:4"), (nil, "deny policy.conf:4"),
        ] as [(String?, String)] {
            #expect(ruleset.answer(try Request("192.0.2.1", user: user), in: folder) == [answer], "\(user ?? "-")")
        }
    }

    @Test("An included file is read where it is included, and its lines are named")
    func include() throws {
        let folder = PolicyFolder([
            "policy.conf": "include more/rules.conf\ndeny to port:25\ndefault allow\n",
            "more/rules.conf": "list ads ads.txt\ndeny to list:ads\ninclude deep.conf\n",
            "more/ads.txt": "ads.example\n",
            "more/deep.conf": "deny to port:23",
        ])
        let ruleset = try folder.load()
        #expect(
            ruleset.answer(try Request("ads.example"), in: folder) == ["deny more/rules.conf:2 more/ads.txt:1"])
        #expect(ruleset.answer(try Request("192.0.2.1", port: 23), in: folder) == ["deny more/deep.conf:1"])
        #expect(ruleset.answer(try Request("192.0.2.1", port: 25), in: folder) == ["deny policy.conf:2"])
    }

    @Test("A file that includes itself, or can't be read, is an error where it is included")
    func wrongIncludes() throws {
        let folder = PolicyFolder([
            "policy.conf": "include a.conf\ninclude missing.conf\ninclude\ndefault allow\ninclude a.conf\n",
            "a.conf": "include b.conf\n", "b.conf": "deny to prot:1\ninclude a.conf\n",
        ])
        let thrown = #expect(throws: PolicyErrors.self) { try folder.load() }
        let texts = thrown?.diagnostics.map { folder.relative($0.description).replacing(folder.path + "/", with: "") }
        #expect(
            texts?.filter { !$0.hasPrefix("b.conf:1:9: \"prot:\" is no condition") } == [
                "policy.conf:2:9: the file missing.conf cannot be read: No such file or directory",
                "policy.conf:3:1: include takes one file: include FILE",
                "policy.conf:5:1: nothing may stand below the default in line 4; it is the last line",
                "b.conf:2:9: a.conf includes itself; a file is read where it is included",
            ])
        #expect(texts?.count == 5)
    }

    @Test("A rule with sni waits for the tunnel's first bytes, then all rules are judged from the top")
    func serverNames() throws {
        let folder = PolicyFolder([
            "policy.conf": """
            allow to domain:cdn.example sni mismatch
            deny sni mismatch,ech reason "mismatch or ech"
            deny to port:443 sni not-tls reason "not tls"
            deny sni missing reason "missing"
            default allow

            """
        ])
        let ruleset = try folder.load()
        let asks: [(String, UInt16, TLSFacts, String)] = [
            ("a.example", 443, TLSFacts(serverName: .name(try HostName("a.example")), hasEncryptedHello: false), "5"),
            ("a.example", 443, TLSFacts(serverName: .name(try HostName("b.example")), hasEncryptedHello: false), "2"),
            ("cdn.example", 443, TLSFacts(serverName: .name(try HostName("b.example")), hasEncryptedHello: false), "1"),
            ("a.example", 443, TLSFacts(serverName: .name(try HostName("a.example")), hasEncryptedHello: true), "2"),
            ("a.example", 443, TLSFacts(serverName: .invalid, hasEncryptedHello: false), "2"),
            ("a.example", 443, TLSFacts(serverName: .missing, hasEncryptedHello: false), "4"),
            (
                "198.51.100.1", 443, TLSFacts(serverName: .name(try HostName("b.example")), hasEncryptedHello: false),
                "5"
            ),
            ("a.example", 443, .notTLS, "3"), ("a.example", 22, .notTLS, "5"),
        ]
        for (host, port, tls, line) in asks {
            let request = try Request(host, port: port)
            let before = ruleset.answer(request, resolvingTo: ["198.51.100.1"], in: folder)
            #expect(before.last?.hasSuffix("allow policy.conf:5") == true)
            let verdict = ruleset.judge(request, dialled: IPAddress("198.51.100.1")!, tls: tls)
            #expect(folder.relative(verdict.rule) == "policy.conf:\(line)", "\(host):\(port) \(tls)")
        }
    }

    @Test("An allow with sni doesn't open what another rule closes")
    func allowWithServerName() throws {
        let folder = PolicyFolder(["policy.conf": "allow to domain:a.example sni !missing\ndefault deny\n"])
        #expect(try folder.load().answer(try Request("a.example"), in: folder) == ["deny policy.conf:2"])
    }

    @Test("The fingerprint is that of all bytes read: the same for the same, another for any change")
    func fingerprint() throws {
        let files = [
            "policy.conf": "include a.conf\nlist l l.txt\ndeny to list:l\ndefault allow\n", "a.conf": "# x\n",
            "l.txt": "a.b\n",
        ]
        let first = try PolicyFolder(files).load().fingerprint
        #expect(first.utf8.count == 16)
        #expect(try PolicyFolder(files).load().fingerprint == first)
        for name in files.keys {
            #expect(
                try PolicyFolder(files.merging([name: files[name]! + "\n"]) { $1 }).load().fingerprint != first,
                "\(name)")
        }
        let moved = files.merging(["a.conf": "# x\n# y\n", "policy.conf": files["policy.conf"]!]) { $1 }
        #expect(try PolicyFolder(moved).load().fingerprint != first)
    }
}
