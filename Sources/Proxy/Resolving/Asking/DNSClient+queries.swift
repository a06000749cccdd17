import EventLoop
import Glibc
import Wire

extension DNSClient {
    static let mostStreams = 128

    /// Sends a query, or lets the look-up know that it can't be sent.
    func carryOut(_ send: LookUp.Send, of pending: PendingLookUp) {
        counters.add(to: send.isStream ? .streamQueries : .datagramQueries)
        do throws(Errno) {
            if send.isStream {
                try openStream(send, of: pending)
            } else {
                let socket = try pending.servers.socket(to: send.server, for: self, using: &random)
                defer { socket.closeIfIdle() }
                try socket.send(query(send, of: pending, id: socket.freshID(using: &random)))
            }
        } catch {
            pending.about(send.query) { $0.attemptFailed($1, at: loop.now, &$2) }
        }
    }

    // MARK: - What comes back

    /// A message that belongs to `query`, which is out no longer.
    func received(_ reading: QueryMessage.Reading, to query: OpenQuery, isStream: Bool) {
        counters.add(to: .responses)
        let now = loop.now
        query.lookUp.about(query.query) { question, attempt, servers in
            switch reading {
            case .response(let response):
                servers[query.server].letters.wereKept()
                question.received(response, by: attempt, at: now, &servers)
            case .caseFolded(let response):
                // Nobody can put words into a stream without having seen it.
                if !servers[query.server].letters.wereFolded() || isStream {
                    question.received(response, by: attempt, at: now, &servers)
                } else {
                    question.needsStream(attempt, at: now, &servers)
                }
            case .truncated: question.needsStream(attempt, at: now, &servers)
            case .optionsRefused:
                servers[query.server].refusesOptions = true
                question.retry(attempt, at: now, &servers)
            case .malformed, .unrelated: question.attemptFailed(attempt, at: now, &servers)
            }
        }
        advance(query.lookUp)
    }

    /// No answer can come to `query`, which is out no longer.
    func failed(_ query: OpenQuery) {
        query.lookUp.about(query.query) { $0.attemptFailed($1, at: loop.now, &$2) }
        advance(query.lookUp)
    }

    // MARK: - Private

    private func openStream(_ send: LookUp.Send, of pending: PendingLookUp) throws(Errno) {
        guard streams < Self.mostStreams else { throw Errno(rawValue: EMFILE) }
        let id = UInt16.random(in: .min ... .max, using: &random)
        let endpoint = pending.servers.ranking[send.server].endpoint
        pending.sent(by: try QueryStream(query(send, of: pending, id: id), to: endpoint, for: self))
        streams += 1
    }

    private func query(_ send: LookUp.Send, of pending: PendingLookUp, id: UInt16) -> OpenQuery {
        let server = pending.servers.ranking[send.server]
        let message = QueryMessage(
            send.name, send.type, id: id, mixesCase: !server.letters.areFolded, hasOptions: !server.refusesOptions,
            using: &random)
        return OpenQuery(lookUp: pending, query: send.query, server: send.server, message: message)
    }
}
