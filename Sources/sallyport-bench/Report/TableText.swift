/// A section as a table for the terminal.
struct TableText {
    private let section: Section

    init(_ section: Section) {
        self.section = section
    }

    var text: String {
        let cells = [header] + section.rows.map(cells)
        let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        var lines = ["", section.title]
        for line in cells {
            let padded = line.enumerated().map { column, cell in
                column < 2 ? cell.padded(to: widths[column]) : cell.alignedRight(in: widths[column])
            }
            lines.append("  " + padded.joined(separator: "  ").trimmedRight)
        }
        for row in section.rows {
            if let failure = row.failure { lines.append("  \(row.contender) \(row.variant) FAILED: \(failure)") }
            if row.errors > 0 {
                lines.append("  \(row.contender) \(row.variant): first error: \(row.firstError ?? "?")")
            }
        }
        for (contender, reason) in section.skipped { lines.append("  \(contender) skipped: \(reason)") }
        return lines.joined(separator: "\n")
    }

    // MARK: - Private

    private var header: [String] {
        [
            "", "", section.units.rate ?? "", section.units.cost.map { "CPU \($0)" } ?? "", "load's", "ratio", "p50",
            "p99", "longest", section.units.memory.map { "memory \($0)" } ?? "memory", "errors",
        ]
    }

    private func cells(_ row: Row) -> [String] {
        [
            row.contender, row.variant, row.rate.map(Figure.text) ?? "", row.cost.map(Figure.text) ?? "",
            row.loadCost.map(Figure.text) ?? "",
            section.ratio(of: row).map { Figure.fixed($0, digits: 2) } ?? "",
            row.latency.map(Figure.duration) ?? "", row.percentile99.map(Figure.duration) ?? "",
            row.longest.map(Figure.duration) ?? "",
            row.memory.map { Figure.memory($0, isSmall: section.units.isMemorySmall) } ?? "",
            row.failure != nil ? "failed" : String(row.errors),
        ]
    }
}

extension Section {
    /// A row's cost, or its memory where there is no cost worth comparing, as a multiple of Sallyport's: spoken to in the
    /// same way if Sallyport can be, otherwise in its first way.
    func ratio(of row: Row) -> Double? {
        let own = rows(of: Contender.sallyport.name)
        guard let peer = own.first(where: { $0.variant == row.variant }) ?? own.first else { return nil }
        let figure: (Row) -> Double? = units.isMemorySmall ? { $0.memory } : { $0.cost }
        guard let mine = figure(peer), let theirs = figure(row), mine > 0 else { return nil }
        return theirs / mine
    }
}

extension String {
    fileprivate var trimmedRight: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
