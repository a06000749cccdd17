import Addressing
import Synchronization

/// What the policy has denied each client lately, for the client's own eyes. Shared by all workers, written to when
/// something is denied and at no other time. Bounded: so many clients, and so many denials of each.
final class RecentDenials: Sendable {
    /// Who sees a denial: whoever comes from the same address and, where users are known, is the same user.
    struct Viewer: Hashable, Sendable {
        let client: IPAddress
        /// Nil for who has not shown who they are.
        let user: String?
    }

    struct Denial: Sendable {
        /// Microseconds since the epoch.
        let time: Int64
        /// `ads.example.com:443`.
        let destination: String
        /// `http://` or `https://` with the destination, for `/why`.
        let address: String
        /// Nil where addresses were struck out by several rules.
        let rule: String?
        let entry: String?
        let reason: String?
        let id: String?
        /// The request's `id` in the log.
        let request: String
    }

    private struct Shelf {
        let viewer: Viewer
        /// The newest last.
        var denials: [Denial]
    }

    private struct Table {
        var places: [Viewer: Int] = [:]
        var shelves: [Shelf] = []
        /// The shelf that the next new client gets once there are no more: the one given out longest ago.
        var next = 0
    }

    private let table = Mutex(Table())

    static let mostViewers = 1024
    static let mostDenials = 20

    func note(_ denial: Denial, for viewer: Viewer) {
        table.withLock { table in
            if let place = table.places[viewer] {
                if table.shelves[place].denials.count == Self.mostDenials { table.shelves[place].denials.removeFirst() }
                table.shelves[place].denials.append(denial)
                return
            }
            let shelf = Shelf(viewer: viewer, denials: [denial])
            if table.shelves.count < Self.mostViewers {
                table.places[viewer] = table.shelves.count
                table.shelves.append(shelf)
            } else {
                table.places[table.shelves[table.next].viewer] = nil
                table.places[viewer] = table.next
                table.shelves[table.next] = shelf
                table.next = (table.next + 1) % Self.mostViewers
            }
        }
    }

    /// The newest first.
    func latest(for viewer: Viewer) -> [Denial] {
        table.withLock { table in table.places[viewer].map { table.shelves[$0].denials.reversed() } ?? [] }
    }
}

extension RecentDenials.Denial {
    /// What is to be remembered of a request that the policy has denied; nil where it led nowhere.
    init?(_ trace: Trace, at time: Int64, request: String) {
        guard let host = trace.facts.host, let port = trace.facts.port else { return nil }
        self.time = time
        self.request = request
        let authority = Authority(host: host, port: port)
        destination = authority.description
        address = authority.address(isPlain: trace.facts.proto == .http)
        let denial = trace.verdict.flatMap { $0.isAllowed ? nil : $0 }
        rule = denial?.rule
        entry = denial?.entry
        reason = denial?.reason
        id = denial?.id
    }
}

extension Authority {
    /// The authority as an address to be typed: without the port that its scheme has anyway.
    func address(isPlain: Bool) -> String {
        let scheme = isPlain ? "http" : "https"
        let text = description
        let standard = isPlain ? ":80" : ":443"
        return "\(scheme)://\(text.hasSuffix(standard) ? String(text.dropLast(standard.count)) : text)"
    }
}
