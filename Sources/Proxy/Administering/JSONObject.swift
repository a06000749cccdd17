/// A JSON object that is put together member by member, without a byte that markup is made of. Spec: RFC 8259.
struct JSONObject {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func add(_ name: String, _ text: String) {
        begin(name)
        append(quoted: text)
    }

    mutating func add(_ name: String, _ number: Double) {
        begin(name)
        bytes += Array(MetricText.number(number).utf8)
    }

    /// Another object, which has ended.
    mutating func add(_ name: String, _ object: JSONObject) {
        begin(name)
        bytes += object.bytes
    }

    mutating func end() {
        bytes.append(UInt8(ascii: "}"))
    }

    // MARK: - Private

    private mutating func begin(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        append(quoted: name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7f, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
                let digits = String(byte, radix: 16)
                bytes += Array(("\\u00" + (digits.count == 1 ? "0" : "") + digits).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
