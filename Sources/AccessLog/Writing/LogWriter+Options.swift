import Glibc

extension LogWriter {
    public struct Options: Sendable {
        public var rotation = LogRotation()
        /// Makes the seals HMACs; nil for plain SHA-256. Any bytes, best 32 random ones.
        public var sealKey: [UInt8]?
        /// Until a seal follows a line, where lines don't come thicker.
        public var sealInterval = Duration.seconds(1)
        public var whenFull = WhenFull.stall
        /// A second log, for other tools: see `LogFormat`. It is neither sealed nor waited for.
        public var copy: (path: String, format: LogFormat)?
        /// Bytes that may wait before the log counts as full.
        public var maxBacklogBytes = 16 << 20
        /// After an error; doubles up to `longestRetry`.
        public var firstRetry = Duration.milliseconds(100)
        public var longestRetry = Duration.seconds(1)
        /// Microseconds since the epoch.
        public var now: @Sendable () -> Int64 = { Self.systemTime() }
        /// Takes one line for the operator, without its line feed. Called on the writer's queue.
        public var warn: @Sendable (String) -> Void = { StandardError.write("sallyport: \($0)") }
        /// Called with each seal that is in the file, on the writer's queue; must not block.
        public var sealed: @Sendable (SealHead) -> Void = { _ in }
        /// Called after `isStalled` has changed, on the thread that noticed; must not block.
        public var stallChanged: @Sendable () -> Void = {}

        public init() {}

        private static func systemTime() -> Int64 {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        }
    }

    /// What happens while the file takes nothing, or too little.
    public enum WhenFull: String, Sendable, CaseIterable {
        /// Accepting pauses; nothing is lost.
        case stall
        /// Lines are dropped once too many wait; how many is written when there is room again.
        case drop
    }

    /// What went through since the start.
    public struct Counters: Hashable, Sendable {
        /// Lines handed over.
        public var submitted: UInt64 = 0
        /// Of these, lines that the file has taken.
        public var written: UInt64 = 0
        /// Bytes that the file has taken, with the writer's own lines.
        public var bytes: UInt64 = 0
        /// Lines that were dropped, or came after `close`.
        public var lost: UInt64 = 0
        /// Seals that the file has taken.
        public var seals: UInt64 = 0
    }
}
