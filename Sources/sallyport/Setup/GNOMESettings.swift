import Glibc
import Proxy

/// GNOME's proxy, set by its own `gsettings`.
struct GNOMESettings {
    /// The folder in which the former values are kept.
    let backup: String

    /// `schema key value` lines: what was there, and what was set.
    private var before: String { "\(backup)/before" }
    private var after: String { "\(backup)/after" }

    func apply(_ settings: SetupText) throws(SetupError) {
        let new = settings.gsettings
        var old: [(String, String, String)] = []
        for (schema, key, _) in new { old.append((schema, key, try value(schema, key))) }
        if let known = try read(after), !same(known, old) { throw changed }
        if try read(after) == nil {
            try SetupFile.makeFolders(of: before, mode: 0o700)
            try SetupFile.write(Self.bytes(old), to: before, mode: 0o600)
        }
        do throws(SetupError) {
            for (schema, key, value) in new { try set(schema, key, value) }
            for (schema, key, value) in new where try self.value(schema, key) != value {
                throw SetupError("\(schema) \(key) does not stay: no session of GNOME runs here")
            }
            try SetupFile.write(Self.bytes(new), to: after, mode: 0o600)
        } catch {
            for (schema, key, value) in old.reversed() { try? set(schema, key, value) }
            if access(after, F_OK) != 0 { discard() }
            throw error
        }
    }

    func undo() throws(SetupError) {
        guard let known = try read(after), let old = try read(before) else {
            throw SetupError("there is nothing to put back: --apply has changed nothing here")
        }
        var current: [(String, String, String)] = []
        for (schema, key, _) in known { current.append((schema, key, try value(schema, key))) }
        guard same(known, current) else { throw changed }
        // The mode first: nobody shall use what is half put back.
        for (schema, key, value) in old.reversed() { try set(schema, key, value) }
        discard()
    }

    // MARK: - Private

    private var changed: SetupError {
        SetupError(
            "the settings were changed after the proxy was set; they are left alone. What was there before is kept in \(before)"
        )
    }

    private func discard() {
        for name in [before, after] { unlink(name) }
        SetupFile.removeEmpty(backup)
    }

    private func value(_ schema: String, _ key: String) throws(SetupError) -> String {
        let text = try Self.run(["get", schema, key])
        return String(text.prefix { $0 != "\n" })
    }

    private func set(_ schema: String, _ key: String, _ value: String) throws(SetupError) {
        _ = try Self.run(["set", schema, key, value])
    }

    private func same(_ left: [(String, String, String)], _ right: [(String, String, String)]) -> Bool {
        left.elementsEqual(right) { $0 == $1 }
    }

    private func read(_ path: String) throws(SetupError) -> [(String, String, String)]? {
        guard let bytes = try SetupFile.read(path)?.bytes else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 2)
            return words.count == 3 ? (String(words[0]), String(words[1]), String(words[2])) : nil
        }
    }

    private static func bytes(_ values: [(String, String, String)]) -> [UInt8] {
        Array(values.map { "\($0.0) \($0.1) \($0.2)\n" }.joined().utf8)
    }

    /// What `gsettings` prints.
    private static func run(_ words: [String]) throws(SetupError) -> String {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SetupError("gsettings", "can't be run", errno) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        for end in ends { posix_spawn_file_actions_addclose(&actions, end) }
        var arguments: [UnsafeMutablePointer<CChar>?] = (["gsettings"] + words).map { strdup($0) } + [nil]
        var process: pid_t = 0
        let code = posix_spawnp(&process, "gsettings", &actions, nil, &arguments, environ)
        for argument in arguments { free(argument) }
        posix_spawn_file_actions_destroy(&actions)
        close(ends[1])
        defer { close(ends[0]) }
        guard code == 0 else {
            throw SetupError(
                code == ENOENT ? "there is no gsettings here, and so no GNOME" : "gsettings can't be run: error \(code)"
            )
        }
        var text: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(ends[0], &room, room.count)
            if count <= 0 { break }
            text += room[..<count]
        }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        guard status == 0 else { throw SetupError("gsettings \(words.joined(separator: " ")) failed") }
        return String(decoding: text, as: UTF8.self)
    }
}
