import AccessLog
import Addressing
import Testing

@testable import Proxy

@Suite("What the dashboard keeps")
struct BoardBoundsTests {
    @Test("A name's count lies within its bounds, which are no wider than the total through the room")
    func bounds() {
        var random = SeededGenerator(seed: 7)
        var hitters = HeavyHitters(room: 16)
        var exact: [String: UInt64] = [:]
        for _ in 0..<5000 {
            // Few names come often, and many once.
            let name = random.next() % 3 == 0 ? "rare-\(random.next() % 2000)" : "often-\(random.next() % 5)"
            hitters.add(name)
            exact[name, default: 0] += 1
        }
        #expect(hitters.total == 5000 && hitters.names.count == 16)
        for (name, count) in exact {
            let bounds = hitters.bounds(name)
            #expect(bounds.contains(count), "\(name): \(count) is not in \(bounds)")
            #expect(bounds.upperBound - bounds.lowerBound <= 5000 / 16, "\(name): \(bounds)")
            if count > 5000 / 16 { #expect(hitters.names.contains(name)) }
        }
        var weighted = HeavyHitters(room: 2)
        for (name, count) in [("a", 5), ("b", 3), ("c", 4)] as [(String, UInt64)] { weighted.add(name, count) }
        #expect(weighted.bounds("c") == 4...7 && weighted.bounds("b") == 0...3 && weighted.total == 12)
        #expect((0..<5).allSatisfy { hitters.bounds("often-\($0)").upperBound > 0 })
    }

    @Test("As long as there is room, counts are exact")
    func exact() {
        var hitters = HeavyHitters(room: 4)
        for name in ["a", "b", "a", "c", "a", "d", "b"] { hitters.add(name) }
        #expect(hitters.bounds("a") == 3...3 && hitters.bounds("b") == 2...2 && hitters.bounds("d") == 1...1)
        #expect(hitters.bounds("e") == 0...0)
        hitters.add("e")
        #expect(hitters.bounds("e") == 1...2, "it may have come in the place of another before")
    }

    @Test("Names leave the hour after an hour and the day after a day, and their room is used again")
    func spans() {
        var names = TopNames()
        let start: Int64 = 1_795_284_000
        for second in stride(from: Int64(0), to: 3 * 86_400, by: 600) {
            names.add("always", at: start + second)
            names.add("once-\(second)", at: start + second)
        }
        let end = start + 3 * 86_400 - 600
        let hour = names.top(300, of: .hour, at: end)
        #expect(hour.rows.first == TopNames.Row(name: "always", count: 7, error: 0))
        #expect(hour.rows.count == 8 && hour.total == 14)
        let day = names.top(300, of: .day, at: end)
        #expect(day.rows.first?.name == "always" && (144...150).contains(day.rows[0].count))
        #expect(names.top(10, of: .hour, at: end + 3900).rows.isEmpty)
        #expect(names.top(10, of: .day, at: end + 25 * 3600).total == 0)
        #expect(names.top(1, of: .day, at: end).rows.count == 1)
    }

    @Test("A flood of names that come once doesn't drive out one that comes often, nor takes more room")
    func flood() {
        var names = TopNames()
        for number in 0..<4000 {
            names.add("x\(number).example", at: 1_795_284_000)
            if number % 20 == 0 { names.add("often.example", at: 1_795_284_000) }
        }
        let top = names.top(.max, of: .hour, at: 1_795_284_000)
        #expect(top.rows.count == TopNames.room && top.total == 4200)
        let often = top.rows.first { $0.name == "often.example" }
        #expect(often.map { ($0.count - $0.error)...$0.count ~= 200 } == true)
    }

    @Test("A day of samples is kept minute by minute, and no more than that")
    func history() {
        var totals = Totals()
        var history = SampleHistory(totals, at: 1_000_000)
        let proxyless = Gauges()
        for step in 1...(2 * 2880) {
            totals[.records] += 90
            history.sample(totals, proxyless, at: 1_000_000 + Double(step * 30))
        }
        #expect(history.fine.count == 300 && history.minutes.count == 1440)
        let minutes = history.minutes.all
        #expect(minutes.last?.time == 1_172_800.0)
        #expect(minutes.first?.time == 1_086_460.0, "the oldest went first")
        #expect(minutes.allSatisfy { $0.seconds == 60 && $0.grown[.records] == 180 })
        #expect(zip(minutes, minutes.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(String(decoding: minutes[0].json, as: UTF8.self).contains("\"records\":3,"))
    }

    @Test("A clock that is set back makes no negative time, and counters that fall no huge number")
    func clock() {
        var totals = Totals()
        totals[.records] = 100
        var history = SampleHistory(totals, at: 1000)
        let back = history.sample(totals, Gauges(), at: 900)
        #expect(back == nil)
        totals[.records] = 40
        let fallen = history.sample(totals, Gauges(), at: 902)
        let again = history.sample(totals, Gauges(), at: 902)
        totals[.records] = 50
        let risen = history.sample(totals, Gauges(), at: 904)
        #expect(fallen?.grown[.records] == 0 && again == nil && risen?.grown[.records] == 10)
    }

    @Test("Recent records are bounded in number and in bytes; the newest stay")
    func recent() throws {
        var records = RecentRecords()
        let connection = { ConnectionID(run: 1, worker: 0, number: $0) }
        for number in 1...UInt64(3 * RecentRecords.most) {
            let trace = Trace(number: number, client: Endpoint(.loopbackV4, Port(1)), listener: 0, at: .now())
            records.add(SeenRequest(trace, connection(number), line: 2..<10), of: Array("..,\"n\":<}\n..".utf8))
        }
        let last = UInt64(3 * RecentRecords.most)
        #expect(records.count == RecentRecords.most && records.came == last)
        #expect(records.newest(3) { _ in true }.map(\.number) == [last, last - 1, last - 2])
        #expect(records.newest(.max) { _ in true }.count == RecentRecords.most)
        #expect(records.entry(connection(last), 1) != nil && records.entry(connection(last), 2) == nil)
        #expect(records.entry(connection(last - UInt64(RecentRecords.most)), nil) == nil)
        let line = try #require(records.entry(connection(last), nil)?.line)
        #expect(String(decoding: line, as: UTF8.self) == #"{"v":1,"type":"request","n":\u003c}"#)
        let trace = Trace(number: 1, client: Endpoint(.loopbackV4, Port(1)), listener: 0, at: .now())
        let long = [UInt8](repeating: 0x61, count: 3 << 20)
        for _ in 0..<5 { records.add(SeenRequest(trace, connection(1), line: 0..<long.count), of: long) }
        #expect(records.bytes <= RecentRecords.mostBytes && records.count == 2)
    }

    @Test("A tap holds so many requests and no more, counts the rest, and wakes once for many")
    func tap() {
        let wakes = Counter()
        let tap = RecordTap { wakes.add() }
        let trace = Trace(number: 1, client: Endpoint(.loopbackV4, Port(1)), listener: 0, at: .now())
        let record = Record()
        let connection = ConnectionID(run: 1, worker: 0, number: 1)
        for _ in 0..<(RecordTap.mostRequests + 5) { tap.note(trace, connection) { record.append(to: &$0) } }
        #expect(wakes.count == 1)
        let batch = tap.take()
        #expect(batch.requests.count == RecordTap.mostRequests && batch.lost == 5)
        #expect(batch.requests.last?.line.upperBound == batch.lines.count)
        #expect(tap.take().requests.isEmpty && tap.take().lost == 0)
    }
}
