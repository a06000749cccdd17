/// What stands above the tables: the machine, the versions, who is missing.
struct Heading {
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    var text: String {
        let machine = report.machine
        var lines = [
            "\(machine.command)",
            "\(machine.cores) \(machine.cores == 1 ? "core" : "cores"), \(machine.processor), Linux \(machine.kernel),"
                + " TCP \(machine.congestionControl),"
                + " load average \(machine.loadAverage)",
            "medians of \(machine.rounds) rounds of \(Figure.text(machine.seconds)) s; CPU is the contender's own for each,"
                + " load's that of clients and origins, ratio compares CPU with Sallyport's",
        ]
        if machine.cores < 2 { lines.append("only one core: load and contenders disturb each other") }
        for (contender, version) in report.versions { lines.append("  \(contender.padded(to: 16))\(version)") }
        for name in report.absent { lines.append("  \(name.padded(to: 16))skipped: not installed") }
        return lines.joined(separator: "\n")
    }
}
