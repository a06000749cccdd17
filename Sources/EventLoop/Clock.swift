import Glibc

/// A point on the machine's monotonic clock, in nanoseconds since an arbitrary start.
public struct Instant: Hashable, Comparable, Sendable {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static func now() -> Instant {
        Instant(nanoseconds: read(CLOCK_MONOTONIC))
    }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The earlier one, or the one that there is.
    public static func earliest(_ left: Instant?, _ right: Instant?) -> Instant? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }

    /// Whole microseconds from `earlier` to here.
    public func microseconds(since earlier: Instant) -> Int64 {
        (nanoseconds - earlier.nanoseconds) / 1000
    }

    /// From here to `later`; negative if that was before.
    public func duration(to later: Instant) -> Duration {
        .nanoseconds(later.nanoseconds - nanoseconds)
    }

    public func advanced(by duration: Duration) -> Instant {
        advanced(byNanoseconds: duration.nanoseconds)
    }

    /// The same without a `Duration`, whose 128 bits take a while to be divided.
    public func advanced(byNanoseconds nanoseconds: Int64) -> Instant {
        Instant(nanoseconds: self.nanoseconds + nanoseconds)
    }

    fileprivate static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// The calendar's clock.
public enum WallClock {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public static func microseconds() -> Int64 {
        Instant.read(CLOCK_REALTIME) / 1000
    }
}

extension Duration {
    /// The whole as nanoseconds; durations of configuration are far from its limits (292 years).
    public var nanoseconds: Int64 {
        Int64(attoseconds / 1_000_000_000)
    }
}
