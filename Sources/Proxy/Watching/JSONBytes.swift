/// JSON that stands anywhere without being taken for something else.
enum JSONBytes {
    /// The same JSON without a byte that markup is made of. They occur in its strings only, where an escape means the same.
    static func harmless(_ json: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(json.count)
        for byte in json {
            switch byte {
            case UInt8(ascii: "<"): bytes += Array(#"\u003c"#.utf8)
            case UInt8(ascii: ">"): bytes += Array(#"\u003e"#.utf8)
            case UInt8(ascii: "&"): bytes += Array(#"\u0026"#.utf8)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    /// The objects with commas between them, in brackets.
    static func array(_ objects: some Sequence<[UInt8]>) -> [UInt8] {
        var bytes = [UInt8(ascii: "[")]
        for object in objects {
            if bytes.count > 1 { bytes += Array(",\n".utf8) }
            bytes += object
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }
}
