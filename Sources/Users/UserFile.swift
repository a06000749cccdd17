import Glibc

/// A users file that is to be changed: every line but the one in question stays as it is.
public struct UserFile {
    public let path: String
    private var lines: [Substring]
    /// The users that it has now.
    public private(set) var table: UserTable

    /// - Parameter mayBeMissing: a file that is not there is as good as an empty one.
    /// - Throws: `UserFileErrors`: a file with faults is not touched.
    public init(path: String, mayBeMissing: Bool = false) throws(UserFileErrors) {
        self.path = path
        lines = []
        table = UserTable()
        if mayBeMissing && access(path, F_OK) != 0 && errno == ENOENT { return }
        let text: String
        (table, text) = try UserTable.read(path: path)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
    }

    /// Gives a user a password; one who is there already gets a new one in the same place.
    ///
    /// - Throws: `PasswordHashError`, or `UserFileErrors` when the file can't be written; it is then as it was.
    public func set(_ name: String, password: [UInt8]) throws {
        let line = Substring("\(name):\(try PasswordHash(of: password).text)")
        var changed = lines
        if let index = lines.firstIndex(where: { Self.isLine($0, of: name) }) {
            changed[index] = line
        } else {
            changed.append(line)
        }
        try write(changed)
    }

    /// - Throws: `UserFileErrors`.
    public func remove(_ name: String) throws(UserFileErrors) {
        try write(lines.filter { !Self.isLine($0, of: name) })
    }

    // MARK: - Private

    private static func isLine(_ line: Substring, of name: String) -> Bool {
        !line.hasPrefix("#") && line.hasPrefix(name + ":")
    }

    /// Writes the file anew beside the old one and puts it in its place: whoever reads sees the one or the other, whole.
    private func write(_ lines: [Substring]) throws(UserFileErrors) {
        // Behind a link is the file that is meant.
        let target = Self.resolved(path)
        let aside = "\(target).\(getpid()).new"
        let text = Array(lines.joined(separator: "\n").utf8) + (lines.isEmpty ? [] : [UInt8(ascii: "\n")])
        unlink(aside)
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.unwritable(target, errno) }
        var isWritten = fchmod(descriptor, 0o600) == 0
        // The proxy's user shall go on reading what an administrator changes.
        var old = stat()
        if stat(target, &old) == 0, geteuid() == 0 {
            isWritten = isWritten && fchown(descriptor, old.st_uid, old.st_gid) == 0
        }
        var done = 0
        while isWritten && done < text.count {
            let count = text.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if count <= 0 { isWritten = false } else { done += count }
        }
        isWritten = isWritten && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWritten, rename(aside, target) == 0 else {
            let error = Self.unwritable(target, isWritten ? errno : code)
            unlink(aside)
            throw error
        }
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func unwritable(_ path: String, _ code: CInt) -> UserFileErrors {
        UserFileErrors(faults: ["\(path): can't be written: \(String(cString: strerror(code)))"])
    }
}
