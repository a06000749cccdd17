import AccessLog
import Addressing
import EventLoop
import Policy

extension Trace {
    /// Fills `record`, which is empty, with what is known of the request: all but its ending, where it came in, what the
    /// policy said, and texts that need a treatment.
    ///
    /// - Parameter http: the trace's own, so that they are fetched once.
    func fill(_ record: inout Record, _ http: HTTPNotes?) {
        record.start = start
        record.client = client
        record.peer = notes?.balancer
        if let identity { fill(identity, &record) }
        fillRequest(&record)
        fillRoute(&record)
        if let tls { fill(tls, &record) }
        if let http { fill(http, &record) }
        record.durations.authenticate = notes?.authentication
        record.durations.negotiate = timings.negotiation.microseconds
        record.durations.resolve = timings.resolution.microseconds
        record.durations.connect = timings.connection.microseconds
        record.durations.firstByte = timings.firstByte.microseconds
    }

    /// Adds how it ended.
    func fill(_ record: inout Record, _ ending: Ending, now: Instant) {
        let total = now.microseconds(since: accepted)
        record.end = start + total
        record.durations.total = total
        record.status = ending.told.status
        record.reply = ending.told.reply
        record.up = ending.up
        record.down = ending.down
        record.clientRoundTrip = ending.client?.roundTrip
        record.originRoundTrip = ending.origin?.roundTrip
        record.clientRetransmits = ending.client?.retransmits
        record.originRetransmits = ending.origin?.retransmits
        record.outcome = ending.outcome
        record.endedBy = ending.endedBy
        record.stage = ending.stage
        record.errorNumber = ending.errno ?? 0
    }

    // MARK: - Private

    private func fill(_ identity: Identity, _ record: inout Record) {
        if let user = identity.user { record.set(.user, user) }
        let claimed = identity.claimed
        if !claimed.isEmpty { record.set(.userClaimed, claimed.span) }
        record.auth = identity.method
        if identity.result != .ok { record.set(.authResult, identity.result.rawValue) }
    }

    private func fillRequest(_ record: inout Record) {
        record.proto = facts.proto
        if !facts.method.isEmpty { record.set(.method, facts.method.span) }
        if let host = facts.host { record.setHost(host) }
        if !facts.rawHost.isEmpty, facts.host != nil || facts.isSOCKS { record.set(.hostRaw, facts.rawHost.span) }
        record.port = facts.port
        if !facts.userAgent.isEmpty { record.set(.userAgent, facts.userAgent.span) }
    }

    private func fill(_ http: HTTPNotes, _ record: inout Record) {
        record.ordinal = http.ordinal
        if !http.scheme.isEmpty { record.set(.scheme, http.scheme) }
        record.originStatus = http.originStatus
        record.upHead = http.upHead
        record.downHead = http.downHead
    }

    private func fill(_ tls: TLSNotes, _ record: inout Record) {
        let (serverName, protocols) = (tls.serverName, tls.applicationProtocols)
        if !serverName.isEmpty { record.set(.serverName, serverName.span) }
        record.serverNameMatches = tls.matches(facts.host)
        if !protocols.isEmpty { record.set(.alpn, protocols.span) }
        if let version = tls.versionText { record.set(.tlsVersion, version) }
        record.hasEncryptedHello = tls.hasEncryptedHello
    }

    private func fillRoute(_ record: inout Record) {
        record.dialled = dialled
        record.local = local
        if case .address = facts.host, verdict?.isAllowed == true { record.set(.resolver, "literal") }
        guard let notes else { return }
        if let datagrams = notes.datagrams {
            record.datagramsUp = datagrams.up
            record.datagramsDown = datagrams.down
            if !datagrams.destinations.isEmpty { record.set(.destinations, datagrams.destinations) }
        }
        if let resolver = notes.resolver { record.set(.resolver, resolver.rawValue) }
        record.resolved = notes.resolved
        record.refused = notes.refused
        for failure in notes.failures {
            record.attempts.append(
                Attempt(
                    address: failure.address, outcome: Refusal.unconnected(failure.error).outcome,
                    errorNumber: failure.error.rawValue, duration: failure.microseconds))
        }
    }
}
