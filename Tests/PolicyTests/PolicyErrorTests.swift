import Testing

@testable import Policy

@Suite("Errors of a policy")
struct PolicyErrorTests {
    /// Each a policy and the errors that it must have, without the file's name.
    private static let cases: [(policy: String, errors: [String])] = [
        ("", [": the last line is missing; \"default allow\" or \"default deny\" must end the policy"]),
        (
            "deny to domain:a.example\n",
            [":1: the last line is missing; \"default allow\" or \"default deny\" must end the policy"]
        ),
        (
            "dney to domain:a.example\ndefault allow",
            [
                ":1:1: \"dney\" begins no statement; did you mean \"deny\"?; allowed: list, net, group, time, include, allow, deny, report, default"
            ]
        ),
        ("default maybe", [":1:9: a default says what; \"default allow\" or \"default deny\" is allowed"]),
        ("default", [":1:1: a default says what; \"default allow\" or \"default deny\" is allowed"]),
        ("default report", [":1:9: a default says what; \"default allow\" or \"default deny\" is allowed"]),
        (
            "default deny\nallow to port:80",
            [":2:1: nothing may stand below the default in line 1; it is the last line"]
        ),
        (
            "deny\ndefault allow",
            [
                ":1:1: the rule asks nothing; \"default deny\" is what holds for all, else say deny to, from, by, sni or during"
            ]
        ),
        ("deny to\ndefault allow", [":1:6: nothing stands behind \"to\""]),
        (
            "deny domain:a.example\ndefault allow",
            [
                ":1:6: \"domain:a.example\" is no part of a rule; allowed: to, from, by, sni, during, until, reason, id"
            ]
        ),
        (
            "deny from net:10.0.0.0/8 to domain:a.example\ndefault allow",
            [
                ":1:26: \"to\" stands too late or twice; the order is to, from, by, sni, during, until, reason, id"
            ]
        ),
        (
            "deny to domian:a.example\ndefault allow",
            [
                ":1:9: \"domian:\" is no condition behind \"to\"; did you mean \"domain:\"?; allowed: domain:, host:, glob:, regex:, list:, category:, ip:, "
                    + "port:, ip-literal, private, loopback, link-local, metadata, shared, multicast, reserved, documentation, "
                    + "special"
            ]
        ),
        (
            "deny to privat\ndefault allow",
            [
                ":1:9: \"privat\" is no condition behind \"to\"; did you mean \"private\"?; allowed: domain:, host:, glob:, regex:, list:, category:, ip:, "
                    + "port:, ip-literal, private, loopback, link-local, metadata, shared, multicast, reserved, documentation, "
                    + "special"
            ]
        ),
        (
            "deny to domain:a..example,b_c.example,-\ndefault allow",
            [
                ":1:16: \"a..example\" is no name: the host name has an empty label"
            ]
        ),
        (
            "deny to domain:*.a.example\ndefault allow",
            [
                ":1:16: domain: has the sub-domains in it; write domain:a.example"
            ]
        ),
        (
            "deny to domain:10.0.0.1 host:::1\ndefault allow",
            [
                ":1:16: \"10.0.0.1\" is an address; write ip:10.0.0.1", ":1:30: \"::1\" is an address; write ip:::1",
            ]
        ),
        (
            "deny to domain:a.example,,b.example\ndefault allow",
            [
                ":1:26: a value is missing; write domain:a,b without blanks"
            ]
        ),
        (
            "deny to domain:a.example domain:b.example\ndefault allow",
            [
                ":1:26: all conditions of a rule must hold at once; for alternatives write domain:a,b"
            ]
        ),
        (
            "deny to private loopback\ndefault allow",
            [
                ":1:17: all conditions of a rule must hold at once; for alternatives write a,b"
            ]
        ),
        (
            "deny to !!private\ndeny to !port:!80\ndefault allow",
            [
                ":1:9: ! stands more than once; one turns the whole condition around",
                ":2:9: ! stands more than once; one turns the whole condition around",
            ]
        ),
        (
            "deny to ip:10.1.2.3/8,10.0.0.0/33,300.1.1.1,10.0.0.9-10.0.0.1\ndefault allow",
            [
                ":1:12: \"10.1.2.3/8\" has bits beyond the first 8; write 10.0.0.0/8, or 10.1.2.3 alone",
                ":1:23: \"10.0.0.0/33\" is no address; 192.0.2.1, 10.0.0.0/8, 192.0.2.1-192.0.2.9 or their like in IPv6 is allowed",
                ":1:35: \"300.1.1.1\" is no address; 192.0.2.1, 10.0.0.0/8, 192.0.2.1-192.0.2.9 or their like in IPv6 is allowed",
                ":1:45: \"10.0.0.9-10.0.0.1\" is no address; 192.0.2.1, 10.0.0.0/8, 192.0.2.1-192.0.2.9 or their like in IPv6 is allowed",
            ]
        ),
        (
            "deny to port:0,65536,80-,9-8,https\ndefault allow",
            [
                ":1:14: \"0\" is no port; 1 to 65535 or a range such as 1-1023 is allowed",
                ":1:16: \"65536\" is no port; 1 to 65535 or a range such as 1-1023 is allowed",
                ":1:22: \"80-\" is no port; 1 to 65535 or a range such as 1-1023 is allowed",
                ":1:26: \"9-8\" is no port; 1 to 65535 or a range such as 1-1023 is allowed",
                ":1:30: \"https\" is no port; 1 to 65535 or a range such as 1-1023 is allowed",
            ]
        ),
        (
            "net office 10.0.0.0/8\nnet office 10.0.0.0/8\ndeny from net:ofice\ndefault allow",
            [
                ":2:5: the net \"office\" is defined already, in policy.conf:1; names are given once",
                ":3:15: \"ofice\" is no net; did you mean \"office\"?; allowed: office",
            ]
        ),
        (
            "net 9x 10.0.0.0/8\nnet x\nnet y 10.0.0.300\ndefault allow",
            [
                ":1:5: \"9x\" is no name; letters, digits, - and _ are allowed, a letter first",
                ":2:5: a net has a name and networks: net NAME 10.0.0.0/8 …",
                ":3:7: \"10.0.0.300\" is no address; 192.0.2.1, 10.0.0.0/8, 192.0.2.1-192.0.2.9 or their like in IPv6 is allowed",
            ]
        ),
        (
            "deny to list:ads category:x from net:office group:staff during time:workday\ndefault allow",
            [
                ":1:14: \"ads\" is no list; none is defined", ":1:27: \"x\" is no category; none is defined",
                ":1:38: \"office\" is no net; none is defined", ":1:51: \"staff\" is no group; none is defined",
                ":1:69: \"workday\" is no time; none is defined",
            ]
        ),
        (
            "list ads missing.txt\ndeny to list:adds\ndefault allow",
            [
                ":1:10: the list missing.txt cannot be read: No such file or directory",
                ":2:14: \"adds\" is no list; did you mean \"ads\"?; allowed: ads",
            ]
        ),
        (
            "list ads . \nlist b policy.conf format host match suffixes\nlist c\ndefault allow",
            [
                ":1:10: the list . is a folder without categories; sub-folders with a file domains or urls are allowed",
                ":2:27: \"host\" is no form of lists; did you mean \"hosts\"?; allowed: domains, hosts, adblock, wildcard, dnsmasq, unbound, rpz, dstdomain, urls",
                ":2:38: \"suffixes\" is no way to match; did you mean \"suffix\"?; allowed: exact, suffix",
                ":3:6: a list has a name and a file: list NAME PATH",
            ]
        ),
        (
            "deny by sock\ndeny by http connect\ndefault allow",
            [
                ":1:9: \"sock\" is no way to ask; did you mean \"socks\"?; allowed: http, connect, socks4, socks4a, socks5, udp, socks",
                ":2:14: all conditions of a rule must hold at once; for alternatives write a,b",
            ]
        ),
        (
            "deny to private reason why\ndeny to private id a b\ndeny to private reason \"x\" \"y\"\ndefault allow",
            [
                ":1:24: a reason stands in quotes: reason \"advertising\"",
                ":2:22: id takes one word; put several in quotes",
                ":3:28: reason takes one word; put several in quotes",
            ]
        ),
        (
            "deny to private reason \"open\ndeny to \u{7}x\ndefault allow",
            [
                ":1:24: the quote is never closed; end it with \"",
                ":2:9: a control byte; only text is allowed",
            ]
        ),
        ("deny to \"private\"\ndefault allow", [":1:9: a text in quotes stands behind reason or id only"]),
    ]

