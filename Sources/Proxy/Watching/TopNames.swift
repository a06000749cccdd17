/// The names that came most often within the last hour and the last day.
struct TopNames {
    /// How far back is looked. The raw value is how it is asked for.
    enum Span: String, CaseIterable {
        case hour
        case day

        /// Seconds of each part of the time. The span ends now and begins with a part, so that it is up to a part longer.
        var part: Int64 { self == .hour ? 300 : 3600 }
        var parts: Int64 { self == .hour ? 13 : 25 }
    }

    struct Row: Equatable {
        let name: String
        /// At most how often it came.
        let count: UInt64
        /// By how much less it may have been.
        let error: UInt64
    }

    private struct Part {
        /// Which part of all time it is; nil before there was one.
        var number: Int64?
        var hitters = HeavyHitters(room: TopNames.room)
    }

    /// Names in each part.
    static let room = 256

    private var hour = [Part](repeating: Part(), count: Int(Span.hour.parts))
    private var day = [Part](repeating: Part(), count: Int(Span.day.parts))

    /// - Parameter now: seconds since the epoch.
    mutating func add(_ name: String, _ count: UInt64 = 1, at now: Int64) {
        Self.add(name, count, at: now, .hour, &hour)
        Self.add(name, count, at: now, .day, &day)
    }

    /// The most frequent first, and how many there were of all names.
    func top(_ most: Int, of span: Span, at now: Int64) -> (rows: [Row], total: UInt64) {
        let current = now / span.part
        let parts = (span == .hour ? hour : day)
            .filter { $0.number.map { $0 > current - span.parts && $0 <= current } ?? false }.map(\.hitters)
        let rows = Set(parts.flatMap(\.names)).map { name in
            let bounds = parts.map { $0.bounds(name) }
            let count = bounds.reduce(0) { $0 + $1.upperBound }
            return Row(name: name, count: count, error: count - bounds.reduce(0) { $0 + $1.lowerBound })
        }
        let sorted = rows.sorted { ($0.count, $1.name) > ($1.count, $0.name) }
        return (Array(sorted.prefix(most)), parts.reduce(0) { $0 + $1.total })
    }

    // MARK: - Private

    private static func add(_ name: String, _ count: UInt64, at now: Int64, _ span: Span, _ parts: inout [Part]) {
        let number = now / span.part
        let index = Int(number % span.parts)
        if parts[index].number != number { parts[index] = Part(number: number) }
        parts[index].hitters.add(name, count)
    }
}
