/// Numbers as people read them.
enum Figure {
    /// With so many digits as matter: three, and no fewer before the point than there are.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let size = abs(value)
        if size >= 100 || value == 0 { return String(Int64(value.rounded())) }
        return fixed(value, digits: size >= 10 ? 1 : size >= 1 ? 2 : 3)
    }

    /// With exactly so many digits after the point.
    static func fixed(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = Int64((abs(value) * scale).rounded())
        let whole = String(scaled / Int64(scale))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + whole }
        let rest = String(scaled % Int64(scale))
        return sign + whole + "." + String(repeating: "0", count: digits - rest.count) + rest
    }

    /// A duration in the unit that suits it.
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<1e-3: "\(text(seconds * 1e6)) µs"
        case ..<1: "\(text(seconds * 1e3)) ms"
        default: "\(text(seconds)) s"
        }
    }

    static func memory(_ bytes: Double, isSmall: Bool) -> String {
        isSmall ? "\(text(bytes / 1024)) KiB" : "\(text(bytes / 1_048_576)) MiB"
    }
}
