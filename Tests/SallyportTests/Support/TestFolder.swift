import Glibc

/// A folder of its own for a test's policy and log, gone with the object.
final class TestFolder: Sendable {
    let path: String

    /// - Parameter files: texts by name.
    init(_ files: [String: String]) throws {
        var template = Array("/tmp/sallyport-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw ChildProcess.Failure(description: "no folder for the test") }
        path = String(cString: made)
        for (name, text) in files { try write(Array(text.utf8), to: name) }
    }

    deinit {
        Self.remove(path)
    }

    /// The path of the file `name`.
    subscript(name: String) -> String { "\(path)/\(name)" }

    func lines(of name: String) -> [String] {
        bytes(of: name).split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    func bytes(of name: String) -> [UInt8] {
        Self.bytes(at: self[name])
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        guard let stream = fopen(self[name], "w") else {
            throw ChildProcess.Failure(description: "\(name) can't be written")
        }
        fwrite(bytes, 1, bytes.count, stream)
        fclose(stream)
    }

    static func bytes(at path: String) -> [UInt8] {
        guard let stream = fopen(path, "r") else { return [] }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = fread(&room, 1, room.count, stream)
            if count == 0 { break }
            bytes += room[..<count]
        }
        return bytes
    }

    /// Removes a file, or a folder with all that is in it.
    private static func remove(_ path: String) {
        guard unlink(path) != 0, let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { remove("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }
}
