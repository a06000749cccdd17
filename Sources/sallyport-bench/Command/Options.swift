/// What a run is to measure.
struct Options: Sendable, Equatable {
    /// Names of the contenders that take part; empty for all.
    var only: [String] = []
    var workloads = Set(Workload.allCases)
    /// Turns of each contender in each load.
    var rounds = 3
    /// Of each turn.
    var seconds = 1.0
    /// Another program of Sallyport's to be measured beside the one built with this.
    var beside: String?
    /// Where to write the figures, and the bars.
    var json: String?
    var svg: String?
    /// Whether the targets are judged, and a missed one is an error.
    var judgesTargets = false
    /// The command line, as the report names it.
    var command = "sallyport-bench"
}

/// What the command line asks for.
enum Invocation: Equatable {
    case run(Options)
    case showConfig(String)
    case help
}
