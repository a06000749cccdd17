import Addressing
import Glibc

@testable import EventLoop

/// A flow between two sockets, pumped by hand. Used on one loop's thread.
final class FlowRig {
    let source: SocketPair
    let sink: SocketPair
    let loop: EventLoop
    var flow = Flow()
    var from: Leg
    var to: Leg

    init(_ loop: EventLoop, from source: SocketPair.Kind = .stream, to sink: SocketPair.Kind = .stream) throws(Errno) {
        self.loop = loop
        self.source = try SocketPair(source)
        self.sink = try SocketPair(sink)
        from = Leg(descriptor: self.source.near, registration: .none, .readable)
        to = Leg(descriptor: self.sink.near, registration: .none)
        // As much as a kernel with default limits grants, so that bulk can be laid out before the flow moves.
        self.source.setSendBuffer(of: self.source.far, to: 1 << 20)
    }

    /// What the flow comes to after the kernel has said `readiness` of both ends.
    func pump(_ readiness: Readiness = [.readable, .writable]) -> String {
        from.note(readiness)
        to.note(readiness)
        switch flow.pump(from: &from, to: &to, on: loop) {
        case .waiting: return "waiting"
        case .budgetSpent: return "budget spent"
        case .ended: return "ended"
        case .limitReached: return "limit reached"
        case .sourceFailed(let error): return "source failed: \(error)"
        case .sinkFailed(let error): return "sink failed: \(error)"
        }
    }

    /// Pumps and reads at the far end of the sink until the flow comes to something other than waiting, or until
    /// neither moves anything.
    func drain() -> (bytes: [UInt8], last: String) {
        var bytes: [UInt8] = []
        while true {
            let result = pump()
            let new = sink.received().bytes
            bytes += new
            if result != "waiting" && result != "budget spent" { return (bytes, result) }
            if new.isEmpty { return (bytes, result) }
        }
    }

    /// Bytes of which each four consecutive ones differ from all others.
    static func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 4)
        var number: UInt32 = 0
        while bytes.count < count {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
            number += 1
        }
        return Array(bytes[..<count])
    }
}
