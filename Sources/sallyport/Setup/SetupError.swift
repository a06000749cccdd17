import Glibc

/// Why the proxy can't be set somewhere, or what was there can't be put back. Nothing has been changed then.
struct SetupError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// A system call failed.
    init(_ path: String, _ what: String, _ code: Int32) {
        description = "\(path) \(what): \(String(cString: strerror(code)))"
    }
}