    @Test("Each error has its place, says what is allowed, and none hides another", arguments: cases)
    func errors(policy: String, errors: [String]) throws {
        let folder = PolicyFolder(["policy.conf": policy])
        let thrown = #expect(throws: PolicyErrors.self) { try folder.load() }
        let texts = thrown?.diagnostics.map { diagnostic in
            diagnostic.description.replacing(folder.path + "/", with: "")
        }
        #expect(texts == errors.map { "policy.conf" + $0 })
    }

    @Test("A file that can't be read is an error that says why")
    func unreadable() {
        let folder = PolicyFolder([:])
        let missing = #expect(throws: PolicyErrors.self) { try folder.load() }
        #expect(missing?.description == folder.path + "/policy.conf: cannot be read: No such file or directory")
        let device = #expect(throws: PolicyErrors.self) { try Ruleset.load(path: "/dev/zero") }
        #expect(device?.description == "/dev/zero: is no regular file")
        let directory = #expect(throws: PolicyErrors.self) { try Ruleset.load(path: "/") }
        #expect(directory?.description == "/: is a folder; name a file")
    }

    @Test("Of very many errors the first hundred are told")
    func manyErrors() throws {
        let folder = PolicyFolder(["policy.conf": String(repeating: "ads.example\n", count: 250) + "default allow\n"])
        let thrown = #expect(throws: PolicyErrors.self) { try folder.load() }
        #expect(thrown?.diagnostics.count == 101)
        #expect(thrown?.diagnostics.last?.description == folder.path + "/policy.conf: 150 more errors")
    }

