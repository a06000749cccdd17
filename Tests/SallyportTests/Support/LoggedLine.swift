import Foundation
import Testing

/// A line of the log as a JSON reader that is not ours sees it.
struct LoggedLine {
    private let members: [String: Any]

    init(_ line: some Sequence<UInt8>) throws {
        let value = try JSONSerialization.jsonObject(with: Data(line))
        members = try #require(value as? [String: Any])
    }

    var type: String { self["type"] ?? "" }
    var number: Int { self["seq"] ?? 0 }
    var id: String { self["id"] ?? "" }

    subscript<Value>(key: String) -> Value? { members[key] as? Value }

    /// All lines of a log, each of which must be JSON.
    static func all(_ bytes: [UInt8]) throws -> [LoggedLine] {
        try bytes.split(separator: UInt8(ascii: "\n")).map { try LoggedLine($0) }
    }
}

extension [LoggedLine] {
    /// Final records.
    var requests: [LoggedLine] { filter { $0.type == "request" } }

    func events(_ name: String) -> [LoggedLine] {
        filter { $0.type == "event" && $0["event"] == name }
    }
}

extension RunningProgram {
    /// The log, once the program has ended: numbered without a gap, each request once, and intact by the program's own word.
    ///
    /// - Parameter files: names of all its files, the oldest first.
    func wholeLog(
        _ files: [String] = ["access.log"], _ location: SourceLocation = #_sourceLocation
    ) throws -> [LoggedLine] {
        let lines = try LoggedLine.all(files.flatMap { folder.bytes(of: $0) })
        #expect(lines.map(\.number) == Array(1..<lines.count + 1), sourceLocation: location)
        #expect(Set(lines.requests.map(\.id)).count == lines.requests.count, sourceLocation: location)
        let verified = try ChildProcess(["log", "verify"] + files.map { folder[$0] }).finish()
        #expect(verified.code == 0, "\(verified.output)", sourceLocation: location)
        #expect(verified.output.hasPrefix("intact: "), "\(verified.output)", sourceLocation: location)
        return lines
    }

    /// Ends it, which it must do well.
    @discardableResult
    func stop(_ location: SourceLocation = #_sourceLocation) throws -> ChildProcess.Result {
        process.send(SIGTERM)
        let result = try process.finish()
        #expect(result.code == 0, "\(result.complaints)", sourceLocation: location)
        return result
    }

    /// A request by plain HTTP that the policy must deny, on a connection of its own.
    ///
    /// - Returns: the answer.
    @discardableResult
    func ask(_ host: String, _ fields: String = "") throws -> String {
        let client = try connect()
        try client.send("GET http://\(host)/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(fields)\r\n")
        return try client.receiveToEnd()
    }
}
