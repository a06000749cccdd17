/// Times as the log writes them, read back.
public enum Timestamp {
    /// Microseconds since the epoch of `2025-11-20T23:54:01.123456Z`; nil for every other shape.
    static func micros(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count == 27, text[4] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
            text[19] == UInt8(ascii: "."), text[26] == UInt8(ascii: "Z"),
            let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
            let hour = number(text, 11, 2), let minute = number(text, 14, 2), let second = number(text, 17, 2),
            let micros = number(text, 20, 6), year >= 1970, (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let days = CivilDate.dayNumber(year: year, month: month, day: day)
        return ((Int64(days) * 24 + Int64(hour)) * 60 + Int64(minute)) * 60_000_000
            + Int64(second) * 1_000_000 + Int64(micros)
    }

    @inline(__always)
    private static func number(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
        var value = 0
        for index in start..<start + count {
            let digit = Int(text[index]) - Int(UInt8(ascii: "0"))
            guard digit >= 0, digit <= 9 else { return nil }
            value = value * 10 + digit
        }
        return value
    }
}
