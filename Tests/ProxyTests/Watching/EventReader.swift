/// Reads server-sent events, of HTTP/1.0, as they come.
final class EventReader {
    private let connection: Connection
    private var rest: [UInt8] = []
    let head: String

    init(_ connection: Connection) throws {
        self.connection = connection
        head = try connection.receiveHead()
    }

    /// The data of the next event of that name; those before it are passed over.
    func events(until name: String) throws -> [UInt8] {
        for _ in 0..<100_000 {
            while let end = rest.firstRange(of: Array("\n\n".utf8)) {
                let event = Array(rest[..<end.lowerBound])
                rest.removeFirst(end.upperBound)
                let begin = Array("event: \(name)\ndata: ".utf8)
                if event.starts(with: begin) { return Array(event.dropFirst(begin.count)) }
            }
            rest += try connection.receive(1)
        }
        throw Connection.Failure(description: "no event \(name)")
    }

    func close() {
        connection.close()
    }
}
