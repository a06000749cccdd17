import Glibc

/// A folder whose sub-folders are categories, each with a file `domains`, a file `urls`, or both: squidGuard, UT1.
struct CategoryFolder {
    struct Category {
        let name: String
        let path: String
        let files: [(path: String, format: ListFormat)]
    }

    /// In the order of their names.
    let categories: [Category]

    /// Nil when `path` is no folder.
    init?(path: String) throws(FileError) {
        guard Self.isFolder(path) else { return nil }
        let folder = path.hasSuffix("/") ? path : path + "/"
        categories = try Self.names(in: path).compactMap { name in
            var files: [(path: String, format: ListFormat)] = []
            for (file, format) in [("domains", ListFormat.domains), ("urls", .urls)]
            where access("\(folder)\(name)/\(file)", F_OK) == 0 {
                files.append(("\(folder)\(name)/\(file)", format))
            }
            return files.isEmpty ? nil : Category(name: name, path: folder + name, files: files)
        }
        guard !categories.isEmpty else {
            throw FileError(
                message: "is a folder without categories; sub-folders with a file domains or urls are allowed")
        }
    }

    // MARK: - Private

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func names(in path: String) throws(FileError) -> [String] {
        guard let stream = opendir(path) else { throw FileError(errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
