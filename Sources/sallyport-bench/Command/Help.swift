/// The text of `--help`.
enum Help {
    static var text: String {
        let workloads = Workload.allCases.map { "  \($0.rawValue.padded(to: 12))\($0.summary)" }
        let contenders = Contender.all.map { "  \($0.name.padded(to: 16))\($0.remark)" }
        return """
            Measures Sallyport beside other proxies: processor time for a unit of work, rates, latencies, memory.

            usage: sallyport-bench [OPTION ...]

              --only NAME,...        these contenders (all that are installed)
              --workloads NAME,...   these workloads (all)
              --rounds N             turns of each contender in each load, 1-99 (3); figures are their medians
              --seconds S            length of a turn, 0.1-60 (1)
              --beside FILE          measure this program too, another build of Sallyport
              --json FILE            write the figures of all rounds
              --svg FILE             write bars to look at
              --targets              judge the targets; exit 1 if one is missed
              --show-config NAME     print how a contender is started, and with which files
              --help                 this text

            workloads:
            \(workloads.joined(separator: "\n"))

            contenders:
            \(contenders.joined(separator: "\n"))

            Where there are two cores, contenders have one for themselves, and clients and origins share the other.
            Everything stays on the loopback. SIGINT ends it, and the contenders with it.
            Exit codes: 0 measured, 1 a target missed or nothing measured, 64 wrong command line.
            """
    }
}

extension String {
    /// With spaces behind it up to a width.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// With spaces before it up to a width.
    func alignedRight(in width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
