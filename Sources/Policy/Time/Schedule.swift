/// Hours of the week.
struct Schedule: Hashable, Sendable {
    let zone: TimeZone
    /// Minutes since Sunday 00:00.
    private let minutes: RangePieces<UInt16>

    static let minutesPerDay = 24 * 60

    /// - Parameter spans: days with a beginning and an end in minutes of the day; an end that is not behind the beginning
    ///   is on the next day.
    init(_ spans: [(days: Set<Int>, from: Int, to: Int)], zone: TimeZone) {
        self.zone = zone
        let week = 7 * Self.minutesPerDay
        var ranges: [RangePieces<UInt16>.Range] = []
        for span in spans {
            for day in span.days {
                let first = day * Self.minutesPerDay + span.from
                let end = day * Self.minutesPerDay + span.to + (span.to <= span.from ? Self.minutesPerDay : 0)
                ranges.append(.init(first: UInt16(first), last: UInt16(min(end, week) - 1), line: 1))
                if end > week { ranges.append(.init(first: 0, last: UInt16(end - week - 1), line: 1)) }
            }
        }
        minutes = RangePieces(ranges)
    }

    /// Whether clocks show one of the hours, at a time in seconds since 1970.
    func contains(_ time: Int64) -> Bool {
        let shown = time + Int64(zone.offset(at: time))
        let day = Int(shown >= 0 ? shown / 86_400 : (shown - 86_399) / 86_400)
        let minute = Int(shown - Int64(day) * 86_400) / 60
        return minutes.find(UInt16(Weekday(dayNumber: day).number * Self.minutesPerDay + minute)) != nil
    }
}
