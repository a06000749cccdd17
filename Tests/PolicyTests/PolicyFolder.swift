import Glibc

@testable import Policy

/// A folder of its own for a test's policy and lists, gone when the test ends.
final class PolicyFolder {
    let path: String
    private var files: [String] = []

    /// - Parameter files: texts by name.
    init(_ files: [String: String]) {
        var template = Array("/tmp/sallyport-policy-XXXXXX\0".utf8CString.dropLast())
        path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        for (name, text) in files { write(name, Array(text.utf8)) }
    }

    deinit {
        for file in files.reversed() {
            if unlink(file) != 0 { rmdir(file) }
        }
        rmdir(path)
    }

    func write(_ name: String, _ bytes: [UInt8]) {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            if mkdir(folder, 0o700) == 0 { files.append(folder) }
        }
        let file = path + "/" + name
        files.append(file)
        let stream = fopen(file, "w")!
        fwrite(bytes, 1, bytes.count, stream)
        fclose(stream)
    }

    /// The ruleset of `policy.conf`.
    func load() throws -> Ruleset {
        try Ruleset.load(path: path + "/policy.conf")
    }

    /// `text` without the folder's path.
    func relative(_ text: String) -> String {
        text.hasPrefix(path + "/") ? String(text.dropFirst(path.utf8.count + 1)) : text
    }
}
