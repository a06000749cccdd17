import Glibc

extension UserTable {
    /// Bytes that a users file may have.
    private static let largestFile = 16 << 20

    /// Reads a users file.
    ///
    /// - Throws: `UserFileErrors`, also when the file can't be read.
    public static func load(path: String) throws(UserFileErrors) -> UserTable {
        try read(path: path).table
    }

    /// The same, with the file's text.
    static func read(path: String) throws(UserFileErrors) -> (table: UserTable, text: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count <= largestFile {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 { throw unreadable(path, errno) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        guard bytes.count <= largestFile else {
            throw UserFileErrors(faults: ["\(path): is larger than \(largestFile) bytes"])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw UserFileErrors(faults: ["\(path): is not UTF-8 text"])
        }
        return (try UserTable(text, path: path), text)
    }

    private static func unreadable(_ path: String, _ code: CInt) -> UserFileErrors {
        UserFileErrors(faults: ["\(path): can't be read: \(String(cString: strerror(code)))"])
    }
}
