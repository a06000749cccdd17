import Glibc

/// Processor time of processes, in seconds, exact to the nanosecond and with threads that have ended.
enum ProcessorTime {
    /// Of this process.
    static var own: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) ?? 0 }

    /// Of a whole process; nil when it is gone.
    static func of(_ process: pid_t) -> Double? {
        var clock: clockid_t = 0
        guard clock_getcpuclockid(process, &clock) == 0 else { return nil }
        return seconds(clock)
    }

    private static func seconds(_ clock: clockid_t) -> Double? {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
