import Addressing

extension IPPrefix {
    /// As `init(_:)`, from bytes.
    init?(parsing bytes: Span<UInt8>) {
        let slash = bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
        guard let address = IPAddress(parsing: bytes.extracting(0..<slash)) else { return nil }
        guard slash < bytes.count else {
            self.init(address, length: address.isV4 ? 32 : 128)
            return
        }
        let digits = bytes.extracting(slash + 1..<bytes.count)
        guard digits.count <= 3, let length = Port(parsing: digits) else { return nil }
        self.init(address, length: Int(length.rawValue))
    }
}
