import Addressing
import EventLoop
import Testing

@testable import Proxy

@Suite("What is remembered of names")
struct CacheTests {
    private static let start = Instant(nanoseconds: 1_000_000_000)
    private static let address = IPAddress(192, 0, 2, 1)

    private static func after(_ seconds: Double) -> Instant {
        start.advanced(by: .milliseconds(Int64(seconds * 1000)))
    }

    private static func answer(ttl: UInt32, _ answer: Resolution.Answer = .addresses([address])) -> CachedAnswer {
        CachedAnswer(answer, fullName: nil, ttl: ttl, at: start)
    }

    @Test("Addresses are fresh for nine tenths of their time, due for the last, then stale for a day")
    func life() {
        let cached = Self.answer(ttl: 100)
        let cases: [(Double, CachedAnswer.Reading)] = [
            (0, .fresh), (89.9, .fresh), (90, .due), (99.9, .due), (100, .stale), (86_499, .stale), (86_501, .gone),
        ]
        for (time, reading) in cases { #expect(cached.reading(at: Self.after(time)) == reading, "after \(time) s") }
    }

    @Test("TTLs are bounded below and above")
    func bounds() {
        #expect(Self.answer(ttl: 0).reading(at: Self.after(4.4)) == .fresh)
        #expect(Self.answer(ttl: 0).reading(at: Self.after(5)) == .stale)
        #expect(Self.answer(ttl: .max).reading(at: Self.after(86_400)) == .stale)
        #expect(Self.answer(ttl: .max).reading(at: Self.after(86_399)) == .due)
    }

    @Test(
        "The absence of a name is believed for a quarter of an hour at most, a failure for a second, and neither longer"
    )
    func negative() {
        let absent = Self.answer(ttl: 100_000, .notFound)
        #expect(absent.reading(at: Self.after(899)) == .fresh)
        #expect(absent.reading(at: Self.after(900)) == .gone)
        for failure in [Resolution.Answer.failed, .timedOut] {
            let cached = Self.answer(ttl: 100_000, failure)
            #expect(cached.reading(at: Self.after(0.9)) == .fresh)
            #expect(cached.reading(at: Self.after(1)) == .gone)
        }
    }

    @Test("Servers that did not answer are left in peace for half a minute")
    func retries() {
        var cached = Self.answer(ttl: 100)
        cached.couldNotBeRefreshed(at: Self.after(91))
        #expect(cached.reading(at: Self.after(95)) == .fresh)
        #expect(cached.reading(at: Self.after(120)) == .staleForNow)
        #expect(cached.reading(at: Self.after(121)) == .stale)
    }

    @Test("What is due is to be refreshed once, until it is stored anew")
    func refreshesOnce() throws {
        var table = CacheTable(capacity: 4)
        let name = try HostName("a.example")
        table.store(Self.answer(ttl: 100), of: name, at: Self.start)
        let asked = [10.0, 95, 96].map { table.find(name, at: Self.after($0))?.needsRefresh }
        #expect(asked == [false, true, false])
        table.store(
            CachedAnswer(.addresses([Self.address]), fullName: nil, ttl: 100, at: Self.after(97)), of: name,
            at: Self.after(97))
        let again = [100.0, 190].map { table.find(name, at: Self.after($0))?.needsRefresh }
        #expect(again == [false, true])
    }

    @Test("A failure does not take the place of addresses, which are served as stale")
    func stale() throws {
        var table = CacheTable(capacity: 4)
        let name = try HostName("a.example")
        table.store(Self.answer(ttl: 10), of: name, at: Self.start)
        var found = table.find(name, at: Self.after(11))
        #expect(found == nil)
        #expect(table.lastResort(name, at: Self.after(11))?.source == .stale)
        let failure = CachedAnswer(.timedOut, fullName: nil, ttl: 0, at: Self.after(12))
        let known = table.noteFailure(failure, of: name, at: Self.after(12))
        #expect(known == Resolution(.addresses([Self.address]), from: .stale))
        found = table.find(name, at: Self.after(13))
        #expect(found?.resolution.source == .stale)
        found = table.find(name, at: Self.after(43))
        #expect(found == nil)
    }

    @Test("A failure is remembered where nothing is known, and serves nobody as a last resort")
    func failure() throws {
        var table = CacheTable(capacity: 4)
        let name = try HostName("a.example")
        let failure = CachedAnswer(.failed, fullName: nil, ttl: 0, at: Self.start)
        let known = table.noteFailure(failure, of: name, at: Self.start)
        #expect(known == nil)
        let found = table.find(name, at: Self.after(0.5))
        #expect(found?.resolution == Resolution(.failed, from: .cache))
        #expect(table.lastResort(name, at: Self.after(2)) == nil)
    }

    @Test("A full cache keeps what is in use, and never grows")
    func bounded() throws {
        var table = CacheTable(capacity: 100)
        let used = try (0..<10).map { try HostName("used\($0).example") }
        for name in used { table.store(Self.answer(ttl: 300), of: name, at: Self.start) }
        for number in 0..<5000 {
            for name in used where number % 40 == 0 { _ = table.find(name, at: Self.start) }
            table.store(Self.answer(ttl: 300), of: try HostName("x\(number).example"), at: Self.start)
        }
        #expect(table.count == 100)
        for name in used {
            let found = table.find(name, at: Self.start)
            #expect(found != nil)
        }
    }

    @Test("A name that is removed is gone, and the others are still found")
    func removes() throws {
        var table = CacheTable(capacity: 10)
        let names = try (0..<5).map { try HostName("n\($0).example") }
        for name in names { table.store(Self.answer(ttl: 300), of: name, at: Self.start) }
        table.remove(names[1])
        table.remove(names[4])
        table.remove(names[4])
        let found = names.map { table.find($0, at: Self.start) != nil }
        #expect(found == [true, false, true, true, false])
        #expect(table.count == 3)
    }
}
