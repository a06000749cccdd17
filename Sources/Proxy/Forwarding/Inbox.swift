/// Bytes read from a connection and not consumed yet. Its storage is kept while requests follow each other, and let go
/// of when the connection rests.
struct Inbox {
    private var bytes: [UInt8] = []
    private var start = 0

    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    var count: Int { bytes.count - start }
    var isEmpty: Bool { start == bytes.count }
    /// Bytes of storage.
    var capacity: Int { bytes.capacity }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        // What is left of earlier bytes is less than a head: moving it costs little, and keeping what was consumed before
        // it would add up for a client whose requests never end where its segments do.
        if start > 0 {
            bytes.removeSubrange(..<start)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// What is there, oldest first.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start...])) }
    }

    /// As `withBytes`, for callers that read untyped memory.
    func withRawBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withBytes { body(UnsafeRawBufferPointer($0)) }
    }

    /// Consumes `count` bytes from the front.
    mutating func drop(_ count: Int) {
        start += count
        guard isEmpty else { return }
        bytes.removeAll(keepingCapacity: true)
        start = 0
    }

    /// What is there, in storage of its own.
    var contents: [UInt8] { Array(bytes[start...]) }

    /// Gives storage back that a small request doesn't need.
    mutating func rest() {
        if isEmpty && capacity > Self.keptCapacity { bytes = [] }
    }

    // MARK: - Private

    private static let keptCapacity = 4096
}
