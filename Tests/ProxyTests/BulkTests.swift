import Addressing
import Glibc
import Testing

@testable import Proxy

@Suite("Bulk")
struct BulkTests {
    /// One end of a tunnel that sends all of its bytes and compares what comes with what must come.
    private struct End {
        let connection: Connection
        let sends: [UInt8]
        let expects: [UInt8]
        var sent = 0
        var received = 0
        var hasEnded = false
        var isEqual = true

        var events: Int32 { (sent < sends.count ? POLLOUT : 0) | (hasEnded ? 0 : POLLIN) }

        mutating func move() throws {
            if sent < sends.count {
                sent += try connection.sendSome(sends[sent..<min(sent + 256 * 1024, sends.count)])
                if sent == sends.count { connection.halfClose() }
            }
            let start = received
            let (count, end) = try expects.withUnsafeBufferPointer { expected in
                try connection.compareSome(with: UnsafeBufferPointer(rebasing: expected[start...]))
            }
            guard let count else {
                isEqual = false
                return
            }
            received += count
            hasEnded = end
        }
    }

    /// Numbers that don't repeat, eight bytes at a time.
    private static func payload(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            let raw = UnsafeMutableRawBufferPointer(room)
            for index in stride(from: 0, to: count - 7, by: 8) {
                raw.storeBytes(of: random.next(), toByteOffset: index, as: UInt64.self)
            }
            filled = count
        }
    }

    @Test("Eight MiB each way at once arrive as they were sent", arguments: Way.allCases)
    func bothWays(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        let size = 8 << 20
        let (up, down) = (Self.payload(size, seed: 1), Self.payload(size, seed: 2))
        var ends = [
            End(connection: client, sends: up, expects: down), End(connection: origin, sends: down, expects: up),
        ]
        while ends.contains(where: { $0.events != 0 && $0.isEqual }) {
            var watched = ends.map { pollfd(fd: $0.connection.descriptor, events: Int16($0.events), revents: 0) }
            try #require(poll(&watched, nfds_t(watched.count), 10_000) > 0, "nothing moves any more")
            for index in ends.indices where watched[index].revents != 0 { try ends[index].move() }
        }
        for end in ends {
            #expect(end.isEqual)
            #expect(end.received == size)
        }
        client.close()
        origin.close()
        let record = try #require(try proxy.finish().first)
        #expect(record.outcome == "ok")
        #expect(record.up == size)
        #expect(record.down == size)
    }

    @Test("A reader that stops reading holds up its sender, and memory is bounded", arguments: Way.allCases)
    func backPressure(way: Way) throws {
        let proxy = try RunningProxy()
        let (client, origin) = try proxy.tunnel(way, to: try Origin())
        let bytes = [UInt8](repeating: 0x63, count: 256 * 1024)
        var sent = 0
        // Kernel buffers and one pipe or buffer of the proxy's: far below what a proxy without bounds would take.
        while sent < 256 << 20 {
            let count = try client.sendSome(bytes[...])
            sent += count
            if count > 0 { continue }
            let before = sent
            for _ in 0..<3 { _ = try proxy.server.registrations() }
            sent += try client.sendSome(bytes[...])
            if sent == before { break }
        }
        #expect(sent < 64 << 20)
        client.halfClose()
        #expect(try origin.receiveToEnd().bytes.count == sent)
        origin.close()
        client.close()
        #expect(try #require(try proxy.finish().first).up == sent)
    }
}

extension Connection {
    /// Receives what is there and compares it with `expected`.
    ///
    /// - Returns: how many bytes came, nil if they were others than expected, and whether the end has come.
    func compareSome(with expected: UnsafeBufferPointer<UInt8>) throws -> (count: Int?, end: Bool) {
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256 * 1024) { room in
            let count = recv(descriptor, room.baseAddress, room.count, 0)
            if count == 0 { return (0, true) }
            if count < 0 {
                guard errno == EAGAIN else { throw Failure(description: "receive: \(errno)") }
                return (0, false)
            }
            guard count <= expected.count, memcmp(room.baseAddress!, expected.baseAddress!, count) == 0 else {
                return (nil, false)
            }
            return (count, false)
        }
    }
}
