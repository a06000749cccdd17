import AccessLog
import Addressing
import EventLoop
import Policy

// Each destination is judged as a tunnel's would be, by the rules' `by udp`.
extension Association {
    /// - Parameter data: the datagram's, held if the name has to be looked up first.
    func judge(_ destination: Destination, holding data: Slice<UnsafeBufferPointer<UInt8>>) {
        if OwnName.isMeant(destination.host) { return refuse(destination, .ownName, nil) }
        let request = Policy.Request(
            client: trace.client.address, user: trace.identity?.user, host: destination.host, port: destination.port,
            via: .udp, time: WallClock.microseconds() / 1_000_000)
        switch worker.ruleset.decide(request) {
        case .denied(let verdict): refuse(destination, .denied(verdict, of: destination.host), verdict)
        case .permitted(let permit): take(permit, for: destination)
        case .resolve(let pending):
            guard case .name(let name) = destination.host else {
                preconditionFailure("the policy wants an address looked up")
            }
            if let known = worker.resolver.known(name, at: worker.loop.now) {
                return resolved(destination, pending, known)
            }
            destinations.resolve(destination)
            destinations.hold(Array(data), for: destination)
            let ticket = worker.associations.add(self)
            let mailbox = worker.mailbox
            worker.resolver.resolve(name) { resolution in
                mailbox.post { worker in
                    worker.associations.remove(ticket)?.resolved(destination, pending, resolution)
                }
            }
        }
    }

    // MARK: - Private

    private func resolved(_ destination: Destination, _ pending: PendingJudgement, _ resolution: Resolution) {
        guard case .addresses(let addresses) = resolution.answer else {
            return refuse(destination, .unresolved(resolution.answer), nil, resolution)
        }
        let judgement = ResolvedJudgement(pending, addresses, fullName: resolution.fullName)
        guard case .permitted(let permit) = judgement.outcome else {
            let outcome = judgement.outcome
            return refuse(
                destination, outcome.refusal ?? .addressDenied(nil), outcome.verdict, resolution, judgement.refused)
        }
        take(permit, for: destination)
    }

    private func take(_ permit: Permit, for destination: Destination) {
        // Of several addresses IPv4 first: a datagram that is lost tells nobody.
        let address = permit.addresses.first(where: \.isV4) ?? permit.addresses[0]
        let target = Endpoint(address, permit.port)
        release(destinations.permit(destination, at: target), to: target)
    }

    /// Drops what goes there, and leaves a record of its own.
    private func refuse(
        _ destination: Destination, _ refusal: Refusal, _ verdict: Policy.Verdict?, _ resolution: Resolution? = nil,
        _ struckOut: [IPAddress] = []
    ) {
        destinations.refuse(destination)
        refusedCount += 1
        var refused = worker.nextRequest(
            trace.number, trace.client, trace.listener, Trace.HTTPNotes(ordinal: refusedCount + 1))
        refused.identity = trace.identity
        refused.facts.proto = .udp
        refused.facts.host = destination.host
        refused.facts.port = destination.port
        refused.verdict = verdict
        refused.withNotes { notes in
            notes.resolver = resolution?.source
            if case .addresses(let addresses) = resolution?.answer { notes.resolved = addresses }
            notes.refused = struckOut
        }
        worker.record(refused, Ending(refusal, at: resolution == nil ? .decide : .resolve))
    }
}
