import Foundation

/// The keys of a record that plain HTTP requests have.
struct ForwardedLine: Decodable {
    let id: String
    let conn: String
    let type: String
    let proto: String?
    let method: String?
    let scheme: String?
    let host: String?
    let port: Int?
    let path: String?
    let ua: String?
    let referer: String?
    let verdict: String?
    let reason: String?
    let dialled: String?
    let local: String?
    let status: Int?
    let originStatus: Int?
    let up: Int?
    let down: Int?
    let upHead: Int?
    let downHead: Int?
    let outcome: String
    let endedBy: String
    let stage: String
    let errno: String?

    /// How it ended, in one line for tables.
    var ending: String {
        "\(outcome) \(endedBy) \(stage)" + (errno.map { " \($0)" } ?? "")
    }

    /// The request's place on its connection.
    var ordinal: Int? { Int(id.dropFirst(conn.count + 1)) }

    /// All requests in the log, in the file's order.
    static func all(in folder: TestFolder) throws -> [ForwardedLine] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try folder.bytes(of: "access.log").split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard try AnyLine(Array(line)).type == "request" else { return nil }
            return try decoder.decode(ForwardedLine.self, from: Data(line))
        }
    }
}