    @Test("The errors tell which files to watch, those that are missing too")
    func files() throws {
        let folder = PolicyFolder(["policy.conf": "list l missing.txt\ninclude gone.conf\nlist d .\ndefault allow\n"])
        let thrown = #expect(throws: PolicyErrors.self) { try folder.load() }
        let files = thrown?.files.map { folder.relative($0) }
        #expect(files == ["policy.conf", "gone.conf", "missing.txt", "."])
    }

    @Test("CR LF, a byte order mark, blanks, tabs and a missing last newline change nothing")
    func spelling() throws {
        let plain = PolicyFolder(["policy.conf": "deny to port:25 reason \"a # b\"\ndefault allow\n"])
        let odd = PolicyFolder([
            "policy.conf": "\u{feff}\tdeny   to port:25\treason \"a # b\" # c\r\n\r\n# d\r\n  default allow"
        ])
        for folder in [plain, odd] {
            let ruleset = try folder.load()
            #expect(ruleset.answer(try Request("192.0.2.1", port: 25), in: folder) == ["deny policy.conf:1 (a # b)"])
        }
    }

    @Test("Any bytes give a ruleset or errors")
    func fuzz() throws {
        var random = SplitMix64(seed: 7)
        let words = [
            "deny", "allow", "report", "default", "to", "from", "by", "reason", "id", "domain:", "host:a.b",
            "ip:10.0.0.0/8",
            "!", ",", "\"", "\\", "#", "\n", "\n", " ", " ", "list", "net", "x", "policy.conf", "private", "port:1-2",
            "\r",
            "\0", "\u{ff}", ":", "net:x", "format", "match", "user:", "anonymous",
        ]
        for _ in 0..<250 {
            let count = Int.random(in: 0...30, using: &random)
            let text = (0..<count).map { _ in words.randomElement(using: &random)! }.joined(
                separator: [" ", ""].randomElement(using: &random)!)
            let folder = PolicyFolder(["policy.conf": text])
            do throws(PolicyErrors) {
                _ = try Ruleset.load(path: folder.path + "/policy.conf")
            } catch {
                #expect(!error.diagnostics.isEmpty)
            }
        }
    }
}
