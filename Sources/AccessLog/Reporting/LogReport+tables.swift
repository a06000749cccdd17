extension LogReport {
    /// The columns of a table, as they are called in every format.
    static let columns: [StaticString] = ["requests", "denied", "failed", "up", "down", "ms"]

    /// The values of a row, in the order of `columns`; the last is the mean duration in milliseconds.
    static func values(_ counts: ReportCounts) -> [String] {
        [counts.requests, counts.denied, counts.failed, counts.up, counts.down].map { String($0) } + [mean(counts)]
    }

    /// A table for people: the groups with the most requests, and the totals.
    public func text(top: Int) -> String {
        var rows = self.top(top).map { [$0.key] + Self.readable($0.counts) }
        if others.requests > 0 { rows.append(["(others)"] + Self.readable(others)) }
        rows.append(["total"] + Self.readable(totals))
        let heads = [grouping.rawValue, "requests", "denied", "failed", "up", "down", "mean ms"]
        let widths = heads.indices.map { column in
            rows.reduce(heads[column].count) { max($0, $1[column].count) }
        }
        var text = ""
        for row in [heads] + rows {
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                text += column == 0 ? cell + padding : "  " + padding + cell
            }
            text += "\n"
        }
        if maxError > 0 { text += "Too many groups to tell apart: a row may be too low by \(maxError) requests.\n" }
        if unreadableLines > 0 { text += "\(unreadableLines) lines are none of the log's.\n" }
        return text
    }

    /// A head line, and a line for each group.
    ///
    /// Spec: RFC 4180; texts are those of the log, with its escapes.
    public func csv(top: Int) -> String {
        var text = ([grouping.rawValue] + Self.columns.map { "\($0)" }).joined(separator: ",") + "\r\n"
        for row in self.top(top) {
            text += ([CSV.quoted(row.key)] + Self.values(row.counts)).joined(separator: ",") + "\r\n"
        }
        return text
    }

    /// One object: `by`, `totals`, `rows`, `hours`, `outcomes`, `others` and `max_error`.
    public func json(top: Int) -> String {
        var text = "{\"by\":\"\(grouping.rawValue)\",\"totals\":{\(Self.members(totals))}"
        for (name, rows) in [("rows", self.top(top)), ("hours", byHour), ("outcomes", byOutcome)] {
            // The keys come from the log with its escapes, which are JSON's.
            let objects = rows.map { "{\"key\":\"\($0.key)\",\(Self.members($0.counts))}" }
            text += ",\"\(name)\":[\(objects.joined(separator: ","))]"
        }
        text += ",\"others\":{\(Self.members(others))},\"max_error\":\(maxError)"
        return text + ",\"unreadable_lines\":\(unreadableLines)}\n"
    }

    // MARK: - Private

    private static func members(_ counts: ReportCounts) -> String {
        zip(columns, values(counts)).map { "\"\($0)\":\($1)" }.joined(separator: ",")
    }

    private static func mean(_ counts: ReportCounts) -> String {
        let micros = counts.requests > 0 ? counts.duration / counts.requests : 0
        return "\(micros / 1000).\(String(micros % 1000 + 1000).dropFirst())"
    }

    static func readable(_ counts: ReportCounts) -> [String] {
        [String(counts.requests), String(counts.denied), String(counts.failed)]
            + [ByteCount.text(counts.up), ByteCount.text(counts.down), mean(counts)]
    }
}

/// Numbers of bytes as people read them.
enum ByteCount {
    /// `512 B`, `1.5 KiB`, `20 MiB`.
    static func text(_ bytes: UInt64) -> String {
        var value = bytes
        var rest: UInt64 = 0
        var unit = 0
        while value >= 1024, unit < 6 {
            rest = value % 1024
            value /= 1024
            unit += 1
        }
        let name = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][unit]
        return unit > 0 && value < 10 ? "\(value).\(rest * 10 / 1024) \(name)" : "\(value) \(name)"
    }
}

/// Fields of comma-separated values.
enum CSV {
    /// In quotation marks, and harmless for a spreadsheet: what it would take for a formula gets an apostrophe in front.
    ///
    /// Spec: RFC 4180 §2.
    static func quoted(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@".utf8.contains($0) } ?? false
        var quoted = isFormula && text != "-" ? "\"'" : "\""
        for character in text.unicodeScalars {
            if character == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }
}
