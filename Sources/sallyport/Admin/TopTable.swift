import Glibc

/// A table of requests under way.
enum TopTable {
    private static let titles = ["ID", "CLIENT", "USER", "HOST", "RULE", "STAGE", "BYTES", "RATE", "AGE"]
    /// Columns of numbers, which stand at the right.
    private static let numbers = 6..<9
    private static let widest = 48

    /// - Parameter screen: the lines and columns there are; nil shows all.
    static func text(_ rows: [LiveRow], at screen: (lines: Int, columns: Int)?) -> String {
        let total = rows.reduce(0) { $0 + ($1.rate ?? 0) }
        var text = "\(rows.count) under way, \(size(total))/s\n"
        let shown = rows.prefix(screen.map { max(0, $0.lines - 3) } ?? rows.count)
        let cells = [titles] + shown.map(Self.cells)
        let widths = titles.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        for row in cells {
            var line = ""
            for (column, cell) in row.enumerated() {
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                line += (column == 0 ? "" : "  ") + (numbers.contains(column) ? blanks + cell : cell + blanks)
            }
            text += String(line.prefix(screen?.columns ?? line.count)) + "\n"
        }
        return text
    }

    /// Of the terminal.
    static func screen() -> (lines: Int, columns: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    // MARK: - Private

    private static func cells(_ row: LiveRow) -> [String] {
        [
            row.id, row.client, row.user, row.host, row.rule, row.stage, size(Double(row.bytes)),
            row.rate.map { size($0) + "/s" } ?? "-", time(row.age),
        ].map { String(Printable.text($0).prefix(widest)) }
    }

    /// Three digits and a unit: `999B`, `1.5KB`, `12.3MB`.
    static func size(_ bytes: Double) -> String {
        var (value, unit) = (bytes, 0)
        let units = ["B", "KB", "MB", "GB", "TB", "PB"]
        while value >= 999.5 && unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        if unit == 0 || value >= 99.95 { return "\(Int(value.rounded()))\(units[unit])" }
        return "\((value * 10).rounded() / 10)\(units[unit])"
    }

    /// `12s`, `3m05s`, `2h07m`, `4d03h`.
    static func time(_ seconds: Double) -> String {
        let whole = Int(seconds)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        switch whole {
        case ..<60: return "\(whole)s"
        case ..<3600: return "\(whole / 60)m\(two(whole % 60))s"
        case ..<86_400: return "\(whole / 3600)h\(two(whole / 60 % 60))m"
        default: return "\(whole / 86_400)d\(two(whole / 3600 % 24))h"
        }
    }
}
