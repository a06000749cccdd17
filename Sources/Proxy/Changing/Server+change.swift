import Addressing
import Dispatch
import EventLoop

extension Server {
    /// What a change of the configuration did to the listeners; ports resolved.
    public struct ListenerChange: Hashable, Sendable {
        public var added: [Endpoint] = []
        public var removed: [Endpoint] = []
        /// Optional ones that the machine has no address for.
        public var skipped: [Endpoint] = []
    }

    /// Puts another configuration in force, without touching what it does not change: listeners that stay keep their socket and
    /// who waits there, open tunnels go on, those of a listener that is removed too. Workers, the authenticator and the origin
    /// pool stay those of the start.
    ///
    /// New listeners are bound before anything else is done. To be called by one thread at a time.
    ///
    /// - Throws: `StartError.listen`, with everything as it was.
    public func change(to configuration: Configuration) throws(StartError) -> ListenerChange {
        var table = listeners.withLock { $0 }
        let difference = table.compare(with: configuration.listeners)
        let bound = try BoundListeners(difference.new)
        var change = ListenerChange()
        change.skipped = bound.skipped
        let gone = difference.gone.compactMap { table.places[$0].socket }
        change.removed = gone.map(\.endpoint)
        for index in difference.gone { table.remove(at: index) }
        for place in bound.table.places {
            guard table.add(place) else { throw .tooManyListeners }
            change.added.append(place.endpoint)
        }
        listeners.withLock { $0 = table }
        let limiter = changeLimiter(to: configuration.limits)
        let all = table
        onEachWorker { worker, done in
            worker.change(to: configuration, all, limiter)
            done()
        }.notify(queue: .global()) {
            // No worker has it registered any more, and each has taken those who were connected already.
            for socket in gone { socket.close() }
        }
        return change
    }

    private func changeLimiter(to limits: Limits) -> Limiter? {
        limiter.withLock { limiter in
            if let limiter { limiter.change(to: limits) } else { limiter = Limiter(limits) }
            return limiter
        }
    }
}
