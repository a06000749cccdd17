import Glibc
import Proxy

/// What a file held before the proxy was set in it, and what it has held since: kept so that it can be put back, and so that
/// nothing is put over what somebody has changed meanwhile.
///
///     path       the file; its mode in octal digits, or "none" where there was no file; folders made for it
///     before     its bytes, where there was one
///     after      its bytes since
///     next       what it is about to hold instead: both count until that is done
struct SetupBackup {
    private let folder: String

    init(at folder: String) {
        self.folder = folder
    }

    /// - Returns: whether anything had to be changed.
    func apply(_ place: SetupPlace, _ settings: SetupText) throws(SetupError) -> Bool {
        let path = try SetupFile.target(of: place.path)
        let current = try SetupFile.read(path)
        let known = try read()
        if let known, known.path != path || !known.holds(current) {
            throw SetupError(
                "\(known.path) was changed after the proxy was set in it; it is left alone. What was there before is kept in \(folder)"
            )
        }
        let isApplied = known.map { current?.bytes != $0.before } ?? false
        let before = isApplied ? known?.before : current?.bytes
        let new = Array(try place.changed(try Self.text(before, path), settings).utf8)
        guard new != current?.bytes else { return false }
        if isApplied {
            try SetupFile.write(new, to: "\(folder)/next", mode: 0o600)
        } else {
            try keep(current, at: path, then: new, makingFolders: SetupFile.missingFolders(of: path))
        }
        do throws(SetupError) {
            try SetupFile.makeFolders(of: path, mode: place.mode.folder)
            try SetupFile.write(new, to: path, mode: current?.mode ?? place.mode.file)
        } catch {
            // Nothing is set, so there is nothing to be put back.
            if !isApplied { discard() }
            throw error
        }
        if isApplied { rename("\(folder)/next", "\(folder)/after") }
        return true
    }

    /// - Returns: the file.
    func undo() throws(SetupError) -> String {
        guard let known = try read() else {
            throw SetupError("there is nothing to put back: --apply has changed nothing here")
        }
        let current = try SetupFile.read(known.path)
        guard known.holds(current) else {
            throw SetupError(
                "\(known.path) was changed after the proxy was set in it; it is left alone. What was there before is kept in \(folder)"
            )
        }
        if let before = known.before {
            if current?.bytes != before { try SetupFile.write(before, to: known.path, mode: known.mode) }
        } else if current != nil {
            guard unlink(known.path) == 0 else { throw SetupError(known.path, "can't be removed", errno) }
        }
        for folder in known.folders.reversed() { rmdir(folder) }
        discard()
        return known.path
    }

    // MARK: - Private

    private struct Known {
        let path: String
        let mode: mode_t
        /// Nil where there was no file.
        let before: [UInt8]?
        let afters: [[UInt8]]
        let folders: [String]

        /// Whether the file is as it was before or has been since, and nobody else's work.
        func holds(_ current: SetupFile.Content?) -> Bool {
            guard let current else { return before == nil }
            return current.bytes == before || afters.contains(current.bytes)
        }
    }

    /// The description comes last: without it the rest is nothing.
    private func keep(
        _ current: SetupFile.Content?, at path: String, then new: [UInt8], makingFolders folders: [String]
    ) throws(SetupError) {
        discard()
        guard !path.contains("\n") else { throw SetupError("the name of the file has a line feed") }
        try SetupFile.makeFolders(of: "\(folder)/path", mode: 0o700)
        if let current { try SetupFile.write(current.bytes, to: "\(folder)/before", mode: 0o600) }
        try SetupFile.write(new, to: "\(folder)/after", mode: 0o600)
        let mode = current.map { String($0.mode, radix: 8) } ?? "none"
        let lines = [path, mode] + folders
        try SetupFile.write(Array(lines.joined(separator: "\n").utf8), to: "\(folder)/path", mode: 0o600)
    }

    private func read() throws(SetupError) -> Known? {
        guard let bytes = try SetupFile.read("\(folder)/path")?.bytes else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.count >= 2 else { return nil }
        let before = try SetupFile.read("\(folder)/before")?.bytes
        var afters: [[UInt8]] = []
        for name in ["after", "next"] {
            if let after = try SetupFile.read("\(folder)/\(name)")?.bytes { afters.append(after) }
        }
        return Known(
            path: lines[0], mode: mode_t(lines[1], radix: 8) ?? 0o600, before: lines[1] == "none" ? nil : before ?? [],
            afters: afters, folders: Array(lines.dropFirst(2)))
    }

    private func discard() {
        for name in ["path", "before", "after", "next"] { unlink("\(folder)/\(name)") }
        SetupFile.removeEmpty(folder)
    }

    private static func text(_ bytes: [UInt8]?, _ path: String) throws(SetupError) -> String? {
        guard let bytes else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw SetupError("\(path) is not UTF-8 text") }
        return text
    }
}
