/// The figures of one load: a row for each contender and way of speaking to it.
struct Section: Sendable {
    /// As in the JSON file and for the targets: `churn`, `down-4`.
    let name: String
    /// What is measured, in words.
    let title: String
    let units: Units
    var rows: [Row] = []
    /// Contenders that were left out, and why.
    var skipped: [(contender: String, reason: String)] = []

    /// Rows of a contender.
    func rows(of contender: String) -> [Row] {
        rows.filter { $0.contender == contender }
    }
}

/// What a section's figures are measured in.
struct Units: Sendable {
    var rate: String?
    /// Of the cost; nil when none is measured.
    var cost: String?
    /// What the memory is of.
    var memory: String?
    /// Kibibytes instead of mebibytes.
    var isMemorySmall = false

    static let tunnels = Units(rate: "tunnels/s", cost: "µs")
    static let roundTrips = Units(rate: "trips/s", cost: "µs")
    static let datagrams = Units(rate: "trips/s", cost: "µs")
    static let bulk = Units(rate: "GB/s", cost: "s/GB")
    static let denials = Units(rate: "denied/s", cost: "µs")
    static let requests = Units(rate: "requests/s", cost: "µs")
    static let idle = Units(cost: "µs/s", memory: "each tunnel", isMemorySmall: true)
    static let start = Units(cost: "ms", memory: "then")
    /// The rate is the company's, the durations those of the round trips beside it.
    static let company = Units(rate: "beside them/s")
    static let parse = Units(cost: "ns")
}

/// A contender's figures in a section.
struct Row: Sendable {
    let contender: String
    /// How it was spoken to, or what else tells its rows apart.
    let variant: String
    var samples: [Sample] = []
    /// Why there are no figures, or why they are not to be trusted.
    var failure: String?

    var rate: Double? { median(\.rate) }
    var cost: Double? { median(\.cost) }
    var loadCost: Double? { median(\.loadCost) }
    var latency: Double? { median(\.median) }
    var percentile99: Double? { median(\.percentile99) }
    /// Of all rounds.
    var longest: Double? { samples.compactMap(\.longest).max() }
    var memory: Double? { median(\.memory) }
    var errors: Int { samples.reduce(0) { $0 + $1.errors } }
    var firstError: String? { samples.lazy.compactMap(\.firstError).first }

    /// The middle one of the rounds' figures.
    private func median(_ figure: KeyPath<Sample, Double?>) -> Double? {
        let figures = samples.compactMap { $0[keyPath: figure] }.sorted()
        guard !figures.isEmpty else { return nil }
        let middle = figures.count / 2
        return figures.count % 2 == 1 ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2
    }
}
