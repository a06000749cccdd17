import Addressing
import Policy

// What the dashboard is made of, and what it asks for.
extension AdminDesk {
    /// - Parameter desk: outlives its routes; it is given the board that they show.
    static func dashboardRoutes(_ server: Server, _ desk: AdminDesk) -> [AdminRoute] {
        let board = Board(server, desk)
        desk.board = board
        return [
            AdminRoute(.get, "/", "the dashboard") { request throws(AdminRefusal) in
                guard request.values.isEmpty else {
                    throw AdminRefusal(400, "The dashboard takes nothing behind a question mark, least of all a token.")
                }
                return .whole(DashboardPage.page)
            },
            AdminRoute(.get, "/dashboard.css", "its looks") { _ in .whole(DashboardPage.styleSheet) },
            AdminRoute(.get, "/dashboard.js", "its script") { _ in .whole(DashboardPage.scriptFile) },
            AdminRoute(.post, "/signout", "forgets this browser") { [unowned desk] request in
                .whole(SignIn.end(request, at: desk))
            },
            AdminRoute(.get, "/events", "samples and ended requests; client, user, host, verdict name some") {
                [unowned board] request throws(AdminRefusal) in
                try request.allow(RecordFilter.names)
                guard let stream = EventStream(board, try RecordFilter(request)) else {
                    throw AdminRefusal(503, "\(Board.mostWatchers) watch already.")
                }
                return .stream(contentType: EventStream.contentType, stream)
            },
            AdminRoute(.get, "/history", "samples; span=minutes for the last ones, span=day for one a minute") {
                [unowned board] request throws(AdminRefusal) in
                try request.allow(["span"])
                return try board.historyAnswer(try request.value("span") ?? "minutes")
            },
            AdminRoute(.get, "/top", "what came most often; by=host, user, blocked or rule; span=hour or day") {
                [unowned board] request throws(AdminRefusal) in
                try request.allow(["by", "span", "most"])
                return try board.topAnswer(request)
            },
            AdminRoute(.get, "/records", "requests that ended lately; client, user, host, verdict name some, id one") {
                [unowned board] request throws(AdminRefusal) in
                try request.allow(RecordFilter.names.union(["id", "most"]))
                return try board.recordsAnswer(request)
            },
            AdminRoute(.get, "/explain", "what the policy says of a record (id), or of a host, client, user, port, by")
            {
                [unowned board] request throws(AdminRefusal) in
                try request.allow(["id", "host", "client", "user", "port", "by"])
                return try board.explainAnswer(request)
            },
            AdminRoute(.get, "/live", "the first 200 requests under way; client, user, host, verdict name some") {
                [unowned desk] request throws(AdminRefusal) in
                try request.allow(RecordFilter.names)
                let filter = LiveFilter.like(try RecordFilter(request))
                let round = LiveRound(server.workers, at: desk) { $0.list(filter, from: $1) }
                return .stream(contentType: Self.json, LiveListing(round, most: 200))
            },
        ]
    }
}

extension AdminRequest {
    fileprivate func allow(_ known: Set<String>) throws(AdminRefusal) {
        guard let unknown = values.first(where: { !known.contains($0.name) }) else { return }
        throw AdminRefusal(
            400, "\"\(unknown.name)\" is not known; \(known.sorted().joined(separator: ", ")) are.")
    }

    /// A number of things from 1.
    fileprivate func most(_ name: String, upTo limit: Int, otherwise usual: Int) throws(AdminRefusal) -> Int {
        guard let text = try value(name) else { return usual }
        guard let number = Int(text), (1...limit).contains(number) else {
            throw AdminRefusal(400, "\(name) is a number from 1 to \(limit).")
        }
        return number
    }
}

// MARK: - Answers

extension Board {
    fileprivate func historyAnswer(_ span: String) throws(AdminRefusal) -> AdminAnswer {
        let row =
            switch span {
            case "minutes": history.fine
            case "day": history.minutes
            default: throw AdminRefusal(400, "\"\(span)\" is no span; minutes and day are.")
            }
        return Self.answer(JSONBytes.array(row.all.map(\.json)))
    }

    fileprivate func topAnswer(_ request: AdminRequest) throws(AdminRefusal) -> AdminAnswer {
        guard let topic = Topic(rawValue: try request.value("by") ?? "host") else {
            throw AdminRefusal(400, "by is one of \(Topic.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard let span = TopNames.Span(rawValue: try request.value("span") ?? "hour") else {
            throw AdminRefusal(400, "span is hour or day.")
        }
        let most = try request.most("most", upTo: TopNames.room, otherwise: 10)
        collect()
        let (rows, total) = top(topic).top(most, of: span, at: Int64(Self.now))
        let objects = rows.map { row in
            var object = JSONObject()
            object.add("name", row.name)
            object.add("count", Double(row.count))
            object.add("error", Double(row.error))
            object.end()
            return object.bytes
        }
        let head = "{\"by\":\"\(topic.rawValue)\",\"span\":\"\(span.rawValue)\",\"total\":\(total),\"rows\":"
        return Self.answer(Array(head.utf8) + JSONBytes.array(objects) + Array("}".utf8))
    }

    fileprivate func recordsAnswer(_ request: AdminRequest) throws(AdminRefusal) -> AdminAnswer {
        if let id = try request.value("id") { return Self.answer(try entry(id).line) }
        let most = try request.most("most", upTo: RecentRecords.most, otherwise: 100)
        let filter = try RecordFilter(request)
        collect()
        let found = recent.newest(most) { filter.matches($0.seen) }
        let head = "{\"came\":\(recent.came),\"kept\":\(recent.count),\"lost\":\(lost),\"records\":"
        return Self.answer(Array(head.utf8) + JSONBytes.array(found.map(\.line)) + Array("}".utf8))
    }

    fileprivate func explainAnswer(_ request: AdminRequest) throws(AdminRefusal) -> AdminAnswer {
        let explainer = Explainer(ruleset: server.policy.withLock { $0.ruleset })
        guard let id = try request.value("id") else {
            let asked = try Explainer.request(request)
            return Self.answer(explainer.explain(asked, resolvedTo: nil, wasAllowed: nil))
        }
        let seen = try entry(id).seen
        guard let asked = seen.request else {
            throw AdminRefusal(404, "\(id) led nowhere that a policy could judge.")
        }
        return Self.answer(explainer.explain(asked, resolvedTo: seen.resolved, wasAllowed: seen.isAllowed))
    }

    // MARK: - Private

    private func entry(_ id: String) throws(AdminRefusal) -> RecentRecords.Entry {
        guard case .id(let connection, let ordinal)? = LiveFilter(id: id) else {
            throw AdminRefusal(400, "\"\(id)\" is no id; they are like 1a1fb7ab45c-0-15.1, as in the log.")
        }
        collect()
        guard let entry = recent.entry(connection, ordinal) else {
            throw AdminRefusal(404, "\(id) is not among the last \(recent.count) requests; the log has it.")
        }
        return entry
    }

    private static func answer(_ json: [UInt8]) -> AdminAnswer {
        .whole(AdminContent(json, contentType: AdminDesk.json))
    }
}
