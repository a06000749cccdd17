import Addressing

extension DNS {
    /// A resource record up to its data, and where that is. Spec: RFC 1035 §4.1.3.
    struct RecordHead {
        let name: Name
        /// Nil for a type that is not read.
        let type: RecordType?
        let scope: UInt16
        let rawTTL: UInt32
        let data: Range<Int>

        init(_ message: Span<UInt8>, _ cursor: inout Cursor) throws(ParseError) {
            name = try Name.read(message, at: &cursor)
            guard let type = cursor.uint16(message), let scope = cursor.uint16(message),
                let ttl = cursor.uint32(message), let data = cursor.vector(message, width: 2)
            else { throw .truncated }
            self.type = RecordType(rawValue: type)
            self.scope = scope
            self.data = data
            rawTTL = ttl
        }

        /// Seconds. With the highest bit set it counts as zero. Spec: RFC 2181 §8.
        var ttl: UInt32 { rawTTL >> 31 == 0 ? rawTTL : 0 }

        /// Of an address or alias record; nil for another type.
        func value(_ message: Span<UInt8>) throws(ParseError) -> Response.Value? {
            switch type {
            case .a:
                guard data.count == 4 else { throw .wrongDataLength }
                return .address(IPAddress(v4: UInt32(bigEndian(message, at: data.lowerBound, count: 4))))
            case .aaaa:
                guard data.count == 16 else { throw .wrongDataLength }
                return .address(
                    IPAddress(
                        high: bigEndian(message, at: data.lowerBound), low: bigEndian(message, at: data.lowerBound + 8))
                )
            case .cname:
                var cursor = Cursor(data)
                let target = try Name.read(message, at: &cursor)
                guard cursor.isAtEnd else { throw .wrongDataLength }
                return .alias(target)
            case .soa, .opt, nil: return nil
            }
        }

        /// MNAME, RNAME, SERIAL, REFRESH, RETRY, EXPIRE, MINIMUM. Spec: RFC 1035 §3.3.13.
        func minimumOfSOA(_ message: Span<UInt8>) throws(ParseError) -> UInt32 {
            var cursor = Cursor(data)
            _ = try Name.read(message, at: &cursor)
            _ = try Name.read(message, at: &cursor)
            guard cursor.remaining == 20, cursor.skip(16) != nil, let minimum = cursor.uint32(message) else {
                throw .wrongDataLength
            }
            return minimum
        }
    }
}
