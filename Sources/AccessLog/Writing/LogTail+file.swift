import Glibc

extension LogTail {
    /// How far back a seal is looked for; there is one every 4 MiB and a line.
    private static let maxBytes = 64 << 20

    /// Reads where the log at `path` left off, or the file before it where that is empty or not there.
    init(path: String) {
        if let bytes = Self.end(of: path) {
            self.init(bytes, isOpenFile: true)
        } else if let bytes = Self.end(of: path + ".1") {
            self.init(bytes, isOpenFile: false)
        } else {
            self.init()
        }
    }

    /// The file's last bytes, from before its newest seal on; nil if there are none.
    private static func end(of path: String) -> [UInt8]? {
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
