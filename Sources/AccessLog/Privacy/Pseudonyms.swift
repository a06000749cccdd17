import Addressing

/// Names that stand for clients and users in a log that is not to tell who they are.
///
/// The same client has the same name as long as the key is the same; without the key nobody can find out whose it is, nor
/// try addresses one by one. Confined to its loop, as it remembers the names it made.
public final class Pseudonyms {
    private let hmac: HMAC
    private var clients: [IPAddress: [UInt8]] = [:]
    private var users: [[UInt8]: [UInt8]] = [:]

    /// More names are not remembered at a time.
    private static let maxRemembered = 10_000

    /// - Parameter key: any bytes, best 32 random ones.
    public init(key: [UInt8]) {
        hmac = HMAC(key: key)
    }

    /// Puts names in the place of the record's client, peer and users. To be called when all of these are set.
    public func apply(to record: inout Record) {
        if let client = record.client {
            record.set(.client, name(of: client.address).span)
            record.client = nil
        }
        record.peer = nil
        for field in [Record.TextField.user, .userClaimed] {
            guard let user = record.bytes(field) else { continue }
            record.set(field, name(of: user).span)
        }
    }

    /// The name of a client, `c-` and 16 hexadecimal digits.
    public func name(of client: IPAddress) -> [UInt8] {
        if let name = clients[client] { return name }
        if clients.count >= Self.maxRemembered { clients = [:] }
        var text: [UInt8] = []
        client.append(to: &text)
        let name = name("client", text, prefix: "c-")
        clients[client] = name
        return name
    }

    /// The name of a user, `u-` and 16 hexadecimal digits.
    public func name(of user: [UInt8]) -> [UInt8] {
        if let name = users[user] { return name }
        if users.count >= Self.maxRemembered { users = [:] }
        let name = name("user", user, prefix: "u-")
        users[user] = name
        return name
    }

    // MARK: - Private

    private func name(_ kind: String, _ text: [UInt8], prefix: String) -> [UInt8] {
        var code = hmac
        let message = Array(kind.utf8) + [0] + text
        code.update(message.span)
        return Array(prefix.utf8) + code.finalize().hex.prefix(16)
    }
}
