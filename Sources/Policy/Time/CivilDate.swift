/// A day of the Gregorian calendar.
struct CivilDate: Hashable, Sendable {
    let year: Int
    /// 1–12.
    let month: Int
    /// 1–31, as many as the month has.
    let day: Int

    /// Nil when there is no such day.
    init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        guard day >= 1, day <= Self.dayCount(year, month) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// `2026-01-31`; nil for all else.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2] else { return nil }
        guard parts.allSatisfy({ $0.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } }) else {
            return nil
        }
        self.init(year: Int(parts[0])!, month: Int(parts[1])!, day: Int(parts[2])!)
    }

    /// Days since 1970-01-01.
    var dayNumber: Int {
        Self.daysBefore(year) + Self.daysBefore(month, of: year) + day - 1
    }

    /// Days from 1970-01-01 to the first of a year.
    static func daysBefore(_ year: Int) -> Int {
        let y = year - 1
        return y * 365 + y / 4 - y / 100 + y / 400 - 719_162
    }

    /// The year in which a day is, counted from 1970-01-01.
    static func year(ofDay day: Int) -> Int {
        // 400 years have 146,097 days; the estimate is at most one year off.
        var year = Int((Double(day) * 400 / 146_097).rounded(.down)) + 1970
        while daysBefore(year) > day { year -= 1 }
        while daysBefore(year + 1) <= day { year += 1 }
        return year
    }

    static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    static func dayCount(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func daysBefore(_ month: Int, of year: Int) -> Int {
        (1..<month).reduce(0) { $0 + dayCount(year, $1) }
    }
}

/// 0 is Sunday, as POSIX counts.
struct Weekday: Hashable, Sendable {
    let number: Int

    /// - Parameter dayNumber: since 1970-01-01, a Thursday.
    init(dayNumber: Int) {
        let rest = (dayNumber + 4) % 7
        number = rest < 0 ? rest + 7 : rest
    }

    init?(name: some StringProtocol) {
        guard let number = Self.names.firstIndex(where: { $0 == name }) else { return nil }
        self.number = number
    }

    static let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
}
