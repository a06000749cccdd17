import CLinux
import Glibc

/// Says when one of a few files may have changed, been replaced, come or gone; at no cost while nothing happens.
///
/// Watched are the file that a path leads to (bind mounts and links lead elsewhere than their folder) and the folder of
/// the path itself (replacing by renaming). Other files of that folder cause false alarms, so compare.
///
/// Spec: inotify(7).
public final class FileWatch: EventHandler {
    private let paths: [String]
    private let descriptor: FileDescriptor
    private let loop: EventLoop
    private let changed: () -> Void
    private var registration: Registration?
    /// Of each path's file; negative while there is none.
    private var fileWatches: [CInt]

    /// - Parameter changed: called on the loop.
    public init(_ paths: [String], on loop: EventLoop, changed: @escaping () -> Void) throws(Errno) {
        let raw = inotify_init1(CInt(IN_NONBLOCK | IN_CLOEXEC))
        guard raw >= 0 else { throw .last }
        descriptor = FileDescriptor(owning: raw)
        self.paths = paths
        self.loop = loop
        self.changed = changed
        fileWatches = paths.map { _ in -1 }
        super.init()
        registration = try loop.register(raw, for: self)
        for path in paths { inotify_add_watch(raw, Self.folder(of: path), Self.folderEvents) }
        followFiles()
    }

    /// Ends it; the loop then keeps it no longer.
    public func stop() {
        guard let registration else { return }
        self.registration = nil
        loop.deregister(registration, keeping: descriptor.raw)
    }

    public override func ready(_ readiness: Readiness, tag: UInt32) {
        var hasNews = false
        while case .bytes = receive() { hasNews = true }
        guard hasNews else { return }
        followFiles()
        changed()
    }

    // MARK: - Private

    /// Not each write: a file is worth reading once whoever writes it has closed it.
    private static let fileEvents = UInt32(IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)
    private static let folderEvents = UInt32(IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)

    private func receive() -> Socket.Received {
        let count = read(descriptor.raw, loop.scratch.baseAddress, loop.scratch.count)
        return count > 0 ? .bytes(count) : .wouldBlock
    }

    /// A file that was replaced is another one.
    private func followFiles() {
        for (index, path) in paths.enumerated() {
            let watch = inotify_add_watch(descriptor.raw, path, Self.fileEvents)
            let former = fileWatches[index]
            if former >= 0 && former != watch { inotify_rm_watch(descriptor.raw, former) }
            fileWatches[index] = watch
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
