/// All that a run found out.
struct Report: Sendable {
    var machine: MachineFacts
    /// Contenders in order, each with its version.
    var versions: [(contender: String, version: String)] = []
    /// Contenders that aren't installed.
    var absent: [String] = []
    var sections: [Section] = []
    /// Workloads that could not be measured at all, and why.
    var skipped: [(workload: String, reason: String)] = []

    func section(_ name: String) -> Section? {
        sections.first { $0.name == name }
    }
}

/// Where a run took place.
struct MachineFacts: Sendable {
    let cores: Int
    let kernel: String
    let processor: String
    /// How the kernel paces TCP where nobody says otherwise: BBR's timers cost the processor more than the bytes do.
    let congestionControl: String
    /// The command line that made the figures.
    let command: String
    let rounds: Int
    let seconds: Double
    /// Load averages when the run began: other people's work disturbs.
    let loadAverage: String
}
