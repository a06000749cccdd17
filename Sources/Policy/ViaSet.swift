/// Some ways for a request to come in.
struct ViaSet: OptionSet, Sendable {
    let rawValue: UInt8

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(_ via: Via) {
        rawValue =
            switch via {
            case .http: 1
            case .connect: 2
            case .socks4: 4
            case .socks4a: 8
            case .socks5: 16
            case .udp: 32
            }
    }
}
