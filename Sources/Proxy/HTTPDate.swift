import Glibc

/// The value of a `Date` field, made anew once a second.
///
/// Spec: RFC 9110 §5.6.7 (IMF-fixdate).
struct HTTPDate {
    private var second: Int64 = -1
    private var text: [UInt8] = []

    /// - Parameter time: microseconds since the epoch.
    mutating func text(at time: Int64) -> [UInt8] {
        let second = time / 1_000_000
        if second != self.second {
            self.second = second
            text = Self.format(second)
        }
        return text
    }

    private static func format(_ second: Int64) -> [UInt8] {
        var time = time_t(second)
        var parts = tm()
        gmtime_r(&time, &parts)
        var buffer = [CChar](repeating: 0, count: 40)
        // The program never calls setlocale(): names of days and months are the C locale's, as the format wants them.
        let count = strftime(&buffer, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }
}
