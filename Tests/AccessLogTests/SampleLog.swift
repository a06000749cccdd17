import Addressing

@testable import AccessLog

/// A few requests of all kinds.
enum SampleLog {
    /// 2025-11-20T23:54:01.123456Z
    static let start: Int64 = 1_763_682_841_123_456

    static let records: [Record] = [plain, tunnel, denied, socks, garbage]

    /// The lines as they are in a log, numbered from 1, without line feeds.
    static func lines(_ records: [Record] = records) -> [[UInt8]] {
        records.enumerated().map { index, record in
            var line = Array("{\"v\":1,\"type\":\"\(record.kind)\",\"seq\":\(index + 1)".utf8)
            record.append(to: &line)
            return line.dropLast()
        }
    }

    static func text(_ records: [Record] = records) -> [UInt8] {
        Array(lines(records).joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
    }

    static var plain: Record {
        var record = base(1, client: IPAddress(192, 0, 2, 1))
        record.proto = .http
        record.set(.user, "ann b")
        record.set(.method, "GET")
        record.set(.scheme, "http")
        record.set(.host, "www.example.co.uk")
        record.port = Port(80)
        record.set(.path, "/a b?q=\"1\"")
        record.set(.userAgent, "Agent \"X\" \\ é\n")
        record.set(.referer, "http://example.org/")
        record.verdict = .allow
        record.set(.rule, "acl/policy.conf:9")
        record.dialled = IPAddress(198, 51, 100, 7)
        record.local = Endpoint(IPAddress(10, 0, 0, 1), Port(40000))
        record.status = 200
        record.up = 0
        record.down = 5000
        record.downHead = 200
        record.outcome = .ok
        record.durations.total = 173_400
        return record
    }

    static var tunnel: Record {
        var record = base(2, client: .loopbackV6)
        record.proto = .connect
        record.set(.method, "CONNECT")
        record.set(.host, "2001:db8::7")
        record.port = Port(443)
        record.verdict = .allow
        record.set(.rule, "acl/policy.conf:9")
        record.dialled = IPAddress("2001:db8::7")
        record.local = Endpoint(.loopbackV6, Port(40001))
        record.status = 200
        record.up = 517
        record.down = 1_000_000
        record.outcome = .ok
        record.durations.total = 1_000_000
        return record
    }

    static var denied: Record {
        var record = base(3, client: IPAddress(192, 0, 2, 1))
        record.proto = .connect
        record.set(.method, "CONNECT")
        record.set(.host, "ads.example.com")
        record.port = Port(443)
        record.verdict = .deny
        record.set(.rule, "acl/policy.conf:3")
        record.set(.reason, "advertising, \"all\" of it")
        record.status = 403
        record.outcome = .httpRequestDenied
        record.endedBy = .policy
        record.durations.total = 120
        return record
    }

    static var socks: Record {
        var record = base(4, client: IPAddress(192, 0, 2, 2))
        record.proto = .socks5
        record.set(.method, "CONNECT")
        record.set(.host, "mail.example.com")
        record.port = Port(25)
        record.verdict = .allow
        record.reply = 5
        record.outcome = .connectionRefused
        record.errorNumber = 111
        record.durations.total = 2000
        return record
    }

    /// Something that never became a request.
    static var garbage: Record {
        var record = base(5, client: IPAddress(192, 0, 2, 3))
        record.outcome = .httpRequestError
        record.endedBy = .client
        record.stage = .sniff
        return record
    }

    private static func base(_ number: UInt64, client: IPAddress) -> Record {
        var record = Record()
        record.connection = ConnectionID(run: 1, worker: 0, number: number)
        record.start = start + Int64(number) * 1_000_000
        record.end = record.start + 500_000
        record.client = Endpoint(client, Port(50000))
        return record
    }
}
