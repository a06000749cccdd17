import Dispatch
import Glibc

/// The command line's entry.
@main
enum SallyportBench {
    static func main() {
        var parser = ArgumentParser(Array(CommandLine.arguments.dropFirst()))
        do throws(BenchError) {
            switch try parser.parse() {
            case .help: print(Help.text)
            case .showConfig(let name): ShownConfiguration(of: name).print()
            case .run(let options): exit(run(options))
            }
        } catch {
            complain("\(error)")
            exit(EX_USAGE)
        }
    }

    // MARK: - Private

    private static func run(_ options: Options) -> CInt {
        // Before there are threads, which would have the core from their maker.
        if let core = Cores.machine.load { Cores.confine(to: core) }
        signal(SIGPIPE, SIG_IGN)
        DescriptorLimit.raise()
        do throws(BenchError) {
            let folder = try Folder.makeTemporary()
            let interruption = Interruption(folder: folder)
            defer {
                interruption.stop()
                Folder.remove(folder)
            }
            return try measure(options, folder)
        } catch {
            complain("\(error)")
            return 1
        }
    }

    private static func measure(_ options: Options, _ folder: String) throws(BenchError) -> CInt {
        let benchmark = try Benchmark(options, folder: folder)
        show(Heading(benchmark.report).text)
        try benchmark.run { section in show(TableText(section).text) }
        let report = benchmark.report
        for (workload, reason) in report.skipped { show("\n\(workload) skipped: \(reason)") }
        if let path = options.json { try TextFile.write(report.json, to: path) }
        if let path = options.svg { try TextFile.write(Bars(report).svg, to: path) }
        guard options.judgesTargets else { return report.sections.isEmpty ? 1 : 0 }
        let verdicts = Target.all.map { ($0, $0.judge(report)) }
        show(TargetTable(verdicts).text)
        return verdicts.contains { $0.1.isMissed } ? 1 : 0
    }

    /// At once, also when the output is a file.
    private static func show(_ text: String) {
        put(text + "\n", to: STDOUT_FILENO)
    }

    private static func complain(_ text: String) {
        put("sallyport-bench: \(text)\n", to: STDERR_FILENO)
    }

    private static func put(_ text: String, to descriptor: CInt) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
                guard count > 0 else { return }
                written += count
            }
        }
    }
}
