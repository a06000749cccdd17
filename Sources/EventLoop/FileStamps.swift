import Glibc

/// What the file system says of some files: as long as it says the same, so do they.
public struct FileStamps: Hashable, Sendable {
    private struct Stamp: Hashable {
        var device: UInt64 = 0
        var number: UInt64 = 0
        var size: Int64 = 0
        /// Nanoseconds since 1970, of the last change of content and of the last change at all.
        var modified: Int64 = 0
        var changed: Int64 = 0
    }

    private let stamps: [Stamp]
    private let taken = WallClock.microseconds()

    /// The coarsest clock of the file systems in use, that of FAT; a file that was changed so lately might change again
    /// without its times.
    private static let clockMicroseconds: Int64 = 2_000_000

    /// - Parameter paths: what isn't there has a stamp too.
    public init(of paths: [String]) {
        stamps = paths.map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return Stamp() }
            return Stamp(
                device: UInt64(status.st_dev), number: UInt64(status.st_ino), size: Int64(status.st_size),
                modified: Self.nanoseconds(status.st_mtim), changed: Self.nanoseconds(status.st_ctim))
        }
    }

    /// Whether nothing has happened to the files since `earlier`, for certain.
    public func areSame(as earlier: FileStamps) -> Bool {
        stamps == earlier.stamps && stamps.allSatisfy { $0.changed / 1000 < earlier.taken - Self.clockMicroseconds }
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
