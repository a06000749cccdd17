import Addressing
import EventLoop

/// Ports of the loopback that nobody uses, below those that the kernel gives to outgoing connections.
struct FreePorts {
    private var next: UInt16 = 21_000

    private static let end: UInt16 = 32_000

    /// The first of `count` consecutive ones.
    mutating func take(_ count: Int) throws(BenchError) -> UInt16 {
        while next + UInt16(count) <= Self.end {
            let first = next
            next += UInt16(count)
            let isFree = (first..<next).allSatisfy { port in
                (try? Socket.listen(on: Endpoint(.loopbackV4, Port(port)))) != nil
            }
            if isFree { return first }
        }
        next = 21_000
        throw BenchError("no \(count) consecutive ports are free on the loopback")
    }
}
