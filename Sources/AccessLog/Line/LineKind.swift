/// What a line of the log is; it opens with its version and this.
enum LineKind: UInt8, Sendable, CaseIterable {
    // The first three are those of `Record.Kind`.
    case request = 0
    case open = 1
    case update = 2
    case event = 3
    case seal = 4

    /// Everything in front of the sequence number.
    var opening: StaticString {
        switch self {
        case .request: "{\"v\":1,\"type\":\"request\",\"seq\":"
        case .open: "{\"v\":1,\"type\":\"open\",\"seq\":"
        case .update: "{\"v\":1,\"type\":\"update\",\"seq\":"
        case .event: "{\"v\":1,\"type\":\"event\",\"seq\":"
        case .seal: "{\"v\":1,\"type\":\"seal\",\"seq\":"
        }
    }

    /// No opening is longer than this.
    static let maxOpeningBytes = 32
}
