/// The metrics for people, and for programs that want JSON.
enum StatusText {
    /// One object; labels become objects in it.
    static func json(_ metrics: [Metric]) -> String {
        var object = JSONObject()
        for metric in metrics { add(metric, to: &object) }
        object.end()
        return String(decoding: object.bytes, as: UTF8.self) + "\n"
    }

    /// One line for each, without what is zero among labelled values.
    static func text(_ metrics: [Metric]) -> String {
        let width = (metrics.map(\.name.count).max() ?? 0) + 2
        var text = ""
        for metric in metrics {
            text += metric.name + String(repeating: " ", count: width - metric.name.count)
            text += values(metric).joined(separator: "  ") + "\n"
        }
        return text
    }

    // MARK: - JSON

    private static func add(_ metric: Metric, to object: inout JSONObject) {
        if metric.name == "info", let sample = metric.samples.first {
            for (name, value) in sample.labels { object.add("\(name)", value) }
        } else if metric.samples.count == 1, let sample = metric.samples.first, sample.labels.isEmpty {
            object.add(metric.name, sample.value)
        } else {
            var values = JSONObject()
            for sample in metric.samples { values.add(sample.labels.map(\.value).joined(separator: " "), sample.value) }
            for distribution in metric.distributions {
                values.add(distribution.labels.map(\.value).joined(separator: " "), json(distribution))
            }
            values.end()
            object.add(metric.name, values)
        }
    }

    private static func json(_ distribution: Metric.Distribution) -> JSONObject {
        var object = JSONObject()
        object.add("count", Double(distribution.counts.reduce(0, +)))
        object.add("sum", distribution.sum)
        var buckets = JSONObject()
        for (place, count) in distribution.counts.enumerated() {
            let isLast = place == distribution.counts.count - 1
            buckets.add(isLast ? "+Inf" : MetricText.number(Double(Histogram.bound(place)) / 1e6), Double(count))
        }
        buckets.end()
        object.add("buckets", buckets)
        object.end()
        return object
    }

    // MARK: - Text

    private static func values(_ metric: Metric) -> [String] {
        if metric.name == "info" { return metric.samples.flatMap { $0.labels.map { "\($0.name) \($0.value)" } } }
        if !metric.distributions.isEmpty {
            let lines = metric.distributions.filter { $0.counts.contains { $0 > 0 } }.map(text)
            return lines.isEmpty ? ["0"] : lines
        }
        if metric.samples.count == 1, metric.samples[0].labels.isEmpty {
            return [shown(metric.samples[0].value)]
        }
        let some = metric.samples.filter { $0.value != 0 }
        if some.isEmpty { return ["0"] }
        return some.map { "\($0.labels.map(\.value).joined(separator: " ")) \(shown($0.value))" }
    }

    /// To three decimals.
    private static func shown(_ value: Double) -> String {
        MetricText.number((value * 1000).rounded() / 1000)
    }

    /// How many there were, and the bounds below which half of them and 99 of 100 stay.
    private static func text(_ distribution: Metric.Distribution) -> String {
        let name = distribution.labels.map(\.value).joined(separator: " ")
        let count = distribution.counts.reduce(0, +)
        func bound(_ share: Double) -> String {
            var left = Double(count) * share
            for (place, value) in distribution.counts.enumerated() {
                left -= Double(value)
                if left <= 0, place < Histogram.bounds {
                    return "\(MetricText.number(Double(Histogram.bound(place)) / 1000))ms"
                }
            }
            return "longer"
        }
        return "\(name) \(count) (half within \(bound(0.5)), 99% within \(bound(0.99)))"
    }
}
