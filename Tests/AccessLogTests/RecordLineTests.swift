import Addressing
import Testing

@testable import AccessLog

@Suite("The line of a record")
struct RecordLineTests {
    /// 2025-11-20T23:54:01.123456Z
    static let start: Int64 = 1_763_682_841_123_456

    static func text(_ record: Record) -> String {
        var bytes: [UInt8] = []
        record.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("A record that holds nothing says only which connection it is about and when it was")
    func minimal() {
        var record = Record()
        record.connection = ConnectionID(run: 0x19a_9f1c_3a2b, worker: 1, number: 4711)
        record.start = Self.start
        #expect(
            Self.text(record) == #","id":"19a9f1c3a2b-1-4711.1","conn":"19a9f1c3a2b-1-4711","worker":1,"#
                + #""start":"2025-11-20T23:54:01.123456Z"}"# + "\n")
    }

    @Test("A tunnel's record has the keys of the design in their order")
    func tunnel() throws {
        var record = Record()
        record.connection = ConnectionID(run: 255, worker: 0, number: 1)
        record.ordinal = 2
        record.start = Self.start
        record.end = Self.start + 1_500_000
        record.client = Endpoint(IPAddress(192, 0, 2, 7), Port(50123))
        record.listener = Endpoint(.loopbackV6, Port(3128))
        record.auth = AuthMethod.none
        record.proto = .connect
        record.set(.method, "CONNECT")
        record.setHost(try Host("example.com"))
        record.set(.hostRaw, "Example.COM.")
        record.port = Port(443)
        record.set(.userAgent, "curl/8.0")
        record.verdict = .allow
        record.set(.rule, "acl/policy.conf:12")
        record.set(.policy, "3f2a")
        record.set(.resolver, "system")
        record.resolved = [IPAddress(93, 184, 216, 34), .loopbackV6]
        record.refused = [.loopbackV6]
        record.dialled = IPAddress(93, 184, 216, 34)
        record.attempts = [Attempt(address: IPAddress(93, 184, 216, 34), outcome: .ok, duration: 12_300)]
        record.local = Endpoint(IPAddress(10, 0, 0, 2), Port(40000))
        record.status = 200
        record.up = 517
        record.down = 12_345_678_901
        record.clientRoundTrip = 120
        record.originRoundTrip = 11_000
        record.clientRetransmits = 0
        record.originRetransmits = 0
        record.outcome = .ok
        record.endedBy = .client
        record.stage = .relay
        record.durations.negotiate = 150
        record.durations.connect = 12_300
        record.durations.total = 1_500_000
        #expect(
            Self.text(record) == #","id":"ff-0-1.2","conn":"ff-0-1","worker":0,"#
                + #""start":"2025-11-20T23:54:01.123456Z","end":"2025-11-20T23:54:02.623456Z","#
                + #""client":"192.0.2.7","client_port":50123,"listener":"[::1]:3128","auth":"none","proto":"connect","#
                + #""method":"CONNECT","host":"example.com","host_raw":"Example.COM.","port":443,"ua":"curl/8.0","#
                + #""verdict":"allow","rule":"acl/policy.conf:12","policy":"3f2a","resolver":"system","#
                + #""resolved":["93.184.216.34","::1"],"refused":["::1"],"dialled":"93.184.216.34","#
                + #""attempts":[{"address":"93.184.216.34","outcome":"ok","ms":12.3}],"local":"10.0.0.2:40000","#
                + #""status":200,"up":517,"down":12345678901,"rtt_client":120,"rtt_origin":11000,"retrans":0,"#
                + #""outcome":"ok","ended_by":"client","stage":"relay","#
                + #""ms":{"negotiate":0.15,"connect":12.3,"total":1500}}"# + "\n")
    }

    @Test("A record that was reset holds nothing of the one before")
    func reset() {
        var used = LargestRecord.make()
        for field in Record.TextField.allCases { used.set(field, "text") }
        used.reset()
        #expect(Self.text(used) == Self.text(Record()))
        used.setHost(.address(IPAddress(192, 0, 2, 1)))
        #expect(Self.text(used).hasSuffix(#","host":"192.0.2.1"}"# + "\n"))
    }

    @Test("A field that is set again takes the later value")
    func setAgain() {
        var record = Record()
        record.set(.user, "ann")
        record.set(.path, "/")
        record.set(.user, "bob")
        #expect(Self.text(record).hasSuffix(#","user":"bob","path":"/"}"# + "\n"))
    }

    @Test(
        "Times are RFC 3339 in UTC with microseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1970-01-01T00:00:00.000000Z"),
            (951_782_399_999_999, "2000-02-28T23:59:59.999999Z"), (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
            (1_735_689_599_000_010, "2024-12-31T23:59:59.000010Z"),
            (Int64.max, "9999-12-31T23:59:59.999999Z"),
        ])
    func times(micros: Int64, text: String) {
        var record = Record()
        record.start = micros
        #expect(Self.text(record).hasSuffix(#","start":"\#(text)"}"# + "\n"))
    }

