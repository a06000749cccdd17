import Addressing

/// The names of `/etc/hosts`: each line an address and its names. Lines that are no such thing are skipped.
///
/// The names stand one after another in one array, without an object for each: the file may be a block list.
///
/// Spec: hosts(5).
struct HostsTable: Sendable {
    private struct Entry {
        let address: IPAddress
        /// Where the name stands in `names`.
        let start: UInt32
        let length: UInt8
        /// The next entry of the same name; negative at the end.
        var next: Int32
    }

    private var names: [UInt8] = []
    private var entries: [Entry] = []
    /// For each hash the first entry of a name, negative for none; a power of two, half empty at least.
    private var slots: [Int32] = []

    init() {}

    init(parsing text: Span<UInt8>) {
        var scanner = WordScanner(commentMarks: "#")
        while !scanner.isAtEnd(of: text) {
            defer { scanner.endLine(of: text) }
            guard let first = scanner.word(of: text), let address = IPAddress(text.text(first)) else { continue }
            while let word = scanner.word(of: text) {
                if let name = try? HostName(parsing: text.extracting(word)) { add(name, address) }
            }
        }
        names = Array(names)
        entries = Array(entries)
    }

    /// The addresses of `name`, each once, in the order of the file; nil when it isn't there.
    func addresses(of name: HostName) -> [IPAddress]? {
        guard !entries.isEmpty else { return nil }
        var index = slots[slot(for: name)]
        guard index >= 0 else { return nil }
        var addresses: [IPAddress] = []
        while index >= 0 {
            let entry = entries[Int(index)]
            if !addresses.contains(entry.address) { addresses.append(entry.address) }
            index = entry.next
        }
        return addresses
    }

    // MARK: - Private

    /// Addresses that one name may have.
    private static let mostAddresses = 64

    private mutating func add(_ name: HostName, _ address: IPAddress) {
        if 2 * (entries.count + 1) > slots.count { grow() }
        let slot = slot(for: name)
        var entry = Entry(
            address: address, start: UInt32(names.count), length: UInt8(name.text.utf8.count), next: -1)
        guard slots[slot] >= 0 else {
            names.append(contentsOf: name.text.utf8)
            slots[slot] = Int32(entries.count)
            entries.append(entry)
            return
        }
        var last = Int(slots[slot])
        var count = 1
        while entries[last].next >= 0 {
            last = Int(entries[last].next)
            count += 1
        }
        guard count < Self.mostAddresses else { return }
        entry = Entry(address: address, start: entries[last].start, length: entries[last].length, next: -1)
        entries[last].next = Int32(entries.count)
        entries.append(entry)
    }

    private mutating func grow() {
        let former = slots
        slots = Array(repeating: -1, count: max(16, 2 * former.count))
        for index in former where index >= 0 {
            let entry = entries[Int(index)]
            let start = Int(entry.start)
            slots[slot(for: names.span.extracting(start..<start + Int(entry.length)))] = index
        }
    }

    private func slot(for name: HostName) -> Int {
        slot(for: name.text.utf8.span)
    }

    /// Where the first entry of `name` is, or would be.
    private func slot(for name: Span<UInt8>) -> Int {
        // FNV-1a: the file's author is the machine's own administrator, who needs no guarding against.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in name.indices { hash = (hash ^ UInt64(name[index])) &* 0x100_0000_01b3 }
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
        while slots[slot] >= 0, !isName(of: entries[Int(slots[slot])], name) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private func isName(of entry: Entry, _ name: Span<UInt8>) -> Bool {
        guard Int(entry.length) == name.count else { return false }
        for index in name.indices where names[Int(entry.start) + index] != name[index] { return false }
        return true
    }
}
