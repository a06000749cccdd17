extension LogReport {
    /// A page of its own, with tables and plots, that loads nothing from anywhere.
    ///
    /// - Parameter title: shown above; any text.
    public func page(title: String, top: Int) -> String {
        let rows = self.top(top)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(HTML.text(title))</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #222 }
            table { border-collapse: collapse; width: 100% } td, th { padding: .2em .6em; text-align: right }
            td:first-child, th:first-child { text-align: left; overflow-wrap: anywhere } tr:nth-child(even) { background: #f4f4f4 }
            svg { width: 100%; height: auto } .ok { fill: #4a90c2 } .denied { fill: #d9822b } .failed { fill: #c23b3b }
            text { font: 11px system-ui, sans-serif; fill: #555 }
            </style>
            </head>
            <body>
            <h1>\(HTML.text(title))</h1>
            <p>\(totals.requests) requests, \(totals.denied) denied, \(totals.failed) failed,
            \(ByteCount.text(totals.up)) up, \(ByteCount.text(totals.down)) down.</p>
            <h2>By the hour (UTC)</h2>
            \(BarPlot.vertical(byHour))
            <h2>By \(grouping.rawValue)</h2>
            \(BarPlot.horizontal(Array(rows.prefix(20))))
            \(Self.table(grouping.rawValue, rows, others))
            <h2>By outcome</h2>
            \(Self.table("outcome", byOutcome, ReportCounts()))
            </body>
            </html>

            """
    }

    // MARK: - Private

    private static func table(_ name: String, _ rows: [Row], _ others: ReportCounts) -> String {
        let heads = [name, "requests", "denied", "failed", "up", "down", "mean ms"]
        var text = "<table><tr>" + heads.map { "<th>\($0)</th>" }.joined() + "</tr>\n"
        let rest = others.requests > 0 ? [Row(key: "(others)", counts: others)] : []
        for row in rows + rest {
            let cells = [HTML.text(row.key)] + readable(row.counts)
            text += "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>\n"
        }
        return text + "</table>"
    }
}

/// Texts in a page.
enum HTML {
    /// With nothing in it that is markup.
    static func text(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

/// Plots of requests: what was served, denied and failed one upon another.
enum BarPlot {
    private static let width = 960

    /// A bar for each row, side by side; many hours are put together so that no more than 240 bars are drawn.
    static func vertical(_ rows: [LogReport.Row]) -> String {
        guard !rows.isEmpty else { return "" }
        let perBar = (rows.count + 239) / 240
        let bars = stride(from: 0, to: rows.count, by: perBar).map { start in
            let part = rows[start..<min(start + perBar, rows.count)]
            return (key: part[start].key, counts: part.reduce(into: ReportCounts()) { $0.add($1.counts) })
        }
        let most = bars.map(\.counts.requests).max() ?? 1
        let height = 160
        var text = "<svg viewBox=\"0 0 \(width) \(height + 30)\">\n"
        for (index, bar) in bars.enumerated() {
            let left = index * width / bars.count
            let right = max(left + 1, (index + 1) * width / bars.count - 1)
            var top = height
            for (name, value) in parts(bar.counts) where value > 0 {
                let size = max(1, Int(value * UInt64(height - 10) / most))
                top -= size
                text +=
                    "<rect class=\"\(name)\" x=\"\(left)\" y=\"\(top)\" width=\"\(right - left)\" height=\"\(size)\">"
                text += "<title>\(HTML.text(bar.key)): \(value) \(name)</title></rect>\n"
            }
        }
        let first = HTML.text(rows[0].key)
        let last = HTML.text(rows[rows.count - 1].key)
        text += "<text x=\"0\" y=\"\(height + 15)\">\(first)</text>"
        text += "<text x=\"\(width)\" y=\"\(height + 15)\" text-anchor=\"end\">\(last)</text>"
        return text + "<text x=\"0\" y=\"10\">\(most)</text>\n</svg>"
    }

    /// A bar for each row, one below another.
    static func horizontal(_ rows: [LogReport.Row]) -> String {
        guard !rows.isEmpty else { return "" }
        let most = rows.map(\.counts.requests).max() ?? 1
        let labels = 300
        var text = "<svg viewBox=\"0 0 \(width) \(rows.count * 20)\">\n"
        for (index, row) in rows.enumerated() {
            let label = row.key.count > 44 ? row.key.prefix(43) + "…" : row.key[...]
            text += "<text x=\"0\" y=\"\(index * 20 + 14)\">\(HTML.text(String(label)))</text>\n"
            var left = labels
            for (name, value) in parts(row.counts) where value > 0 {
                let size = max(1, Int(value * UInt64(width - labels - 80) / most))
                text += "<rect class=\"\(name)\" x=\"\(left)\" y=\"\(index * 20 + 3)\" width=\"\(size)\" height=\"14\">"
                text += "<title>\(value) \(name)</title></rect>\n"
                left += size
            }
            text += "<text x=\"\(left + 5)\" y=\"\(index * 20 + 14)\">\(row.counts.requests)</text>\n"
        }
        return text + "</svg>"
    }

    private static func parts(_ counts: ReportCounts) -> [(name: String, value: UInt64)] {
        let served = counts.requests - counts.denied - counts.failed
        return [("ok", served), ("denied", counts.denied), ("failed", counts.failed)]
    }
}
