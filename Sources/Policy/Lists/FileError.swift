import Glibc

/// Why a file can't be read, as an operator reads it.
struct FileError: Error, Hashable {
    let message: String

    /// - Parameter code: an `errno`.
    init(_ code: Int32) {
        message = "cannot be read: \(String(cString: strerror(code)))"
    }

    init(message: String) {
        self.message = message
    }
}
