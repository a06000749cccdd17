/// Finds keys by their bytes.
struct LogKeyTable: Sendable {
    static let shared = LogKeyTable()

    /// A key's length, its first eight bytes and its last eight: no two keys have them all in common.
    private struct Entry: Sendable {
        var count = 0
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var key: UInt8 = 0
        var kind = LineMembers.Kind.text
    }

    private var entries = [Entry](repeating: Entry(), count: 256)

    private init() {
        for key in LogKey.allCases {
            var name = key.name
            name.withUTF8 { bytes in
                let name = UnsafeRawBufferPointer(bytes)
                let (head, tail) = Self.ends(name)
                var slot = Self.slot(head, name.count)
                while entries[slot].count > 0 { slot = (slot + 1) & 255 }
                entries[slot] = Entry(
                    count: name.count, head: head, tail: tail, key: UInt8(key.rawValue), kind: key.kind)
            }
        }
    }

    /// The raw value of the key; nil for a key that is none of ours, or a value that is not of its kind.
    @inline(__always)
    func place(of name: UnsafeRawBufferPointer, _ kind: LineMembers.Kind) -> Int? {
        let (head, tail) = Self.ends(name)
        var slot = Self.slot(head, name.count)
        while true {
            let entry = entries[slot]
            if entry.count == 0 { return nil }
            if entry.count == name.count, entry.head == head, entry.tail == tail {
                return entry.kind == kind ? Int(entry.key) : nil
            }
            slot = (slot + 1) & 255
        }
    }

    @inline(__always)
    private static func slot(_ head: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: ((head ^ UInt64(count)) &* 0x9e37_79b9_7f4a_7c15) >> 56)
    }

    @inline(__always)
    private static func ends(_ name: UnsafeRawBufferPointer) -> (head: UInt64, tail: UInt64) {
        if name.count >= 8 {
            return (
                name.loadUnaligned(as: UInt64.self),
                name.loadUnaligned(fromByteOffset: name.count - 8, as: UInt64.self)
            )
        }
        var head: UInt64 = 0
        for byte in name { head = head << 8 | UInt64(byte) }
        return (head, 0)
    }
}
