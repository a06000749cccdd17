import Glibc

/// A small text file, read whole.
enum TextFile {
    /// - Parameter limit: bytes that it may have.
    static func contents(of path: String, limit: Int) throws(TextFileError) -> String {
        guard let text = String(validating: try bytes(of: path, limit: limit), as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    static func bytes(of path: String, limit: Int) throws(TextFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count <= limit {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 { throw .unreadable(errno) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        return bytes
    }

    /// Replaces the file's contents.
    static func write(_ text: String, to path: String) throws(TextFileError) {
        guard let file = fopen(path, "w") else { throw .unwritable(path, errno) }
        let written = fputs(text, file)
        guard fclose(file) == 0, written >= 0 else { throw .unwritable(path, errno) }
    }
}

/// Why a file could not be read.
enum TextFileError: Error, Hashable, CustomStringConvertible {
    case unreadable(Int32)
    case unwritable(String, Int32)
    case tooLarge(limit: Int)
    case notUTF8

    var description: String {
        switch self {
        case .unreadable(let code): "can't be read: \(String(cString: strerror(code)))"
        case .unwritable(let path, let code): "\(path) can't be written: \(String(cString: strerror(code)))"
        case .tooLarge(let limit): "is larger than \(limit) bytes"
        case .notUTF8: "is not UTF-8 text"
        }
    }
}
