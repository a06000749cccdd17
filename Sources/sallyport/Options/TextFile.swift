import Glibc

/// A small text file, read whole.
enum TextFile {
    /// - Parameter limit: bytes that it may have.
    static func contents(of path: String, limit: Int) throws(TextFileError) -> String {
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
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return text
    }
}

/// Why a file could not be read.
enum TextFileError: Error, Hashable, CustomStringConvertible {
    case unreadable(Int32)
    case tooLarge(limit: Int)
    case notUTF8

    var description: String {
        switch self {
        case .unreadable(let code): "can't be read: \(String(cString: strerror(code)))"
        case .tooLarge(let limit): "is larger than \(limit) bytes"
        case .notUTF8: "is not UTF-8 text"
        }
    }
}
