/// What the policy said of a request, as it stands in the line: made once for all requests of which it says the same.
public struct DecisionText: Sendable {
    private let bytes: [UInt8]

    /// - Parameter record: one in which the policy's words are set.
    public init(of record: borrowing Record) {
        bytes = [UInt8](unsafeUninitializedCapacity: record.maxLineBytes) { room, count in
            var line = LineCursor(room)
            record.writeDecision(&line)
            count = line.next - room.baseAddress!
        }
    }

    /// Bytes of the line.
    var count: Int { bytes.count }

    func put(to line: inout LineCursor) {
        bytes.withUnsafeBufferPointer { line.put($0) }
    }
}
