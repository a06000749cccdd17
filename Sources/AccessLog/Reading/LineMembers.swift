/// Walks over the members of the one object that a line is, without looking into nested ones.
///
/// Made for the log's own lines: it finds where keys and values begin and end and takes no notice of what else a strict
/// JSON reader would refuse. Whatever the bytes are, it stays within them and comes to an end.
struct LineMembers {
    enum Kind: Sendable {
        case text
        case number
        case object
        case array
        /// `true`, `false` or `null`.
        case literal
    }

    struct Member {
        /// Without quotation marks, escapes as they are.
        let key: UnsafeRawBufferPointer
        let kind: Kind
        /// Without quotation marks if it is a text, escapes as they are.
        let value: UnsafeRawBufferPointer
    }

    private let line: UnsafeRawBufferPointer
    private var index: Int
    /// Whether the walk ended with the brace that closes the line; false before that, and if the line is no object.
    private(set) var isComplete = false

    /// - Parameter line: without its line feed; must stay valid as long as members of it are used.
    init(_ line: UnsafeRawBufferPointer) {
        self.line = line
        index = line.first == UInt8(ascii: "{") ? 1 : line.count
    }

    /// The next member; nil at the end of the line, or where it stops being an object.
    @inline(__always)
    mutating func next() -> Member? {
        if index < line.count, line[index] == UInt8(ascii: ",") { index += 1 }
        guard index < line.count, line[index] == UInt8(ascii: "\"") else {
            isComplete = index == line.count - 1 && line[index] == UInt8(ascii: "}")
            return nil
        }
        let keyStart = index + 1
        guard let keyEnd = JSONText.end(line, from: keyStart), keyEnd + 2 < line.count,
            line[keyEnd + 1] == UInt8(ascii: ":")
        else { return stop() }
        let key = UnsafeRawBufferPointer(rebasing: line[keyStart..<keyEnd])
        index = keyEnd + 2
        return value(of: key)
    }

    // MARK: - Private

    @inline(__always)
    private mutating func value(of key: UnsafeRawBufferPointer) -> Member? {
        let start = index
        switch line[start] {
        case UInt8(ascii: "\""):
            guard let end = JSONText.end(line, from: start + 1) else { return stop() }
            index = end + 1
            return Member(key: key, kind: .text, value: UnsafeRawBufferPointer(rebasing: line[start + 1..<end]))
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard let end = nestedEnd(from: start) else { return stop() }
            index = end
            let kind = line[start] == UInt8(ascii: "{") ? Kind.object : .array
            return Member(key: key, kind: kind, value: UnsafeRawBufferPointer(rebasing: line[start..<end]))
        default:
            while index < line.count, line[index] != UInt8(ascii: ","), line[index] != UInt8(ascii: "}") { index += 1 }
            guard index > start else { return stop() }
            let isNumber = line[start] <= UInt8(ascii: "9")
            let value = UnsafeRawBufferPointer(rebasing: line[start..<index])
            return Member(key: key, kind: isNumber ? .number : .literal, value: value)
        }
    }

    /// Behind the bracket that closes the one at `start`.
    private func nestedEnd(from start: Int) -> Int? {
        var depth = 0
        var index = start
        while index < line.count {
            switch line[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: "\""):
                guard let end = JSONText.end(line, from: index + 1) else { return nil }
                index = end
            default: break
            }
            index += 1
        }
        return nil
    }

    private mutating func stop() -> Member? {
        index = line.count
        return nil
    }
}
