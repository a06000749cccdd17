import Glibc

/// A time as the pages show it.
struct UTCTime {
    /// `2026-11-21`.
    let day: String
    /// `17:10:44`.
    let clock: String
    /// RFC 3339, for programs.
    var machine: String { "\(day)T\(clock)Z" }

    /// - Parameter microseconds: since the epoch.
    init(_ microseconds: Int64) {
        var time = time_t(microseconds / 1_000_000)
        var parts = tm()
        gmtime_r(&time, &parts)
        day = Self.text("%Y-%m-%d", parts)
        clock = Self.text("%H:%M:%S", parts)
    }

    private static func text(_ format: String, _ parts: tm) -> String {
        var parts = parts
        var buffer = [CChar](repeating: 0, count: 40)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
