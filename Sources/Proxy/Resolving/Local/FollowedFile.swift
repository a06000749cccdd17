import EventLoop
import Glibc

/// A system file that is read again when it has changed.
struct FollowedFile {
    /// What tells one state of a file from another without reading it.
    private struct Stamp: Hashable {
        let device: dev_t
        let inode: ino_t
        let size: off_t
        let modified: Int64
        let changed: Int64
    }

    let path: String
    private let opener: FileOpener?
    private var stamp: Stamp?
    private var hasBeenRead = false

    /// More than this of a file is not read: a hosts file of that size has a million names.
    private static let mostBytes = 64 << 20

    init(_ path: String, by opener: FileOpener?) {
        self.path = path
        self.opener = opener
    }

    /// The contents, if they may have changed since the last call, or it is the first; empty for a file that is missing or
    /// can't be read. One that may not be read any more, as it has taken the place of one that could, changes nothing.
    mutating func newContents() -> [UInt8]? {
        let present = Self.stamp(of: path)
        if hasBeenRead && present == stamp { return nil }
        defer { hasBeenRead = true }
        stamp = present
        if present == nil { return [] }
        return contents() ?? (hasBeenRead ? nil : [])
    }

    // MARK: - Private

    private static func stamp(of path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            device: status.st_dev, inode: status.st_ino, size: status.st_size,
            modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim))
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// - Returns: nil if that is not permitted.
    private func contents() -> [UInt8]? {
        let raw = opener?.open(path) ?? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard raw >= 0 else { return errno == EACCES ? nil : [] }
        let file = FileDescriptor(owning: raw)
        var bytes: [UInt8] = []
        withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { chunk in
            while bytes.count < Self.mostBytes {
                let count = read(file.raw, chunk.baseAddress, chunk.count)
                guard count > 0 else { return }
                bytes.append(contentsOf: chunk[..<count])
            }
        }
        return bytes
    }
}
