/// One line of the log, its keys found; the values are read when they are asked for.
///
/// Refers to the bytes it was made from, and is of no use once these are gone.
public struct LogLine {
    private struct Place {
        /// From the beginning of the line; 0 where the key is absent.
        var start: UInt32 = 0
        var count: UInt32 = 0
    }

    /// Without the line feed.
    public let bytes: UnsafeRawBufferPointer
    private var places = InlineArray<72, Place>(repeating: Place())

    /// - Parameter bytes: without a line feed.
    /// - Returns: nil if that is not one whole object.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        guard let base = bytes.baseAddress else { return nil }
        let table = LogKeyTable.shared
        var members = LineMembers(bytes)
        while let member = members.next() {
            guard let place = table.place(of: member.key, member.kind), let start = member.value.baseAddress else {
                continue
            }
            places[place] = Place(start: UInt32(start - base), count: UInt32(member.value.count))
        }
        guard members.isComplete else { return nil }
    }

    /// The value as it stands there, a text without its quotation marks; nil if the key is absent.
    @inline(__always)
    func raw(_ key: LogKey) -> UnsafeRawBufferPointer? {
        let place = places[key.rawValue]
        guard place.start > 0 else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[Int(place.start)..<Int(place.start + place.count)])
    }

    /// The text of the value as UTF-8, escapes undone; U+EF80 to U+EFFF stand for single bytes, see `LogText`.
    public func text(_ key: LogKey) -> String? {
        raw(key).map { String(decoding: JSONText.unescaped($0), as: UTF8.self) }
    }

    /// The texts of a list, whose elements hold nothing that is escaped: addresses.
    public func texts(_ key: LogKey) -> [String]? {
        raw(key).map { list in
            list.split(whereSeparator: { "[],\"".utf8.contains($0) }).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    public func number(_ key: LogKey) -> UInt64? {
        raw(key).flatMap { JSONText.decimal($0) }
    }

    /// Microseconds since the epoch.
    public func time(_ key: LogKey) -> Int64? {
        raw(key).flatMap { Timestamp.micros($0) }
    }

    /// Whether the value's text is exactly `text`, which holds nothing that is escaped.
    public func has(_ key: LogKey, _ text: StaticString) -> Bool {
        guard let raw = raw(key), raw.count == text.utf8CodeUnitCount else { return false }
        return raw.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: raw.count))
    }

    /// One of the durations in `ms`, in microseconds.
    public func duration(_ name: StaticString) -> UInt64? {
        guard let raw = raw(.milliseconds) else { return nil }
        var members = LineMembers(raw)
        while let member = members.next() {
            let isIt = member.key.elementsEqual(
                UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
            if isIt { return JSONText.thousandths(member.value) }
        }
        return nil
    }
}

extension JSONText {
    /// A decimal number with up to three decimals, times a thousand.
    static func thousandths(_ text: UnsafeRawBufferPointer) -> UInt64? {
        let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
        guard let whole = decimal(UnsafeRawBufferPointer(rebasing: text[..<point])), whole < 1 << 50 else { return nil }
        var value = whole
        for place in 1...3 {
            var digit: UInt64 = 0
            if point + place < text.count {
                let byte = text[point + place]
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                digit = UInt64(byte - UInt8(ascii: "0"))
            }
            value = value * 10 + digit
        }
        return value
    }
}
