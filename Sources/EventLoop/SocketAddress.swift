import Addressing
import Glibc

/// An endpoint as the kernel wants it. An IPv4 address is an AF_INET one, never the mapped shape.
struct SocketAddress {
    /// Room for either family: `sockaddr_in` fits into the larger `sockaddr_in6`.
    private var storage = sockaddr_in6()
    private(set) var length = socklen_t(MemoryLayout<sockaddr_in6>.size)

    init() {}

    init(_ endpoint: Endpoint) {
        let port = endpoint.port.rawValue.bigEndian
        if let v4 = endpoint.address.v4Bits {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port
            address.sin_addr.s_addr = v4.bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in.self) }
        } else {
            storage.sin6_family = sa_family_t(AF_INET6)
            storage.sin6_port = port
            withUnsafeMutableBytes(of: &storage.sin6_addr) { bytes in
                bytes.storeBytes(of: endpoint.address.high.bigEndian, toByteOffset: 0, as: UInt64.self)
                bytes.storeBytes(of: endpoint.address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
        }
    }

    /// The endpoint that stands here; the unspecified one for a family other than IP.
    var endpoint: Endpoint {
        withUnsafeBytes(of: storage) { Endpoint(socketAddress: $0) } ?? Endpoint(.anyV4, Port(0))
    }

    /// Writes the address where the kernel will read it: room for a `sockaddr_in6`.
    ///
    /// - Returns: the address's length.
    func write(to room: UnsafeMutablePointer<sockaddr_in6>) -> socklen_t {
        room.pointee = storage
        return length
    }

    /// Calls the kernel with the address to read.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// Calls the kernel with room to write an address into.
    mutating func withMutablePointer<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
    }
}

extension Endpoint {
    /// The endpoint in a `sockaddr` that the kernel or the C library has written; nil for a family other than IP.
    public init?(socketAddress bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= MemoryLayout<sockaddr_in>.size else { return nil }
        let port = Port(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        switch CInt(bytes.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            self.init(IPAddress(v4: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))), port)
        case AF_INET6 where bytes.count >= MemoryLayout<sockaddr_in6>.size:
            let high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            self.init(IPAddress(high: high, low: low), port)
        default: return nil
        }
    }
}
