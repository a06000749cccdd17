import Glibc

/// Files that are read whole and replaced in one step.
enum SetupFile {
    struct Content {
        let bytes: [UInt8]
        let mode: mode_t
    }

    private static let limit = 4 << 20

    /// The file that a name leads to, through all links.
    static func target(of path: String) throws(SetupError) -> String {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        let code = errno
        var found = stat()
        guard lstat(path, &found) != 0, code == ENOENT else {
            throw SetupError(path, code == ENOENT ? "is a link that leads nowhere" : "can't be reached", code)
        }
        return path
    }

    /// - Returns: nil where there is no such file.
    static func read(_ path: String) throws(SetupError) -> Content? {
        var found = stat()
        guard stat(path, &found) == 0 else {
            if errno == ENOENT { return nil }
            throw SetupError(path, "can't be read", errno)
        }
        guard found.st_mode & S_IFMT == S_IFREG else { throw SetupError("\(path) is no regular file") }
        do throws(TextFileError) {
            return Content(bytes: try TextFile.bytes(of: path, limit: limit), mode: found.st_mode & 0o7777)
        } catch {
            throw SetupError("\(path) \(error)")
        }
    }

    /// The folders of `path` that are not there, from the top.
    static func missingFolders(of path: String) -> [String] {
        var folders: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/"), slash > rest.startIndex {
            rest = rest[..<slash]
            if access(String(rest), F_OK) == 0 { break }
            folders.append(String(rest))
        }
        return folders.reversed()
    }

    static func makeFolders(of path: String, mode: mode_t) throws(SetupError) {
        for folder in missingFolders(of: path) {
            guard mkdir(folder, mode) == 0 || errno == EEXIST else { throw SetupError(folder, "can't be made", errno) }
            take(folder, like: parent(of: folder))
        }
    }

    /// Removes a backup's folder with the two that hold all of them, as far as nothing is in them.
    static func removeEmpty(_ folder: String) {
        for path in [folder, parent(of: folder), parent(of: parent(of: folder))] where rmdir(path) != 0 { return }
    }

    /// Writes anew beside the old and puts that in its place: whoever reads sees the one or the other, whole.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(SetupError) {
        let aside = "\(path).\(getpid()).new"
        unlink(aside)
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SetupError(path, "can't be written", errno) }
        take(aside, like: access(path, F_OK) == 0 ? path : parent(of: path))
        var isWritten = fchmod(descriptor, mode) == 0
        var done = 0
        while isWritten && done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if count <= 0 { isWritten = false } else { done += count }
        }
        isWritten = isWritten && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWritten, rename(aside, path) == 0 else {
            let error = SetupError(path, "can't be written", isWritten ? errno : code)
            unlink(aside)
            throw error
        }
    }

    // MARK: - Private

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// What an administrator makes in a user's home is to be the user's.
    private static func take(_ path: String, like other: String) {
        var found = stat()
        if geteuid() == 0, stat(other, &found) == 0 { _ = chown(path, found.st_uid, found.st_gid) }
    }
}
