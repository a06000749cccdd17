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
        var used = Record()
        used.set(.host, "example.com")
        used.resolved = [.loopbackV4]
        used.status = 403
        used.errorNumber = 111
        used.durations.total = 5
        used.reset()
        #expect(Self.text(used) == Self.text(Record()))
    }
}
