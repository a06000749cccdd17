/// The encoding of a label of any characters in letters, digits and hyphens. Spec: RFC 3492.
enum Punycode {
    // Spec: RFC 3492 §5.
    private static let base: UInt32 = 36
    private static let tMin: UInt32 = 1
    private static let tMax: UInt32 = 26
    private static let skew: UInt32 = 38
    private static let damp: UInt32 = 700
    private static let initialBias: UInt32 = 72
    private static let initialN: UInt32 = 128

    /// The encoded label without its `xn--`; nil when it would overflow, as only labels far beyond 63 bytes do.
    ///
    /// Spec: RFC 3492 §6.3.
    static func encode(_ scalars: [Unicode.Scalar]) -> [UInt8]? {
        var output = scalars.filter(\.isASCII).map { UInt8($0.value) }
        let basicCount = UInt32(output.count)
        if basicCount > 0 { output.append(UInt8(ascii: "-")) }
        var n = initialN
        var delta: UInt32 = 0
        var bias = initialBias
        var handled = basicCount
        while handled < scalars.count {
            guard let next = scalars.lazy.map(\.value).filter({ $0 >= n }).min() else { return nil }
            let (step, overflows) = (next - n).multipliedReportingOverflow(by: handled + 1)
            guard !overflows, let sum = adding(delta, step) else { return nil }
            delta = sum
            n = next
            for scalar in scalars {
                if scalar.value < n {
                    guard let sum = adding(delta, 1) else { return nil }
                    delta = sum
                } else if scalar.value == n {
                    append(delta, bias, to: &output)
                    bias = adapt(delta, count: handled + 1, isFirst: handled == basicCount)
                    delta = 0
                    handled += 1
                }
            }
            guard let sum = adding(delta, 1) else { return nil }
            delta = sum
            n += 1
        }
        return output
    }

    // MARK: - Private

    private static func adding(_ left: UInt32, _ right: UInt32) -> UInt32? {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? nil : sum
    }

    /// A generalized variable-length integer. Spec: RFC 3492 §3.3.
    private static func append(_ delta: UInt32, _ bias: UInt32, to output: inout [UInt8]) {
        var q = delta
        var k = base
        while true {
            let threshold = k <= bias + tMin ? tMin : min(k - bias, tMax)
            guard q >= threshold else { break }
            output.append(digit(threshold + (q - threshold) % (base - threshold)))
            q = (q - threshold) / (base - threshold)
            k += base
        }
        output.append(digit(q))
    }

    /// Spec: RFC 3492 §6.1.
    private static func adapt(_ delta: UInt32, count: UInt32, isFirst: Bool) -> UInt32 {
        var delta = delta / (isFirst ? damp : 2)
        delta += delta / count
        var k: UInt32 = 0
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + skew)
    }

    private static func digit(_ value: UInt32) -> UInt8 {
        value < 26 ? UInt8(ascii: "a") + UInt8(value) : UInt8(ascii: "0") + UInt8(value - 26)
    }
}
