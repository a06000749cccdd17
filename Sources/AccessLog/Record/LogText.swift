/// The way back from a text of the log to the bytes that were sent.
public enum LogText {
    /// The bytes that a value stands for, after JSON's own escapes are undone.
    ///
    /// A code point from U+EF80 to U+EFFF is the byte in its low eight bits, all else is UTF-8.
    public static func bytes(of value: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.utf8.count)
        for scalar in value.unicodeScalars {
            if UTF8Character.standsForByte(scalar.value) {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
        return bytes
    }
}
