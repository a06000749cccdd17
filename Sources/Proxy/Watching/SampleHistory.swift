/// What was sampled: the last minutes finely, and a day minute by minute. Its size is fixed.
struct SampleHistory {
    /// Samples of one fineness, the oldest first.
    struct Row {
        let most: Int
        private var samples: [Sample] = []
        private var next = 0

        init(most: Int) {
            self.most = most
        }

        var count: Int { samples.count }

        mutating func add(_ sample: Sample) {
            if samples.count < most {
                samples.append(sample)
            } else {
                samples[next] = sample
                next = (next + 1) % most
            }
        }

        var all: [Sample] { Array(samples[next...] + samples[..<next]) }
    }

    /// Ten minutes while somebody watches, whose samples come every two seconds; more while nobody does.
    private(set) var fine = Row(most: 300)
    private(set) var minutes = Row(most: 1440)
    private var last: (time: Double, totals: Totals)
    private var lastMinute: (time: Double, totals: Totals)

    /// - Parameter time: seconds since the epoch.
    init(_ totals: Totals, at time: Double) {
        last = (time, totals)
        lastMinute = last
    }

    /// Takes a sample; nil where no time has passed since the last.
    @discardableResult
    mutating func sample(_ totals: Totals, _ gauges: Gauges, at time: Double) -> Sample? {
        // A clock that was set back begins anew.
        if time < last.time { (last.time, lastMinute.time) = (time, time) }
        guard time - last.time > 0.001 else { return nil }
        let sample = Sample(
            time: time, seconds: time - last.time, grown: totals.since(last.totals), gauges: gauges)
        fine.add(sample)
        last = (time, totals)
        guard time - lastMinute.time >= 59.5 else { return sample }
        minutes.add(
            Sample(
                time: time, seconds: time - lastMinute.time, grown: totals.since(lastMinute.totals), gauges: gauges))
        lastMinute = last
        return sample
    }
}
