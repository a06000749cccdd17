/// An address and a port: one end of a TCP connection.
public struct Endpoint: Hashable, Sendable {
    public let address: IPAddress
    public let port: Port

    public init(_ address: IPAddress, _ port: Port) {
        self.address = address
        self.port = port
    }

    /// Appends `192.0.2.1:80` or `[2001:db8::1]:80`.
    public func append(to text: inout [UInt8]) {
        if address.isV4 {
            address.append(to: &text)
        } else {
            text.append(UInt8(ascii: "["))
            address.append(to: &text)
            text.append(UInt8(ascii: "]"))
        }
        text.append(UInt8(ascii: ":"))
        port.append(to: &text)
    }
}

extension Endpoint: CustomStringConvertible {
    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
