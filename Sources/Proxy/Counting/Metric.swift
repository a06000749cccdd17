/// One thing that is measured, with its values for all labels.
struct Metric: Sendable {
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// The value for one set of labels.
    struct Sample: Sendable {
        let labels: [(name: StaticString, value: String)]
        let value: Double
    }

    /// Durations by class: `counts` holds what is in each class and in the one beyond the last.
    struct Distribution: Sendable {
        let labels: [(name: StaticString, value: String)]
        let counts: [UInt64]
        /// In seconds.
        let sum: Double
    }

    /// Without `sallyport_`, with its unit and, for counters, `_total`.
    let name: String
    let kind: Kind
    /// One sentence.
    let help: String
    var samples: [Sample] = []
    var distributions: [Distribution] = []

    static let prefix = "sallyport_"
}

extension Metric {
    static func counter(_ name: String, _ help: String, _ value: UInt64) -> Metric {
        Metric(name: name, kind: .counter, help: help, samples: [Sample(labels: [], value: Double(value))])
    }

    static func gauge(_ name: String, _ help: String, _ value: Double) -> Metric {
        Metric(name: name, kind: .gauge, help: help, samples: [Sample(labels: [], value: value)])
    }

    /// With a value for each value of one label.
    static func by(
        _ label: StaticString, _ kind: Kind, _ name: String, _ help: String, _ values: [(String, Double)]
    ) -> Metric {
        Metric(
            name: name, kind: kind, help: help,
            samples: values.map { Sample(labels: [(label, $0.0)], value: $0.1) })
    }
}
