import AccessLog
import EventLoop

/// A part of a worker's requests, on its way to whoever asked.
struct LiveChunk: Sendable {
    /// One JSON object for each, with commas between them.
    var rows: [UInt8] = []
    var count = 0
    /// Where to go on; nil when that was all.
    var next: Int?
}

extension Worker {
    /// Registrations that are looked at in one turn: some tenths of a millisecond at most.
    private static let visitedAtOnce = 64

    /// A part of the requests that `filter` means. Those that come or go between two parts are in it or not.
    func list(_ filter: LiveFilter, from place: Int) -> LiveChunk {
        visit(filter, from: place) { request, entry, chunk in
            if chunk.count > 0 { chunk.rows += [UInt8(ascii: ","), UInt8(ascii: "\n")] }
            append(entry, to: &chunk.rows)
        }
    }

    /// Ends a part of them.
    func end(_ filter: LiveFilter, from place: Int) -> LiveChunk {
        visit(filter, from: place) { request, _, _ in request.stop(.ended) }
    }

    // MARK: - Private

    private func visit(
        _ filter: LiveFilter, from place: Int, _ body: (any LiveRequest, LiveEntry, inout LiveChunk) -> Void
    ) -> LiveChunk {
        var chunk = LiveChunk()
        chunk.next = loop.visit(from: place, atMost: Self.visitedAtOnce) { handler, registration in
            guard let request = handler as? any LiveRequest, request.clientRegistration == registration,
                let entry = request.live, filter.matches(entry.trace, recorder.connectionID(entry.trace))
            else { return }
            body(request, entry, &chunk)
            chunk.count += 1
        }
        return chunk
    }

    private func append(_ entry: LiveEntry, to rows: inout [UInt8]) {
        let trace = entry.trace
        var object = JSONObject()
        object.add("id", requestID(trace))
        object.add("conn", "\(recorder.connectionID(trace))")
        object.add("worker", Double(recorder.connectionID(trace).worker))
        object.add("client", "\(trace.client.address)")
        object.add("client_port", Double(trace.client.port.rawValue))
        if let user = trace.identity?.user { object.add("user", user) }
        if let proto = trace.facts.proto { object.add("proto", proto.rawValue) }
        if let host = trace.facts.host { object.add("host", host.description) }
        if let port = trace.facts.port { object.add("port", Double(port.rawValue)) }
        if let dialled = trace.dialled { object.add("dialled", "\(dialled)") }
        if let verdict = trace.verdict {
            object.add("verdict", verdict.isAllowed ? "allow" : "deny")
            object.add("rule", verdict.rule)
        }
        object.add("stage", entry.stage.rawValue)
        object.add("up", Double(entry.up))
        object.add("down", Double(entry.down))
        object.add("age", Double(loop.now.microseconds(since: trace.accepted)) / 1e6)
        object.end()
        rows += object.bytes
    }
}
