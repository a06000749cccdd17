import Glibc
import Testing

@testable import EventLoop

@Suite("A leg remembers what the kernel has said")
struct LegTests {
    private static func spentLeg() -> Leg {
        var leg = Leg(descriptor: -1, registration: .none)
        leg.receivedNothing()
        leg.canWrite = false
        return leg
    }

    @Test("Each event wakes the directions that it is about")
    func events() {
        let table: [(Readiness, canRead: Bool, canWrite: Bool, peerClosed: Bool)] = [
            ([], false, false, false), (.readable, true, false, false), (.writable, false, true, false),
            (.peerClosed, true, false, true), (.error, true, true, true), (.hangUp, true, true, true),
            ([.readable, .writable], true, true, false),
        ]
        for (readiness, canRead, canWrite, peerClosed) in table {
            var leg = Self.spentLeg()
            leg.note(readiness)
            #expect(leg.canRead == canRead, "\(readiness)")
            #expect(leg.canWrite == canWrite, "\(readiness)")
            #expect(leg.peerClosed == peerClosed, "\(readiness)")
        }
    }

    @Test("A short read has emptied the socket; a full one may have left something")
    func shortRead() {
        var leg = Leg(descriptor: -1, registration: .none, .readable)
        leg.received(10, of: 10)
        #expect(leg.canRead)
        leg.received(9, of: 10)
        #expect(!leg.canRead)
    }

    @Test("After the peer's end is known of, a short read is not the last: the end makes no further edge")
    func shortReadBeforeEnd() {
        var leg = Leg(descriptor: -1, registration: .none)
        leg.note([.readable, .peerClosed])
        leg.received(1, of: 10)
        #expect(leg.canRead)
        leg.receivedNothing()
        #expect(!leg.canRead)
    }

    @Test("A second write is not held back for the first one's acknowledgement; a single one costs no call")
    func delay() throws {
        let pair = try SocketPair(.tcp)
        var leg = Leg(descriptor: pair.far, registration: .none, isUndelayed: false)
        for isUndelayed in [false, true, true] {
            leg.willSend()
            #expect(Self.isUndelayed(pair.far) == isUndelayed)
        }
    }

    @Test("A leg that is not delayed is left as it is")
    func noDelay() throws {
        let pair = try SocketPair(.tcp)
        var leg = Leg(descriptor: pair.far, registration: .none)
        for _ in 0..<3 { leg.willSend() }
        #expect(!Self.isUndelayed(pair.far))
    }

    private static func isUndelayed(_ descriptor: CInt) -> Bool {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &value, &length)
        return value != 0
    }
}
