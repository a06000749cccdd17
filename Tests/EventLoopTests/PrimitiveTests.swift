import Glibc
import Testing

@testable import EventLoop

@Suite("Descriptors, errors and clocks")
struct PrimitiveTests {
    @Test("A descriptor is closed when its owner goes, and not when it was given away")
    func ownership() throws {
        let pair = try SocketPair()
        pair.release(pair.near)
        let taken = FileDescriptor(owning: pair.near).take()
        #expect(!pair.received().hasEnded)
        do {
            let owner = FileDescriptor(owning: taken)
            #expect(fcntl(owner.raw, F_GETFD) >= 0)
        }
        #expect(pair.received().hasEnded)
    }

    @Test("An error number speaks the C library's words, where that has some")
    func errorWords() {
        #expect("\(Errno(rawValue: ECONNREFUSED))" == "Connection refused")
        #expect("\(Errno.timedOut)" == "Connection timed out")
        #expect("\(Errno(rawValue: 99_999))" == "error 99999")
    }

    @Test("The error of a call that failed is read from errno")
    func lastError() {
        close(-1)
        #expect(Errno.last == Errno(rawValue: EBADF))
    }

    @Test("Descriptors run out for the process and for the system")
    func exhaustion() {
        for number in 1...133 as ClosedRange<CInt> {
            #expect(Errno(rawValue: number).isDescriptorExhaustion == (number == EMFILE || number == ENFILE))
        }
    }

    @Test("Durations become nanoseconds without rounding")
    func durations() {
        #expect(Duration.milliseconds(1500).nanoseconds == 1_500_000_000)
        #expect(Duration.nanoseconds(1).nanoseconds == 1)
        #expect(Duration.seconds(366 * 86_400).nanoseconds == 31_622_400_000_000_000)
        let start = Instant(nanoseconds: 5)
        #expect(start.advanced(by: .microseconds(7)).microseconds(since: start) == 7)
    }

    @Test("The monotonic clock never steps back, and the calendar's is in this century")
    func clocks() {
        let first = Instant.now()
        #expect(Instant.now() >= first)
        #expect(WallClock.microseconds() > 1_700_000_000_000_000)
    }
}
