extension PolicyParser {
    /// `time NAME [DAYS] [HH:MM-HH:MM,…] … [zone ZONE]`: hours apply to the days in front of them, or to all.
    mutating func readTime(_ words: [Word]) {
        guard words.count >= 3, let name = definedName(words) else {
            let example = "a time has a name, and days or hours: time NAME mon-fri 08:00-18:00"
            if words.count < 3 { fail(example, column: words.last!.column) }
            return
        }
        if let earlier = syntax.times[name] { return failTwice("time", words[1], earlier.position) }
        var time = PolicySyntax.Time()
        var days: Set<Int>?
        var hasHours = true
        var index = 2
        while index < words.count {
            let word = words[index]
            index += 1
            if word.text == "zone", index < words.count {
                time.zone = Located(value: words[index].text, position: position(words[index].column))
                if index + 1 < words.count {
                    fail("nothing may stand behind the zone", column: words[index + 1].column)
                }
                break
            }
            if let hours = Self.hours(word.text) {
                time.spans += hours.map { (days ?? Set(0..<7), $0.from, $0.to) }
                hasHours = true
            } else if let next = Self.days(word.text) {
                if let days, !hasHours { time.spans.append((days, 0, Schedule.minutesPerDay)) }
                days = next
                hasHours = false
            } else {
                return fail(
                    "\"\(word.text)\" is neither days nor hours; mon-fri, sat,sun, 08:00-18:00 or zone Europe/Berlin is allowed",
                    column: word.column)
            }
        }
        if let days, !hasHours { time.spans.append((days, 0, Schedule.minutesPerDay)) }
        syntax.times[name] = Located(value: time, position: position(words[1].column))
    }

    // MARK: - Private

    /// `mon`, `mon-fri`, `sat,sun`, `fri-mon`; nil for all else.
    private static func days(_ text: String) -> Set<Int>? {
        var days: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Weekday(name: $0)?.number }
            guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1] else { return nil }
            for step in 0...(last - first + 7) % 7 { days.insert((first + step) % 7) }
        }
        return days
    }

    /// `08:00-12:00,13:00-18:00` in minutes; nil for all else.
    private static func hours(_ text: String) -> [(from: Int, to: Int)]? {
        var spans: [(from: Int, to: Int)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(minute)
            guard ends.count == 2, let from = ends[0], let to = ends[1], from < Schedule.minutesPerDay, from != to
            else {
                return nil
            }
            spans.append((from, to))
        }
        return spans
    }

    /// `08:00` to `24:00` in minutes.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 2, (1...2).contains(parts[0].utf8.count) else { return nil }
        guard parts.allSatisfy({ $0.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } }) else {
            return nil
        }
        let hour = Int(parts[0])!
        let minute = Int(parts[1])!
        guard hour < 24 && minute < 60 || hour == 24 && minute == 0 else { return nil }
        return hour * 60 + minute
    }
}
