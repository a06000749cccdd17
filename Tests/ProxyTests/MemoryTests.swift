import EventLoop
import Synchronization
import Testing

@testable import Proxy

@Suite("The limit on memory")
struct MemoryTests {
    /// Memory that the test sets.
    private final class Memory: Sendable {
        let bytes = Atomic<UInt64>(0)
        let looks = Atomic<Int>(0)
    }

    @Test(
        "New connections are turned away in their own words while memory is over the limit, and taken again by itself")
    func endToEnd() throws {
        let memory = Memory()
        let proxy = try RunningProxy { configuration in
            configuration.limits.memory = 100 << 20
            configuration.readsMemory = {
                memory.looks.add(1, ordering: .relaxed)
                return memory.bytes.load(ordering: .relaxed)
            }
        }
        let origin = try Origin()
        let first = try proxy.connect()
        try first.send("CONNECT \(origin.endpoint) HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\r\n")
        #expect(try first.receiveHead().hasPrefix("HTTP/1.1 200"))
        let accepted = try origin.accept()
        memory.bytes.store(101 << 20, ordering: .relaxed)
        try proxy.wait("the guard") { proxy.server.memory?.isOver == true }
        let plain = try proxy.connect()
        try plain.send("GET http://\(origin.endpoint)/ HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\r\n")
        #expect(try plain.receiveHead().hasPrefix("HTTP/1.1 503"))
        let socks = try proxy.connect()
        try socks.send([5, 1, 0] + Way.socksRequest("127.0.0.1", origin.port))
        #expect(try socks.receive(4) == [5, 0, 5, 1])
        // The tunnel that is open goes on.
        try first.send("still")
        #expect(try accepted.receive(5) == Array("still".utf8))
        memory.bytes.store(97 << 20, ordering: .relaxed)
        let looks = memory.looks.load(ordering: .relaxed)
        try proxy.wait("two looks") { memory.looks.load(ordering: .relaxed) > looks + 1 }
        #expect(proxy.server.memory?.isOver == true, "not yet a twentieth below")
        memory.bytes.store(90 << 20, ordering: .relaxed)
        try proxy.wait("room") { proxy.server.memory?.isOver == false }
        let again = try proxy.connect()
        try again.send("CONNECT \(origin.endpoint) HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\r\n")
        #expect(try again.receiveHead().hasPrefix("HTTP/1.1 200"))
        for connection in [first, accepted, plain, socks, again, try origin.accept()] { connection.close() }
        let refused = try proxy.finish().filter { $0.outcome == "connection_limit_reached" }
        #expect(refused.count == 2 && refused.allSatisfy { $0.reason?.contains("memory") == true })
    }

    @Test("Memory is looked at while there are connections, and not without them")
    func rest() throws {
        let memory = Memory()
        let proxy = try RunningProxy { configuration in
            configuration.limits.memory = 1 << 20
            configuration.readsMemory = {
                memory.looks.add(1, ordering: .relaxed)
                return 0
            }
        }
        #expect(memory.looks.load(ordering: .relaxed) == 0)
        let client = try proxy.connect()
        try proxy.wait("looks") { memory.looks.load(ordering: .relaxed) > 2 }
        client.close()
        try proxy.wait("its end") { proxy.server.reading().sum(.connectionsClosed) == 1 }
        let looks = memory.looks.load(ordering: .relaxed)
        let start = Instant.now()
        try proxy.wait("some time") { start.advanced(by: .milliseconds(400)) < Instant.now() }
        #expect(memory.looks.load(ordering: .relaxed) <= looks + 1)
        _ = try proxy.finish()
    }

    @Test("The kernel's number is read")
    func resident() throws {
        #expect(try #require(ResidentMemory.bytes()) > 1 << 20)
    }
}
