import Addressing
import Glibc
import Testing

@testable import Proxy

@Suite("Any bytes at all")
struct RandomBytesTests {
    /// Good messages to start from.
    private static func seeds(_ port: Port) -> [[UInt8]] {
        [
            Way.connect.request("127.0.0.1", port), Way.socks5.request("127.0.0.1", port),
            Way.connect.request("a.example", port), Way.socks5.request("a.example", port),
            [4, 1, 0, 80, 127, 0, 0, 1] + Array("user\0".utf8), [5, 2, 0, 2],
            Array("GET http://127.0.0.1:\(port)/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8),
            Array("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8),
        ]
    }

    private static func mutated(_ seeds: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
        if random.below(4) == 0 { return (0..<random.below(200)).map { _ in UInt8(random.below(256)) } }
        var bytes = random.pick(seeds)
        for _ in 0..<random.below(4) {
            let index = random.below(max(1, bytes.count))
            switch random.below(5) {
            case 0 where !bytes.isEmpty: bytes[index] = UInt8(random.below(256))
            case 1 where !bytes.isEmpty: bytes[index] ^= 1 << UInt8(random.below(8))
            case 2: bytes.insert(UInt8(random.below(256)), at: min(index, bytes.count))
            case 3 where !bytes.isEmpty: bytes.remove(at: index)
            default: bytes = Array(bytes.prefix(index))
            }
        }
        return bytes
    }

    /// Waits for the client's end. A connection to the origin is closed as soon as it opens, so that tunnels end too.
    private static func readToEnd(_ client: Connection, closing origin: Origin) throws {
        while true {
            var watched = [client.descriptor, origin.descriptor].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&watched, 2, Connection.patience) > 0 else {
                throw Connection.Failure(description: "neither an answer nor a close")
            }
            if watched[1].revents != 0 { try origin.accept().close() }
            if watched[0].revents != 0, try client.receiveAvailable() != nil { return }
        }
    }

    @Test("They give an answer or a close, and exactly one record", arguments: [1, 2, 3, 4] as [UInt64])
    func anyBytes(seed: UInt64) throws {
        let listening = try Origin()
        let proxy = try RunningProxy(
            policy: "allow to ip:127.0.0.1 port:\(listening.port)\ndefault deny\n",
            names: ["a.example": .addresses([.loopbackV4])]
        ) {
            // Changed names wait for an answer that never comes.
            $0.connectTimeout = .milliseconds(20)
        }
        var random = SeededGenerator(seed: seed)
        let seeds = Self.seeds(listening.port)
        let rounds = 120
        for _ in 0..<rounds {
            let client = try proxy.connect()
            let bytes = Self.mutated(seeds, &random)
            let cut = random.below(bytes.count + 1)
            do {
                try client.send(Array(bytes[..<cut]))
                try client.send(Array(bytes[cut...]))
            } catch {
                // The proxy may have closed already: an answer as good as any.
            }
            client.halfClose()
            try Self.readToEnd(client, closing: listening)
            client.close()
        }
        let records = try proxy.finish()
        #expect(Set(records.map(\.conn)).count == rounds, "a connection without a record")
        // Further records on a connection are those of further HTTP requests.
        for record in records where !record.id.hasSuffix(".1") { #expect(record.proto == "http") }
    }
}
