/// A zone as the variable `TZ` spells it: two offsets and the days on which they take turns, the same every year.
///
/// Spec: POSIX.1 §8.3 "TZ", with the hours of RFC 9636 §3.3.1 (from −167 to 167).
struct PosixZone: Hashable, Sendable {
    /// A moment of the year at which an offset begins, in the time that holds until then.
    enum Turn: Hashable, Sendable {
        /// `Mm.w.d`: the w-th weekday of a month, 5 for the last.
        case weekday(month: Int, week: Int, weekday: Int, seconds: Int)
        /// `Jn`: day 1–365, the 29th of February never counted.
        case julian(day: Int, seconds: Int)
        /// `n`: day 0–365.
        case zeroBased(day: Int, seconds: Int)
    }

    /// Seconds east of Greenwich.
    let standard: Int
    let daylight: (offset: Int, begin: Turn, end: Turn)?

    static let utc = PosixZone(standard: 0, daylight: nil)

    /// The offset at a time in seconds since 1970.
    func offset(at time: Int64) -> Int {
        guard let daylight else { return standard }
        let year = CivilDate.year(ofDay: Int((Double(time) / 86_400).rounded(.down)))
        // The turns of the years around decide about times near New Year.
        var latest: (time: Int64, offset: Int)?
        for year in year - 1...year + 1 {
            let begin = daylight.begin.time(in: year) - Int64(standard)
            let end = daylight.end.time(in: year) - Int64(daylight.offset)
            for (turn, offset) in [(begin, daylight.offset), (end, standard)] where turn <= time {
                if latest == nil || turn >= latest!.time { latest = (turn, offset) }
            }
        }
        return latest?.offset ?? standard
    }

    static func == (left: PosixZone, right: PosixZone) -> Bool {
        left.standard == right.standard && left.daylight?.offset == right.daylight?.offset
            && left.daylight?.begin == right.daylight?.begin && left.daylight?.end == right.daylight?.end
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(standard)
        hasher.combine(daylight?.offset)
    }
}

extension PosixZone.Turn {
    /// The turn of a year, as if there were no offset.
    fileprivate func time(in year: Int) -> Int64 {
        switch self {
        case .weekday(let month, let week, let weekday, let seconds):
            let first = CivilDate.daysBefore(year) + CivilDate.daysBefore(month, of: year)
            var day = (weekday - Weekday(dayNumber: first).number + 7) % 7 + (week - 1) * 7
            while day >= CivilDate.dayCount(year, month) { day -= 7 }
            return Int64(first + day) * 86_400 + Int64(seconds)
        case .julian(let day, let seconds):
            let isPastLeapDay = CivilDate.isLeap(year) && day >= 60
            return Int64(CivilDate.daysBefore(year) + day - 1 + (isPastLeapDay ? 1 : 0)) * 86_400 + Int64(seconds)
        case .zeroBased(let day, let seconds):
            return Int64(CivilDate.daysBefore(year) + day) * 86_400 + Int64(seconds)
        }
    }
}
