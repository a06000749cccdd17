/// Metrics in the text format 0.0.4 of Prometheus.
///
/// Spec: https://prometheus.io/docs/instrumenting/exposition_formats/
enum MetricText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func text(_ metrics: [Metric]) -> String {
        var text = ""
        for metric in metrics { append(metric, to: &text) }
        return text
    }

    /// A whole number without a point, another in the shortest form that reads back the same.
    static func number(_ value: Double) -> String {
        value.isFinite && value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }

    // MARK: - Private

    private static func append(_ metric: Metric, to text: inout String) {
        let name = Metric.prefix + metric.name
        text += "# HELP \(name) \(escaped(metric.help, quotes: false))\n# TYPE \(name) \(metric.kind.rawValue)\n"
        for sample in metric.samples { text += "\(name)\(labels(sample.labels)) \(number(sample.value))\n" }
        for distribution in metric.distributions { append(distribution, name, to: &text) }
    }

    /// Buckets are cumulative: each counts all that is not longer than its bound.
    private static func append(_ distribution: Metric.Distribution, _ name: String, to text: inout String) {
        var count: UInt64 = 0
        for (place, value) in distribution.counts.enumerated() {
            count += value
            let isLast = place == distribution.counts.count - 1
            let bound = isLast ? "+Inf" : number(Double(Histogram.bound(place)) / 1e6)
            text += "\(name)_bucket\(labels(distribution.labels + [("le", bound)])) \(count)\n"
        }
        text += "\(name)_sum\(labels(distribution.labels)) \(number(distribution.sum))\n"
        text += "\(name)_count\(labels(distribution.labels)) \(count)\n"
    }

    private static func labels(_ labels: [(name: StaticString, value: String)]) -> String {
        if labels.isEmpty { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
