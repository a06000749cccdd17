/// Times as the log writes them, read back.
public enum Timestamp {
    /// Microseconds since the epoch of `2025-11-20T23:54:01.123456Z`; nil for every other shape.
    static func micros(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count == 27, text[4] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
            text[19] == UInt8(ascii: "."), text[26] == UInt8(ascii: "Z"),
            let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
            let hour = number(text, 11, 2), let minute = number(text, 14, 2), let second = number(text, 17, 2),
            let micros = number(text, 20, 6), year >= 1970, (1...12).contains(month), (1...31).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = CivilDate.dayNumber(year: year, month: month, day: day)
        return ((Int64(days) * 24 + Int64(hour)) * 60 + Int64(minute)) * 60_000_000
            + Int64(second) * 1_000_000 + Int64(micros)
    }

    /// Microseconds since the epoch of a time that a person wrote: what the log writes, or less of it from the right, down to
    /// the day, `Z` or not; always UTC. Nil for all else.
    public static func micros(from text: some StringProtocol) -> Int64? {
        var digits = Array(text.utf8)
        if digits.last == UInt8(ascii: "Z") { digits.removeLast() }
        guard [10, 16, 19].contains(digits.count) || (21...26).contains(digits.count) else { return nil }
        if digits.count > 10, digits[10] == UInt8(ascii: " ") { digits[10] = UInt8(ascii: "T") }
        let whole = digits + Array("0000-00-00T00:00:00.000000Z".utf8)[digits.count...]
        guard whole[7] == UInt8(ascii: "-"), whole[13] == UInt8(ascii: ":"), whole[16] == UInt8(ascii: ":") else {
            return nil
        }
        return whole.withUnsafeBytes { micros($0) }
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
