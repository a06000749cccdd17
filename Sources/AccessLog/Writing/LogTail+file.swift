import Glibc

extension LogTail {
    /// How far back a seal is looked for; there is one every 4 MiB and a line.
    private static let maxBytes = 64 << 20

    /// Reads where the log at `path` left off. Where that is empty, not there, or has no seal yet, it also looks at the
    /// file before it: the one with the highest numbers of those beside it whose names begin like its own, which were
    /// moved aside by whomever.
    init(path: String) {
        let bytes = Self.end(of: path)
        if let bytes, Self.holdsSeal(bytes) {
            self.init(bytes, isOpenFile: true)
            return
        }
        let older = Self.older(than: path)
        if let bytes {
            self.init(bytes, isOpenFile: true, after: older)
        } else {
            self = older ?? LogTail()
        }
    }

    /// The newest seal of the log at `path`; nil if there is none.
    static func head(of path: String) -> SealHead? {
        let tail = end(of: path).map { LogTail($0, isOpenFile: false) }
        guard let tail, tail.previous != .none else { return nil }
        return SealHead(sequence: tail.firstUnsealed - 1, digest: tail.previous)
    }

    private static func older(than path: String) -> LogTail? {
        // The newest three: while one is being compressed there are two of it, and either may be half done.
        let candidates = movedAside(path).sorted { $0.modified > $1.modified }.prefix(3)
        return candidates.compactMap { candidate in end(of: candidate.path).map { LogTail($0, isOpenFile: false) } }
            .filter { $0.previous != .none }
            .max { $0.nextSequence < $1.nextSequence }
    }

    private static func movedAside(_ path: String) -> [(path: String, modified: Int64)] {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { String(path[...$0]) } ?? "./"
        let name = slash.map { path[path.utf8.index(after: $0)...] } ?? path[...]
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var found: [(path: String, modified: Int64)] = []
        while let entry = readdir(directory) {
            let candidate = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard candidate.hasPrefix(name), candidate != name, !LogWriter.isDiverted(candidate),
                let status = FileStatus(path: folder + candidate),
                status.size > 0
            else { continue }
            found.append((folder + candidate, status.modified))
        }
        return found
    }

    /// The file's last bytes, from before its newest seal on; nil if there are none.
    private static func end(of path: String) -> [UInt8]? {
        if let bytes = endOfCompressed(path) { return bytes }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var raw = stat()
        guard fstat(descriptor, &raw) == 0, let size = FileStatus(raw)?.size, size > 0 else { return nil }
        var window = 256 << 10
        while true {
            let start = max(0, size - min(window, maxBytes))
            guard let bytes = read(descriptor, from: start, count: size - start) else { return nil }
            if start == 0 { return bytes }
            // The first line of the window is most likely a part of one.
            let whole = Array(bytes[(bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count)...])
            if window >= maxBytes || holdsSeal(whole) { return whole }
            window *= 8
        }
    }

    /// The same of a compressed file, which has to be gone through; nil if it is none.
    private static func endOfCompressed(_ path: String) -> [UInt8]? {
        guard FileStatus(path: path)?.size ?? 0 > 0, var reader = try? LogReader(path: path), reader.isCompressed else {
            return nil
        }
        var bytes: [UInt8] = []
        var hasLine = false
        while let line = try? reader.next() {
            // The line before the seal tells whether the program ended.
            if hasLine, Seal(reading: line.bytes) != nil {
                let last = bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
                bytes.removeSubrange(..<last)
            }
            bytes += line.bytes
            if line.isEnded { bytes.append(UInt8(ascii: "\n")) }
            hasLine = true
            if bytes.count > maxBytes { return nil }
        }
        return bytes
    }

    private static func holdsSeal(_ bytes: [UInt8]) -> Bool {
        LogTail(bytes, isOpenFile: false).previous != .none
    }

    private static func read(_ descriptor: Int32, from start: Int, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes { room in
                pread(descriptor, room.baseAddress! + filled, count - filled, off_t(start + filled))
            }
            let number = errno
            if got < 0 && number == EINTR { continue }
            guard got > 0 else { return nil }
            filled += got
        }
        return bytes
    }
}
