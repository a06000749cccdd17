import Glibc

extension MachineFacts {
    static func read(_ options: Options) -> MachineFacts {
        let release = TextFile.read("/proc/sys/kernel/osrelease") ?? "?"
        let processors = (TextFile.read("/proc/cpuinfo") ?? "").split(separator: "\n")
        let model = processors.first { $0.hasPrefix("model name") }?.split(separator: ":").last ?? "?"
        let control = TextFile.read("/proc/sys/net/ipv4/tcp_congestion_control") ?? "?"
        let load = (TextFile.read("/proc/loadavg") ?? "?").split(separator: " ").prefix(3).joined(separator: " ")
        return MachineFacts(
            cores: Cores.machine.numbers.count, kernel: String(release.prefix { !$0.isNewline }),
            processor: String(model.drop { $0 == " " }),
            congestionControl: String(control.prefix { !$0.isNewline }), command: options.command,
            rounds: options.rounds,
            seconds: options.seconds, loadAverage: load)
    }
}
