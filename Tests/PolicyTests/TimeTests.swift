import Testing

@testable import Policy

@Suite("Time")
struct TimeTests {
    /// Seconds since 1970 of a moment in UTC.
    static func utc(_ date: String, _ hour: Int, _ minute: Int = 0) -> Int64 {
        Int64(CivilDate(date)!.dayNumber) * 86_400 + Int64(hour * 3600 + minute * 60)
    }

    @Test("Days are counted as the calendar has them")
    func days() {
        let expected = [
            "1970-01-01": 0, "1969-12-31": -1, "1970-03-01": 59, "2000-02-29": 11016, "2000-03-01": 11017,
            "2026-07-24": 20658, "2100-03-01": 47541, "1900-01-01": -25567,
        ]
        for (text, day) in expected { #expect(CivilDate(text)?.dayNumber == day, "\(text)") }
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-01-32", "", "2026-01-01x"]
        {
            #expect(CivilDate(text) == nil, "\(text)")
        }
        for day in stride(from: -200_000, to: 200_000, by: 97) {
            let year = CivilDate.year(ofDay: day)
            #expect(CivilDate.daysBefore(year) <= day && day < CivilDate.daysBefore(year + 1))
        }
        #expect(Weekday(dayNumber: 0) == Weekday(name: "thu"))
        #expect(Weekday(dayNumber: -1) == Weekday(name: "wed"))
        #expect(Weekday(dayNumber: 20658) == Weekday(name: "fri"))
    }

    @Test("A zone as TZ spells it turns its clocks where it says")
    func posixZones() throws {
        let berlin = try #require(PosixZone("CET-1CEST,M3.5.0,M10.5.0/3"))
        #expect(berlin.offset(at: Self.utc("2026-01-15", 12)) == 3600)
        #expect(berlin.offset(at: Self.utc("2026-03-29", 0, 59)) == 3600)
        #expect(berlin.offset(at: Self.utc("2026-03-29", 1)) == 7200)
        #expect(berlin.offset(at: Self.utc("2026-10-25", 0, 59)) == 7200)
        #expect(berlin.offset(at: Self.utc("2026-10-25", 1)) == 3600)
        let sydney = try #require(PosixZone("AEST-10AEDT,M10.1.0,M4.1.0/3"))
        #expect(sydney.offset(at: Self.utc("2026-01-01", 0)) == 39_600)
        #expect(sydney.offset(at: Self.utc("2026-12-31", 23)) == 39_600)
        #expect(sydney.offset(at: Self.utc("2026-07-01", 0)) == 36_000)
        #expect(PosixZone("<+0530>-5:30")?.offset(at: 0) == 19_800)
        #expect(PosixZone("NST3:30NDT2:30,J60/0,J300")?.offset(at: Self.utc("2024-03-01", 4)) == -9000)
        #expect(PosixZone("UTC0") == .utc)
        for text in [
            "", "X", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M1.1.0", "CET-999", "<x>1", "CET-1 ",
        ] {
            #expect(PosixZone(text) == nil, "\(text)")
        }
    }

    @Test("A zone file's turns hold up to the last, its footer beyond")
    func zoneFiles() throws {
        let bytes = Self.zoneFile(
            turns: [(Self.utc("2026-03-29", 1), 1), (Self.utc("2026-10-25", 1), 0)], offsets: [3600, 7200],
            footer: "XST-3")
        let zone = try #require(TimeZone(file: bytes))
        #expect(zone.offset(at: Self.utc("2020-07-01", 0)) == 3600)
        #expect(zone.offset(at: Self.utc("2026-07-01", 0)) == 7200)
        #expect(zone.offset(at: Self.utc("2026-10-25", 0)) == 7200)
        #expect(zone.offset(at: Self.utc("2026-10-25", 1)) == 10_800)
        for count in 0..<bytes.count - 8 { #expect(TimeZone(file: Array(bytes.prefix(count))) == nil, "\(count)") }
    }

    @Test("A damaged zone file is refused or read, never a trap")
    func damagedZoneFiles() {
        var random = SplitMix64(seed: 9)
        let good = Self.zoneFile(
            turns: [(0, 1), (1000, 0)], offsets: [3600, -7200], footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if let zone = TimeZone(file: bytes) {
                _ = zone.offset(at: .random(in: -9_999_999_999...9_999_999_999, using: &random))
            }
        }
    }

    @Test("Hours belong to the days in front of them, and may cross midnight and the end of the week")
    func schedules() throws {
        let folder = PolicyFolder([
            "policy.conf": """
            time work mon-fri 08:00-12:00,13:00-18:00 sat 10:00-12:00 zone UTC
            time night sat 22:00-06:00 zone UTC
            time weekend sat,sun zone UTC
            time lunch 12:00-13:00 zone UTC
            time late fri-mon 23:30-24:00 zone UTC
            deny during time:work reason "work"
            deny during time:night reason "night"
            deny during time:weekend reason "weekend"
            deny during time:lunch,late reason "other"
            default allow

            """
        ])
        let ruleset = try folder.load()
        // 2026-07-24 is a Friday.
        let asks: [(String, Int, Int, String)] = [
            ("2026-07-24", 7, 59, "allow policy.conf:10"), ("2026-07-24", 8, 0, "deny policy.conf:6 (work)"),
            ("2026-07-24", 11, 59, "deny policy.conf:6 (work)"), ("2026-07-24", 12, 0, "deny policy.conf:9 (other)"),
            ("2026-07-24", 17, 59, "deny policy.conf:6 (work)"), ("2026-07-24", 18, 0, "allow policy.conf:10"),
            ("2026-07-24", 23, 30, "deny policy.conf:9 (other)"), ("2026-07-25", 9, 0, "deny policy.conf:8 (weekend)"),
            ("2026-07-25", 10, 0, "deny policy.conf:6 (work)"), ("2026-07-25", 22, 0, "deny policy.conf:7 (night)"),
            ("2026-07-26", 5, 59, "deny policy.conf:7 (night)"), ("2026-07-26", 6, 0, "deny policy.conf:8 (weekend)"),
            ("2026-07-27", 0, 0, "allow policy.conf:10"), ("2026-07-28", 23, 45, "allow policy.conf:10"),
        ]
        for (date, hour, minute, answer) in asks {
            let request = try Request("192.0.2.1", at: Self.utc(date, hour, minute))
            #expect(ruleset.answer(request, in: folder) == [answer], "\(date) \(hour):\(minute)")
        }
    }

    @Test("A rule with until holds through that day and no longer")
    func until() throws {
        let folder = PolicyFolder(["policy.conf": "deny to port:443 until 2026-07-24\ndefault allow\n"])
        let ruleset = try folder.load()
        let end = TimeZone.machine().start(ofDay: CivilDate("2026-07-25")!.dayNumber)
        #expect(ruleset.answer(try Request("192.0.2.1", at: end - 1), in: folder) == ["deny policy.conf:1"])
        #expect(ruleset.answer(try Request("192.0.2.1", at: end), in: folder) == ["allow policy.conf:2"])
    }

    /// A file of version 2 whose 32-bit part is empty.
    private static func zoneFile(turns: [(Int64, UInt8)], offsets: [Int32], footer: String) -> [UInt8] {
        func number(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        func header(_ turnCount: Int, _ typeCount: Int) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
                + [0, 0, 0, turnCount, typeCount, 1].flatMap { number(UInt32($0)) }
        }
        var bytes = header(0, 1) + [UInt8](repeating: 0, count: 7)
        bytes += header(turns.count, offsets.count)
        bytes += turns.flatMap { number($0.0) } + turns.map(\.1)
        bytes += offsets.flatMap { number($0) + [0, 0] } + [0]
        return bytes + Array("\n\(footer)\n".utf8)
    }
}
