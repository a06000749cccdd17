import Glibc

/// Folders, and the temporary one of this run.
enum Folder {
    /// Names of what is in a folder, `.` and `..` left out.
    static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// A new empty folder that others may enter: contenders that give up their rights still have files to write.
    static func makeTemporary() throws(BenchError) -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/sallyport-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw BenchError("no temporary folder in \(parent): \(String(cString: strerror(errno)))")
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
        return path
    }

    static func make(_ path: String) throws(BenchError) {
        guard mkdir(path, 0o777) == 0 else { throw BenchError("\(path): \(String(cString: strerror(errno)))") }
        chmod(path, 0o777)
    }

    /// Removes a folder with all that is in it; symbolic links are removed, not followed.
    static func remove(_ path: String) {
        for name in names(in: path) {
            let entry = "\(path)/\(name)"
            if unlink(entry) != 0 { remove(entry) }
        }
        rmdir(path)
    }
}
