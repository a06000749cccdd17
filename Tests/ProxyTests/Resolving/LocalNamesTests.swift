import Addressing
import Testing

@testable import Proxy

@Suite("Names that need no name server")
struct LocalNamesTests {
    private static func addresses(_ table: HostsTable, _ name: String) throws -> [String]? {
        table.addresses(of: try HostName(name))?.map(\.description)
    }

    @Test("localhost and all below it are the loopback, whatever else is known")
    func localhost() throws {
        for name in ["localhost", "a.localhost", "a.b.localhost"] {
            #expect(SpecialName.answer(for: try HostName(name))?.answer == .addresses([.loopbackV6, .loopbackV4]))
        }
    }

    @Test("Names that nobody may ask for do not exist", arguments: ["invalid", "a.invalid", "x.onion", "a.b.alt"])
    func nowhere(name: String) throws {
        #expect(SpecialName.answer(for: try HostName(name)) == Resolution(.notFound, from: .hosts))
    }

    @Test(
        "Names that merely look like those are ordinary",
        arguments: [
            "localhost.example", "notlocalhost", "my-localhost", "xinvalid", "salt", "cobalt", "onions", "t", "lt",
        ])
    func ordinary(name: String) throws {
        #expect(SpecialName.answer(for: try HostName(name)) == nil)
    }

    @Test("The hosts file gives a name all its addresses, in order, whatever its spelling")
    func hosts() throws {
        let text = """
            # comment
            192.0.2.1\tone.example One.Alias  # 9.9.9.9 no.example
              2001:db8::1 ONE.example
            192.0.2.1 one.example
            192.0.2.2 two.example\r
            not-an-address three.example
            192.0.2.4
            fe80::1%eth0 scoped.example
            192.0.2.5 bad..name good.example 10.0.0.1
            192.0.2.6 last.example
            """
        let table = HostsTable(parsing: Array(text.utf8).span)
        #expect(try Self.addresses(table, "one.example") == ["192.0.2.1", "2001:db8::1"])
        #expect(try Self.addresses(table, "one.alias") == ["192.0.2.1"])
        #expect(try Self.addresses(table, "two.example") == ["192.0.2.2"])
        #expect(try Self.addresses(table, "good.example") == ["192.0.2.5"])
        #expect(try Self.addresses(table, "last.example") == ["192.0.2.6"])
        for name in ["no.example", "three.example", "scoped.example", "example", "one"] {
            #expect(try Self.addresses(table, name) == nil)
        }
    }

    @Test("An empty file knows no name")
    func empty() throws {
        #expect(try Self.addresses(HostsTable(), "a") == nil)
        #expect(try Self.addresses(HostsTable(parsing: [UInt8]().span), "a") == nil)
        #expect(try Self.addresses(HostsTable(parsing: Array("\n\n#".utf8).span), "a") == nil)
    }

    @Test("A hosts file may be a long list")
    func long() throws {
        let text = (0..<20_000).map { "192.0.2.\($0 % 250) n\($0).example\n" }.joined()
        let table = HostsTable(parsing: Array(text.utf8).span)
        for number in stride(from: 0, to: 20_000, by: 97) {
            #expect(try Self.addresses(table, "n\(number).example") == ["192.0.2.\(number % 250)"])
        }
        #expect(try Self.addresses(table, "n20000.example") == nil)
    }

    @Test("Any bytes make a hosts file and settings, if empty ones")
    func anyBytes() {
        var random = SeededBits(state: 7)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in
                UInt8.random(in: 0...4, using: &random) == 0 ? UInt8.random(in: 0...255, using: &random) : 0x31
            }
            _ = HostsTable(parsing: bytes.span)
            #expect(!ResolverSettings(parsing: bytes.span).servers.isEmpty)
        }
    }
}

@Suite("The resolver's settings")
struct ResolverSettingsTests {
    private static func settings(_ text: String) -> ResolverSettings {
        ResolverSettings(parsing: Array(text.utf8).span)
    }

    @Test("All keywords are read, the last search list holds, and what is unknown is skipped")
    func reads() throws {
        let settings = Self.settings(
            """
            ; comment
            # comment
            domain first.example
            nameserver 192.0.2.53
            nameserver\t2001:db8::53 trailing
            nameserver nonsense
            search a.example B.example bad..name
            sortlist 130.155.160.0/255.255.240.0
            options ndots:3 timeout:2 attempts:4 rotate edns0 ndots:x timeout:
            """)
        #expect(
            settings.servers == [
                Endpoint(IPAddress(192, 0, 2, 53), Port(53)),
                Endpoint(try #require(IPAddress("2001:db8::53")), Port(53)),
            ])
        #expect(settings.search.map(\.text) == ["a.example", "b.example"])
        #expect(settings.ndots == 3 && settings.timeout == .seconds(2) && settings.attempts == 4 && settings.rotates)
        #expect(settings.patience == .seconds(8))
    }

    @Test("A file without servers means this machine's")
    func noServers() {
        #expect(Self.settings("search example\n").servers == [Endpoint(.loopbackV4, Port(53))])
        #expect(Self.settings("").patience == .seconds(10))
    }

    @Test("Values out of range are brought into it, and lists are bounded")
    func bounds() {
        let settings = Self.settings("options ndots:99 timeout:0 attempts:77\n")
        #expect(settings.ndots == 15 && settings.timeout == .seconds(1) && settings.attempts == 5)
        let servers = (1...20).map { "nameserver 192.0.2.\($0)\n" }.joined()
        #expect(Self.settings(servers).servers.count == ResolverSettings.mostServers)
    }

    @Test("A name with dots enough is complete; a shorter one is tried in each domain, then as it is")
    func candidates() throws {
        func candidates(_ name: String, ndots: Int) throws -> [String] {
            let settings = Self.settings("search a.example b.example\noptions ndots:\(ndots)\n")
            return settings.candidates(for: try HostName(name)).map(\.text)
        }
        #expect(try candidates("host", ndots: 1) == ["host.a.example", "host.b.example", "host"])
        #expect(try candidates("host.sub", ndots: 1) == ["host.sub"])
        #expect(try candidates("host.sub", ndots: 2) == ["host.sub.a.example", "host.sub.b.example", "host.sub"])
        #expect(try candidates("host", ndots: 0) == ["host"])
        let long = ([String](repeating: String(repeating: "x", count: 60), count: 4)).joined(separator: "-a.")
        #expect(try candidates(String(long.prefix(250)), ndots: 15) == [String(long.prefix(250))])
    }
}
