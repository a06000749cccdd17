import Foundation

/// What every line of the log has.
struct AnyLine: Decodable {
    let type: String
    let seq: Int

    init(_ line: [UInt8]) throws {
        self = try JSONDecoder().decode(AnyLine.self, from: Data(line))
    }
}

/// A request's line of the log as a JSON reader that is not ours sees it.
struct RecordLine: Decodable {
    struct Attempt: Decodable, Equatable {
        let address: String
        let outcome: String
        let errno: String?
        let ms: Double
    }

    struct Durations: Decodable {
        let negotiate: Double?
        let resolve: Double?
        let connect: Double?
        let firstByte: Double?
        let total: Double?
    }

    let v: Int
    let type: String
    let seq: Int
    let id: String
    let conn: String
    let worker: Int
    let start: String
    let end: String
    let client: String
    let clientPort: Int
    let listener: String
    let peer: String?
    let user: String?
    let userClaimed: String?
    let auth: String?
    let authResult: String?
    let proto: String?
    let method: String?
    let host: String?
    let hostRaw: String?
    let port: Int?
    let ua: String?
    let verdict: String?
    let rule: String?
    let entry: String?
    let reason: String?
    let policy: String
    let resolver: String?
    let resolved: [String]?
    let refused: [String]?
    let dialled: String?
    let attempts: [Attempt]?
    let local: String?
    let status: Int?
    let reply: Int?
    let up: Int?
    let down: Int?
    let datagramsUp: Int?
    let datagramsDown: Int?
    let destinations: String?
    let outcome: String
    let endedBy: String
    let stage: String
    let errno: String?
    let ms: Durations

    init(_ line: some Sequence<UInt8>) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(RecordLine.self, from: Data(line))
    }

    /// How it ended, in one line for tables: outcome, who, where, and the error if there was one.
    var ending: String {
        "\(outcome) \(endedBy) \(stage)" + (errno.map { " \($0)" } ?? "")
    }

    /// What the client was told: HTTP status or SOCKS reply; nil for nothing.
    var told: Int? { status ?? reply }
}
