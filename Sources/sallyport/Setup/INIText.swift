/// A file of `name = value` lines in sections, of which some are set anew and all others stay as they are.
struct INIText {
    private var lines: [Substring]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
    }

    /// The text with `pairs` in `section`; nil is what stands before the first section.
    func setting(_ pairs: [(name: String, value: String)], in section: String?) -> String {
        var lines = lines
        var range = Self.range(of: section, in: lines)
        if range == nil, let section {
            lines.append("[\(section)]")
            range = lines.count..<lines.count
        }
        guard var range else { preconditionFailure("every file has what stands before its first section") }
        for pair in pairs {
            // All that had the name, with what is continued on indented lines, gives way to one line.
            var first: Int?
            var index = range.lowerBound
            while index < range.upperBound {
                guard Self.name(of: lines[index]) == pair.name else {
                    index += 1
                    continue
                }
                first = first ?? index
                var end = index + 1
                while end < range.upperBound, section != nil, lines[end].first?.isWhitespace == true { end += 1 }
                lines.removeSubrange(index..<end)
                range = range.lowerBound..<range.upperBound - (end - index)
            }
            lines.insert(Substring("\(pair.name) = \(pair.value)"), at: first ?? range.upperBound)
            range = range.lowerBound..<range.upperBound + 1
        }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Private

    /// The lines of a section, without its header and the blank lines at its end; nil where it isn't there.
    private static func range(of section: String?, in lines: [Substring]) -> Range<Int>? {
        var start = 0
        if let section {
            guard let header = lines.firstIndex(where: { name(ofSection: $0) == section[...] }) else { return nil }
            start = header + 1
        }
        var end = lines[start...].firstIndex { name(ofSection: $0) != nil } ?? lines.count
        while end > start, lines[end - 1].allSatisfy(\.isWhitespace) { end -= 1 }
        return start..<end
    }

    private static func name(ofSection line: Substring) -> Substring? {
        guard line.first == "[", let end = line.firstIndex(of: "]") else { return nil }
        return line[line.index(after: line.startIndex)..<end]
    }

    private static func name(of line: Substring) -> String? {
        guard let first = line.first, !first.isWhitespace, first != "#", first != ";",
            let end = line.firstIndex(where: { $0 == "=" || $0 == ":" })
        else { return nil }
        var name = line[..<end]
        while name.last?.isWhitespace == true { name.removeLast() }
        return name.lowercased()
    }
}
