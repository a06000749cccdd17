import Addressing

extension DNS {
    /// A domain name as messages carry it, without compression and with ASCII letters in lower case; so names that DNS
    /// holds for equal are equal here. Its labels may be any bytes.
    public struct Name: Hashable, Sendable {
        /// Each label after its length, and a zero: 1–255 bytes.
        let wire: [UInt8]

        /// Most names are shorter, and read without their room having to grow.
        private static let usualBytes = 48

        public init(_ name: HostName) {
            var wire: [UInt8] = []
            wire.reserveCapacity(name.text.utf8.count + 2)
            var lengthAt = 0
            wire.append(0)
            for byte in name.text.utf8 {
                if byte == UInt8(ascii: ".") {
                    lengthAt = wire.count
                    wire.append(0)
                } else {
                    wire.append(byte)
                    // A `HostName`'s labels have at most 63 bytes.
                    wire[lengthAt] += 1
                }
            }
            wire.append(0)
            self.wire = wire
        }

        init(wire: [UInt8]) {
            self.wire = wire
        }

        /// The name as a host; nil for one that no host has, such as the root or `*.example`.
        public var hostName: HostName? {
            var text: [UInt8] = []
            var index = 0
            while index < wire.count, wire[index] > 0 {
                if index > 0 { text.append(UInt8(ascii: ".")) }
                let end = index + 1 + Int(wire[index])
                // A dot within a label would look like two labels.
                if wire[index + 1..<end].contains(UInt8(ascii: ".")) { return nil }
                text.append(contentsOf: wire[index + 1..<end])
                index = end
            }
            return try? HostName(parsing: text.span)
        }

        /// Reads a name at the cursor, which ends up behind it.
        ///
        /// A pointer must lead to before the place where the piece of name that it ends began. So each piece begins
        /// further to the front than the one before: there are no loops, and the work is bounded by the 255 bytes that
        /// a name may have.
        ///
        /// Spec: RFC 1035 §3.1 and §4.1.4.
        static func read(_ bytes: Span<UInt8>, at cursor: inout Cursor) throws(ParseError) -> Name {
            var wire: [UInt8] = []
            wire.reserveCapacity(usualBytes)
            var pieceStart = cursor.index
            // Behind a pointer the name goes on elsewhere, and may run up to the end of the message.
            var place = cursor
            var isElsewhere = false
            while true {
                guard let length = place.uint8(bytes) else { throw .truncated }
                switch length >> 6 {
                case 0:
                    guard let label = place.skip(Int(length)) else { throw .truncated }
                    guard wire.count + label.count + 1 <= (length == 0 ? 255 : 254) else { throw .nameTooLong }
                    wire.append(length)
                    for index in label { wire.append(ByteClass.folded(bytes[index])) }
                case 3:
                    guard let low = place.uint8(bytes) else { throw .truncated }
                    if !isElsewhere { cursor = place }
                    isElsewhere = true
                    let target = Int(length & 0x3f) << 8 | Int(low)
                    guard target < pieceStart, target >= 12 else { throw .forwardPointer }
                    pieceStart = target
                    place = Cursor(target..<bytes.count)
                    continue
                default: throw .unknownLabelType(length)
                }
                guard length > 0 else { break }
            }
            if !isElsewhere { cursor = place }
            return Name(wire: wire)
        }
    }
}