    @Test(
        "Durations are milliseconds with up to three decimals",
        arguments: [
            (0, "0"), (1, "0.001"), (10, "0.01"), (100, "0.1"), (1000, "1"), (1001, "1.001"), (120_450, "120.45"),
            (-5, "0"), (90_000_000, "90000"),
        ])
    func durations(micros: Int64, text: String) {
        var record = Record()
        record.durations.total = micros
        #expect(Self.text(record).hasSuffix(#","ms":{"total":\#(text)}}"# + "\n"))
    }

    @Test(
        "Numbers of every length are written in full",
        arguments: [0, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 99_999, 100_000, 12_345_678, 4_294_967_296, UInt64.max])
    func numbers(value: UInt64) {
        var record = Record()
        record.up = value
        #expect(Self.text(record).hasSuffix(#","up":\#(value)}"# + "\n"))
    }

    @Test("Every octet of an address is written in full")
    func octets() {
        for octet in UInt8.min...255 {
            let address = IPAddress(octet, 255 - octet, octet, octet)
            var record = Record()
            record.dialled = address
            #expect(Self.text(record).hasSuffix(#","dialled":"\#(octet).\#(255 - octet).\#(octet).\#(octet)"}"# + "\n"))
        }
    }

    @Test("Retransmitted segments are told apart by leg only where there are some")
    func retransmits() {
        var record = Record()
        record.clientRetransmits = 0
        record.originRetransmits = 0
        #expect(Self.text(record).hasSuffix(#","retrans":0}"# + "\n"))
        record.originRetransmits = 3
        #expect(Self.text(record).hasSuffix(#","retrans":3,"retrans_client":0,"retrans_origin":3}"# + "\n"))
    }

    @Test("An error without a known name is written as its number", arguments: [(111, "ECONNREFUSED"), (4000, "4000")])
    func errorNames(number: Int32, text: String) {
        var record = Record()
        record.errorNumber = number
        #expect(Self.text(record).hasSuffix(#","errno":"\#(text)"}"# + "\n"))
    }

    @Test("Outcomes are the tokens of RFC 9209, in snake case, each once")
    func outcomes() {
        let tokens = Outcome.allCases.map(\.rawValue)
        #expect(Set(tokens).count == 33)
        #expect(tokens.allSatisfy { $0.allSatisfy { $0 == "_" || ("a"..."z").contains($0) } })
    }

    @Test("The longest record has all keys in the design's order")
    func order() throws {
        var record = LargestRecord.make()
        for field in Record.TextField.allCases where field != .client { record.set(field, "x") }
        let keys = Self.keys(Self.text(record))
        #expect(
            keys == [
                "id", "conn", "worker", "start", "end", "client", "client_port", "peer", "listener", "user",
                "user_claimed", "auth", "auth_result", "proto", "method", "scheme", "host", "host_raw", "port", "path",
                "ua", "referer", "verdict", "rule", "entry", "reason", "would", "policy", "resolver", "resolved",
                "refused", "dialled", "attempts", "destinations", "local", "sni", "sni_match", "alpn", "tls_version",
                "ech", "status", "origin_status", "reply", "up", "down", "up_head", "down_head", "datagrams_up",
                "datagrams_down", "rtt_client", "rtt_origin", "retrans", "retrans_client", "retrans_origin", "outcome",
                "ended_by", "stage", "errno", "ms",
            ])
    }

    /// The keys of the line's own members, in their order; needs values without quotes or braces inside.
    private static func keys(_ line: String) -> [String] {
        var depth = 0
        var keys: [String] = []
        var text = ""
        var isText = false
        for character in line {
            switch character {
            case "\"" where !isText: (isText, text) = (true, "")
            case "\"": isText = false
            case _ where isText: text.append(character)
            case "{", "[": depth += 1
            case "}", "]": depth -= 1
            case ":" where depth == 0: keys.append(text)
            default: break
            }
        }
        return keys
    }
}
