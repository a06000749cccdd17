import Glibc

// One file is changed for another: by ourselves for its size or its day, or because somebody moved it away. The chain of
// seals goes on: the old file ends with a seal, and the first of the new one names it.
extension LogOutput {
    /// Whether the file is to be changed before another line is written, and why.
    mutating func dueChange(at now: Int64) -> LogRotation.Reason? {
        guard let identity else { return nil }
        guard let there = FileStatus(path: path), there.isSameFile(as: identity) else { return .moved }
        guard there.size > 0, !areNumbersHeld, now >= noRotationBefore else { return nil }
        if let limit = rotation.maxBytes, there.size >= limit { return .size }
        if rotation.isDaily, now / 86_400_000_000 != day { return .day }
        return nil
    }

    /// Changes the file, and begins the new one with an event that says so.
    ///
    /// - Returns: the `errno` of what failed; it is tried again with the next call.
    mutating func changeFile(_ reason: LogRotation.Reason, at now: Int64) -> Int32? {
        if reason != .moved, file != nil {
            let number = rotation.moveAside(path)
            if number != 0 {
                // Better a long log than none: it goes on as it is for a minute.
                noRotationBefore = now + 60_000_000
                warning = "can't move the log \(path) aside: \(LogError.text(of: number)); it grows on"
                change = nil
                return nil
            }
        }
        file = nil
        if let number = reopen() { return number }
        day = now / 86_400_000_000
        change = nil
        startText()
        var fields: [(key: StaticString, value: LogEvent.Value)] = [("why", .text(reason.rawValue))]
        if reason != .moved { fields.append(("from", .text("\(name).1"))) }
        appendEvent(LogEvent(.rotation, at: now, fields))
        if reason != .moved, rotation.compresses {
            mustCompress = true
            areNumbersHeld = true
        }
        return nil
    }

    /// Opens the file under its name.
    ///
    /// - Returns: the `errno` if that failed.
    mutating func reopen() -> Int32? {
        do throws(LogError) {
            let opened = try LogFile(path: path)
            identity = opened.status
            file = consume opened
            return nil
        } catch {
            return error.errorNumber
        }
    }

    /// Leaves a file that was moved away while it took nothing. A line of which it has a part only is taken back from it,
    /// and goes whole into the new one.
    mutating func leaveMovedFile() {
        guard let identity, file != nil, FileStatus(path: path)?.isSameFile(as: identity) != true else { return }
        let lineStart = text[..<written].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        if written > lineStart { file?.removeLast(written - lineStart) }
        loaded.bytes -= written - lineStart
        written = lineStart
        file = nil
    }

    private var name: Substring {
        path.split(separator: "/").last ?? ""
    }
}
