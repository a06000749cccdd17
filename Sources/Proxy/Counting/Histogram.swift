/// The classes into which durations are counted: each bound is twice the one before.
enum Histogram {
    /// Bounds, from 64 microseconds to 36 minutes; what is longer is counted in one class more.
    static var bounds: Int { 26 }
    /// Cells in a block: the classes, then the sum of all durations in microseconds.
    static var cells: Int { bounds + 2 }

    private static var shortest: Int { 6 }

    /// The class of a duration: the first whose bound is not below it.
    @inline(__always)
    static func place(of microseconds: Int64) -> Int {
        guard microseconds > 1 << shortest else { return 0 }
        let bits = Int64.bitWidth - (microseconds - 1).leadingZeroBitCount
        return min(bits - shortest, bounds)
    }

    /// In microseconds.
    static func bound(_ place: Int) -> Int64 { 1 << (shortest + place) }
}
