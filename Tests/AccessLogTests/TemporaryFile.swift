import Glibc

/// A path in a folder of its own; folder and file go with it.
final class TemporaryFile: Sendable {
    let folder: String
    var path: String { folder + "/access.log" }

    struct NoFolder: Error {}

    init() throws {
        var template = Array("/tmp/sallyport-log-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw NoFolder() }
        folder = String(cString: made)
    }

    deinit {
        _ = unlink(path)
        _ = rmdir(folder)
    }

    var contents: [UInt8] { Self.read(path) }

    /// The lines of the file, without their line feeds; what follows the last line feed counts as a line.
    var lines: [String] {
        contents.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    func write(_ bytes: [UInt8]) throws {
        Self.write(bytes, to: path)
    }

    func append(_ text: String) {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        let bytes = Array(text.utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
        _ = close(descriptor)
    }

    static func write(_ bytes: [UInt8], to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        _ = Glibc.write(descriptor, bytes, bytes.count)
        _ = close(descriptor)
    }

    static func read(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        return descriptor >= 0 ? readToEnd(descriptor) : []
    }

    /// Reads until the end, and closes `descriptor`.
    static func readToEnd(_ descriptor: Int32) -> [UInt8] {
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &room, room.count)
            if count <= 0 { return bytes }
            bytes.append(contentsOf: room[..<count])
        }
    }
}
