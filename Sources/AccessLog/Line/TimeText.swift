/// The text of a time, whose second is kept: under load the next time is most often in the same one.
///
/// Spec: RFC 3339 §5.6, UTC, six decimals: `2025-11-20T23:54:01.123456Z`.
struct TimeText: Sendable {
    private var second: Int64 = -1
    /// `2025-11-20T23:54:01.`
    private var text = InlineArray<20, UInt8>(repeating: 0)

    /// - Parameter micros: since the epoch; what lies outside the years 1970 to 9999 is moved to their edge.
    mutating func put(_ micros: Int64, to line: inout LineCursor) {
        let micros = min(max(micros, 0), 253_402_300_799_999_999)
        if micros / 1_000_000 != second { format(micros / 1_000_000) }
        text.span.withUnsafeBufferPointer { line.put($0) }
        line.put(UInt32(micros % 1_000_000), digits: 6)
        line.put(UInt8(ascii: "Z"))
    }

    private mutating func format(_ newSecond: Int64) {
        second = newSecond
        let date = CivilDate(dayNumber: newSecond / 86_400)
        let time = newSecond % 86_400
        var span = text.mutableSpan
        span.withUnsafeMutableBufferPointer { room in
            var line = LineCursor(room)
            line.put(UInt32(date.year), digits: 4)
            line.put(UInt8(ascii: "-"))
            line.put(UInt32(date.month), digits: 2)
            line.put(UInt8(ascii: "-"))
            line.put(UInt32(date.day), digits: 2)
            line.put(UInt8(ascii: "T"))
            line.put(UInt32(time / 3600), digits: 2)
            line.put(UInt8(ascii: ":"))
            line.put(UInt32(time / 60 % 60), digits: 2)
            line.put(UInt8(ascii: ":"))
            line.put(UInt32(time % 60), digits: 2)
            line.put(UInt8(ascii: "."))
        }
    }
}
