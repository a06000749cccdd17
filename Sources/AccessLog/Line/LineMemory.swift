import Addressing

/// Texts of the last line that the next one is likely to have too.
struct LineMemory: Sendable {
    // The seconds of a line's two times differ while requests take long.
    var start = TimeText()
    var end = TimeText()
    var connection = ConnectionText()
    var listener = EndpointText()
}

/// The text of a connection's name, whose run and worker are kept: all of one loop have them in common.
struct ConnectionText: Sendable {
    private var run: UInt64 = 0
    private var worker: UInt16 = 0
    /// `19a9f1c3a2b-1-`; empty before the first.
    private var text = KeptText()

    mutating func put(_ connection: ConnectionID, to line: inout LineCursor) {
        if text.isEmpty || connection.run != run || connection.worker != worker {
            (run, worker) = (connection.run, connection.worker)
            text.set { $0.put(connection.run, connection.worker) }
        }
        text.put(to: &line)
        line.put(decimal: connection.number)
    }
}

/// The text of an endpoint that many lines have in common.
struct EndpointText: Sendable {
    private var endpoint: Endpoint?
    private var text = KeptText()

    mutating func put(_ endpoint: Endpoint, to line: inout LineCursor) {
        if endpoint != self.endpoint {
            self.endpoint = endpoint
            text.set { $0.put(endpoint) }
        }
        text.put(to: &line)
    }
}

/// A text of up to 64 bytes.
private struct KeptText: Sendable {
    private var bytes = InlineArray<64, UInt8>(repeating: 0)
    private var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func set(_ write: (inout LineCursor) -> Void) {
        var span = bytes.mutableSpan
        count = span.withUnsafeMutableBufferPointer { room in
            var line = LineCursor(room)
            write(&line)
            return line.next - room.baseAddress!
        }
    }

    func put(to line: inout LineCursor) {
        bytes.span.withUnsafeBufferPointer { line.put(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }
}
