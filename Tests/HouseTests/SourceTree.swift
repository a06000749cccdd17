import Glibc

/// The repository's files, found from where this one was compiled.
enum SourceTree {
    struct File {
        /// From the top of the repository: `Sources/Wire/HTTP1/HTTP1.swift`.
        let path: String
        let lines: [Substring]

        /// The target to whose folder it belongs.
        var target: Substring { path.split(separator: "/")[1] }
    }

    /// The top of the repository, with a slash behind.
    static let top = String(#filePath.dropLast("Tests/HouseTests/SourceTree.swift".count))

    static let sources = files(in: "Sources")
    static let tests = files(in: "Tests")

    /// What a folder holds, without `.` and `..`; empty for what is no folder.
    static func entries(of folder: String) -> [String] {
        guard let stream = opendir(top + folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// All Swift files below `folder`.
    private static func files(in folder: String) -> [File] {
        entries(of: folder).flatMap { name -> [File] in
            let path = "\(folder)/\(name)"
            if !entries(of: path).isEmpty { return files(in: path) }
            return name.hasSuffix(".swift") ? [File(path: path, lines: lines(of: path))] : []
        }
    }

    static func lines(of path: String) -> [Substring] {
        guard let stream = fopen(top + path, "r") else { return [] }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = fread(&room, 1, room.count, stream)
            if count == 0 { break }
            bytes += room[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }
}
