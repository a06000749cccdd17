import Testing

extension Connection {
    /// Reads as many bytes as `text` has: they must be those.
    func expect(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
        let bytes = try receive(text.utf8.count)
        #expect(String(decoding: bytes, as: UTF8.self) == text, sourceLocation: location)
    }

    /// Reads to the end: it must be `end`, after exactly `text`.
    func expect(_ text: String, then end: End, _ location: SourceLocation = #_sourceLocation) throws {
        let received = try receiveToEnd()
        #expect(String(decoding: received.bytes, as: UTF8.self) == text, sourceLocation: location)
        #expect(received.end == end, sourceLocation: location)
    }

    /// Reads a message with a `Content-Length`: its head without the `Date`, which is nobody's to foresee, and its body.
    func receiveMessage() throws -> (head: String, body: String) {
        let head = try receiveHead()
        let length = head.firstMatch(of: /Content-Length: (\d+)\r\n/).flatMap { Int($0.1) } ?? 0
        return (head.replacing(/Date: [^\r]*\r\n/, with: ""), String(decoding: try receive(length), as: UTF8.self))
    }
}

extension String {
    /// The status of a response's head.
    var status: Int? { Int(dropFirst(9).prefix(3)) }
}
