/// A TCP or UDP port. Zero is a value (a listener asks for "any free one" with it) but never a destination.
public struct Port: RawRepresentable, Hashable, Sendable, Comparable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public init(_ value: UInt16) {
        rawValue = value
    }

    /// One to five digits without sign or leading zero, 0–65535; nil for all else.
    public init?(parsing bytes: Span<UInt8>) {
        guard bytes.count >= 1, bytes.count <= 5, bytes.count == 1 || bytes[0] != UInt8(ascii: "0") else { return nil }
        var value: UInt32 = 0
        for index in bytes.indices {
            guard bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + UInt32(bytes[index] - UInt8(ascii: "0"))
        }
        guard let port = UInt16(exactly: value) else { return nil }
        rawValue = port
    }

    /// Appends the decimal form.
    public func append(to text: inout [UInt8]) {
        IPAddress.appendDecimal(UInt64(rawValue), to: &text)
    }

    public static func < (left: Port, right: Port) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension Port: CustomStringConvertible {
    public var description: String { String(rawValue) }
}
