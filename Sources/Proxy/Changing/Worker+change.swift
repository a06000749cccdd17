import EventLoop

extension Worker {
    /// Goes by another configuration. What waits already waits as it was told to; a tunnel takes the new time when
    /// something moves in it.
    func change(to new: Configuration, _ table: ListenerTable, _ limiter: Limiter?) {
        var new = new
        new.authenticator = configuration.authenticator
        new.originPool = configuration.originPool
        configuration = new
        setTimers()
        dialSettings = DialSettings(new, health: dialSettings.health, on: loop)
        recorder.change(to: new.privacy)
        longTunnels.change(every: new.tunnelNoteInterval)
        listen(by: table)
        if let limiter, self.limiter == nil { count(for: limiter) }
        self.limiter = limiter
    }

    /// Connections that are open when the first limit comes count from then on.
    private func count(for limiter: Limiter) {
        var known: Set<ObjectIdentifier> = []
        for handler in loop.handlers where known.insert(ObjectIdentifier(handler)).inserted {
            switch handler {
            case let session as Session: session.trace.count(for: limiter)
            case let tunnel as Tunnel: tunnel.trace.count(for: limiter)
            case let association as Association: association.trace.count(for: limiter)
            case let connection as HTTPConnection: connection.count(for: limiter)
            default: break
            }
        }
    }
}

extension Trace {
    fileprivate mutating func count(for limiter: Limiter) {
        let place = limiter.count(client.address)
        let userPlace = identity?.user.map { limiter.count(user: $0) }
        withNotes { notes in
            notes.place = place
            notes.userPlace = userPlace
        }
    }
}
