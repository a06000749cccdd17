import AccessLog
import Addressing
import EventLoop
import Policy

// The way to the origin.
extension Session: ApproachObserver {
    func note(_ fact: (inout Trace) -> Void) {
        fact(&trace)
    }

    func approachFailed(_ refusal: Refusal, at stage: Stage) {
        refuse(refusal, at: stage)
    }

    func approached(_ origin: Leg) {
        guard case .approaching(let approach) = phase else { preconditionFailure("an approach that nobody waits for") }
        let taken = approach.openingTaken
        phase = .ended
        worker.answer.removeAll(keepingCapacity: true)
        negotiation.dialect.appendSuccess(bound: trace.local, to: &worker.answer)
        let failure = sendAnswer()
        let tunnel = Tunnel(client: client, origin: origin, trace.take(), negotiation.dialect.toldOfSuccess, on: worker)
        tunnel.start(with: input, taken: taken, unless: failure)
    }
}

// A connection from the other side.
extension Session: PeerObserver {
    func permitted(_ permit: Permit) {
        do throws(Errno) {
            let listener = try PeerListener(permit, on: worker, observer: self)
            phase = .awaitingPeer(listener)
            trace.local = listener.endpoint
            worker.answer.removeAll(keepingCapacity: true)
            negotiation.dialect.appendSuccess(bound: listener.endpoint, to: &worker.answer)
            if let error = sendAnswer() { return clientLeft(error) }
            try listener.listen()
        } catch {
            refuse(.unconnected(error), at: .dial)
        }
    }

    func peerConnected(_ peer: Leg, from endpoint: Endpoint, after microseconds: Int64) {
        phase = .ended
        trace.timings.connection.set(microseconds)
        trace.dialled(endpoint.address)
        worker.answer.removeAll(keepingCapacity: true)
        negotiation.dialect.appendSuccess(bound: endpoint, to: &worker.answer)
        let failure = sendAnswer()
        Tunnel(client: client, origin: peer, trace.take(), negotiation.dialect.toldOfSuccess, on: worker)
            .start(with: input, unless: failure)
    }

    func peerStayedAway() {
        refuse(.unconnected(.timedOut), at: .dial)
    }
}
