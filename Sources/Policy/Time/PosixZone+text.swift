extension PosixZone {
    /// `CET-1CEST,M3.5.0,M10.5.0/3`; nil for all else, a zone whose summer has no days included.
    init?(_ text: some StringProtocol) {
        var reader = Reader(bytes: Array(text.utf8))
        guard reader.name(), let west = reader.offset() else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            daylight = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = standard + 3600
        if reader.peek != UInt8(ascii: ",") {
            guard let west = reader.offset() else { return nil }
            offset = -west
        }
        guard let begin = reader.turn(), let end = reader.turn(), reader.isAtEnd else { return nil }
        daylight = (offset, begin, end)
    }

    private struct Reader {
        let bytes: [UInt8]
        private var index = 0

        init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { index == bytes.count }
        var peek: UInt8? { isAtEnd ? nil : bytes[index] }

        /// `CET`, `<+03>`.
        mutating func name() -> Bool {
            let start = index
            if take("<") {
                while let byte = peek, byte != UInt8(ascii: ">") { index += byte == 0 ? bytes.count : 1 }
                return take(">") && index - start >= 5
            }
            while let byte = peek, byte | 0x20 >= UInt8(ascii: "a"), byte | 0x20 <= UInt8(ascii: "z") { index += 1 }
            return index - start >= 3
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func offset() -> Int? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard var seconds = number(upTo: 167).map({ $0 * 3600 }) else { return nil }
            for unit in [60, 1] where take(":") {
                guard let value = number(upTo: 59) else { return nil }
                seconds += value * unit
            }
            return isNegative ? -seconds : seconds
        }

        /// `,M3.5.0/2`
        mutating func turn() -> Turn? {
            guard take(",") else { return nil }
            if take("M") {
                guard let month = number(upTo: 12), month > 0, take("."), let week = number(upTo: 5), week > 0,
                    take("."),
                    let weekday = number(upTo: 6), let seconds = time()
                else { return nil }
                return .weekday(month: month, week: week, weekday: weekday, seconds: seconds)
            }
            if take("J") {
                guard let day = number(upTo: 365), day > 0, let seconds = time() else { return nil }
                return .julian(day: day, seconds: seconds)
            }
            guard let day = number(upTo: 365), let seconds = time() else { return nil }
            return .zeroBased(day: day, seconds: seconds)
        }

        /// `/2`, or two o'clock.
        private mutating func time() -> Int? {
            take("/") ? offset() : 7200
        }

        private mutating func number(upTo limit: Int) -> Int? {
            let start = index
            var value = 0
            while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), index - start < 3 {
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
                index += 1
            }
            return index > start && value <= limit ? value : nil
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard peek == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }
    }
}
