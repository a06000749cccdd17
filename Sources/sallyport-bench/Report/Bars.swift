/// The report as a picture: for each load a group of bars, the shorter the better.
struct Bars {
    private let report: Report

    private static let width = 760
    private static let barHeight = 16
    private static let lineHeight = 22
    private static let labelWidth = 190
    private static let valueWidth = 110

    init(_ report: Report) {
        self.report = report
    }

    /// An SVG document that stands for itself, in light and dark surroundings.
    var svg: String {
        var y = 30
        var body = ""
        for section in report.sections { body += group(section, &y) }
        body += text(0, y + 10, "note", footnote)
        let height = y + 24
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(height)" \
            viewBox="0 0 \(Self.width) \(height)" font-family="system-ui, sans-serif" font-size="13">
            <style>
            text { fill: #24292f } .title { font-weight: 600 } .note { font-size: 11px; fill: #6e7781 }
            .own { fill: #1a7f64 } .peer { fill: #afb8c1 }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 } .note { fill: #8d96a0 } .own { fill: #3fb68b } .peer { fill: #57606a } }
            </style>
            \(body)</svg>

            """
    }

    // MARK: - Private

    private func group(_ section: Section, _ y: inout Int) -> String {
        let isMemory = section.units.isMemorySmall
        let bars = section.rows.compactMap { row in
            (isMemory ? row.memory : row.cost).map { (row: row, value: $0) }
        }.filter { $0.row.failure == nil && $0.value > 0 }
        guard let largest = bars.map(\.value).max() else { return "" }
        let what = isMemory ? "memory of each tunnel" : "CPU \(section.units.cost ?? "")"
        var body = text(0, y, "title", "\(section.title): \(what)")
        y += 10
        for (row, value) in bars {
            let room = Double(Self.width - Self.labelWidth - Self.valueWidth)
            let length = max(1, room * value / largest)
            let isOwn = row.contender == Contender.sallyport.name
            let shown = isMemory ? Figure.memory(value, isSmall: true) : Figure.text(value)
            body += text(0, y + Self.barHeight - 3, "label", "\(row.contender) \(row.variant)")
            body += "<rect class=\"\(isOwn ? "own" : "peer")\" x=\"\(Self.labelWidth)\" y=\"\(y)\" "
            body += "width=\"\(Figure.fixed(length, digits: 1))\" height=\"\(Self.barHeight)\" rx=\"2\"/>\n"
            body += text(Self.labelWidth + Int(length) + 8, y + Self.barHeight - 3, "value", shown)
            y += Self.lineHeight
        }
        y += 26
        return body
    }

    private var footnote: String {
        let machine = report.machine
        let versions = report.versions.map { "\($0.contender) \(Self.number(in: $0.version))" }
        return "\(machine.command) · \(machine.cores) cores, Linux \(machine.kernel) · "
            + versions.joined(separator: ", ")
    }

    /// The first word of a version line that looks like a number.
    private static func number(in version: String) -> String {
        let words = version.split { $0 == " " || $0 == "/" }
        return words.first { $0.contains(".") && ($0.first?.isNumber == true || $0.first == "v") }.map(String.init)
            ?? ""
    }

    private func text(_ x: Int, _ y: Int, _ style: String, _ content: String) -> String {
        "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\">\(Self.escaped(content))</text>\n"
    }

    private static func escaped(_ content: String) -> String {
        content.reduce(into: "") { text, character in
            switch character {
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "&": text += "&amp;"
            default: text.append(character)
            }
        }
    }
}
