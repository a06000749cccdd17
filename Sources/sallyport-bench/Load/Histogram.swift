/// How often which duration occurred, in a fixed amount of memory: buckets that are at most 1/32 wide of what they hold.
struct Histogram: Sendable {
    private var counts = [UInt32](repeating: 0, count: (64 - subBits + 1) << subBits)
    private(set) var total: UInt64 = 0

    /// Each power of two is divided into two to this power.
    private static let subBits = 5

    /// - Parameter nanoseconds: negative ones count as zero.
    mutating func add(nanoseconds: Int64) {
        counts[Self.bucket(UInt64(max(0, nanoseconds)))] &+= 1
        total += 1
    }

    mutating func removeAll() {
        for index in counts.indices { counts[index] = 0 }
        total = 0
    }

    /// The duration in seconds that a share (0–1) of all did not exceed; nil when there are none.
    func quantile(_ share: Double) -> Double? {
        guard total > 0 else { return nil }
        let rank = max(1, UInt64((Double(total) * share).rounded(.up)))
        var seen: UInt64 = 0
        for (index, count) in counts.enumerated() {
            seen += UInt64(count)
            if seen >= rank { return Double(Self.middle(of: index)) / 1e9 }
        }
        return nil
    }

    // MARK: - Private

    /// Values below 2^subBits have a bucket each; above, the bucket is the exponent and the next `subBits` bits.
    private static func bucket(_ value: UInt64) -> Int {
        let exponent = UInt64.bitWidth - value.leadingZeroBitCount - 1
        guard exponent >= subBits else { return Int(value) }
        let shift = exponent - subBits
        return (shift + 1) << subBits + Int(value >> UInt64(shift)) - 1 << subBits
    }

    private static func middle(of bucket: Int) -> UInt64 {
        let group = bucket >> subBits
        let rest = UInt64(bucket & (1 << subBits - 1))
        guard group > 0 else { return rest }
        let shift = UInt64(group - 1)
        return (1 << UInt64(subBits) + rest) << shift + (1 << shift) / 2
    }
}
