import Addressing
import Wire

// What can be asked. Another page is another route; one that lasts answers with a stream.
extension AdminDesk {
    /// - Parameter desk: outlives its routes.
    static func routes(_ server: Server, _ desk: AdminDesk) -> [AdminRoute] {
        [
            AdminRoute(.get, "/metrics", "every counter, for Prometheus") { _ in
                .whole(AdminContent(MetricText.text(server.reading().metrics), contentType: MetricText.contentType))
            },
            AdminRoute(.get, "/status", "the same as JSON, or as text where text/plain is asked for") { request in
                let metrics = server.reading().metrics
                guard !request.accept.hasPrefix("text/plain") else {
                    return .whole(AdminContent(StatusText.text(metrics)))
                }
                return .whole(AdminContent(StatusText.json(metrics), contentType: Self.json))
            },
            AdminRoute(.get, "/connections", "requests and tunnels under way, as JSON; host, user or id names some") {
                [unowned desk] request throws(AdminRefusal) in
                let filter = try filter(request) ?? .all
                let round = LiveRound(server.workers, at: desk) { $0.list(filter, from: $1) }
                return .stream(contentType: Self.json, LiveListing(round))
            },
            AdminRoute(.post, "/kill", "ends those that host, user or id names") {
                [unowned desk] request throws(AdminRefusal) in
                guard let filter = try filter(request) else {
                    throw AdminRefusal(400, "Whom? One of id, user and host is needed.")
                }
                let round = LiveRound(server.workers, at: desk) { $0.end(filter, from: $1) }
                return .stream(contentType: Self.json, LiveEnding(round))
            },
        ] + dashboardRoutes(server, desk)
    }

    static let json = "application/json"

    private static func filter(_ request: AdminRequest) throws(AdminRefusal) -> LiveFilter? {
        let known: Set = ["id", "user", "host"]
        if let unknown = request.values.first(where: { !known.contains($0.name) }) {
            throw AdminRefusal(400, "\"\(unknown.name)\" is not known; id, user and host are.")
        }
        guard request.values.count <= 1 else { throw AdminRefusal(400, "One of id, user and host is allowed.") }
        if let user = try request.value("user") { return .user(user) }
        if let id = try request.value("id") {
            guard let filter = LiveFilter(id: id) else {
                throw AdminRefusal(400, "\"\(id)\" is no id; they are like 1a1fb7ab45c-0-15.1, as in the log.")
            }
            return filter
        }
        guard let name = try request.value("host") else { return nil }
        do throws(HostError) {
            return .host(try Host(name))
        } catch {
            throw AdminRefusal(400, "\"\(name)\" is no host: \(error).")
        }
    }
}
