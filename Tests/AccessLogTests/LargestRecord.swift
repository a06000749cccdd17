import Addressing

@testable import AccessLog

/// A record in which everything but its texts is as long as it gets.
enum LargestRecord {
    static func make() -> Record {
        let address = IPAddress(high: 0x2001_1db8_1111_2222, low: 0x3333_4444_5555_6666)
        let endpoint = Endpoint(address, Port(65535))
        let attempt = Attempt(
            address: address, outcome: .httpResponseTrailerSectionSize, errorNumber: 93, duration: .max)
        var record = Record()
        record.kind = .update
        record.connection = ConnectionID(run: .max, worker: .max, number: .max)
        record.ordinal = .max
        record.start = .max
        record.end = .max
        record.client = endpoint
        record.peer = endpoint
        record.listener = endpoint
        record.auth = .socks5
        record.proto = .connect
        record.port = Port(65535)
        record.verdict = .allow
        record.resolved = [IPAddress](repeating: address, count: 60)
        record.refused = record.resolved
        record.dialled = address
        record.attempts = [Attempt](repeating: attempt, count: 60)
        record.local = endpoint
        record.serverNameMatches = false
        record.hasEncryptedHello = false
        setNumbers(&record)
        return record
    }

    private static func setNumbers(_ record: inout Record) {
        record.status = .max
        record.originStatus = .max
        record.reply = .max
        record.up = .max
        record.down = .max
        record.upHead = .max
        record.downHead = .max
        record.datagramsUp = .max
        record.datagramsDown = .max
        record.clientRoundTrip = .max
        record.originRoundTrip = .max
        record.clientRetransmits = .max
        record.originRetransmits = .max
        record.outcome = .httpResponseTrailerSectionSize
        record.endedBy = .operator
        record.stage = .authenticate
        record.errorNumber = 93
        record.durations.negotiate = .max
        record.durations.authenticate = .max
        record.durations.resolve = .max
        record.durations.connect = .max
        record.durations.firstByte = .max
        record.durations.total = .max
    }
}
