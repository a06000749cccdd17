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
    /// New listeners are bound before anything else is done; only one that takes the port of one that goes, as `0.0.0.0:3128`
    /// that of `127.0.0.1:3128`, has to wait for that to be closed. To be called by one thread at a time.
    ///
    /// - Throws: `StartError.listen`, with everything as it was.
    public func change(to configuration: Configuration) throws(StartError) -> ListenerChange {
        let former = listeners.withLock { $0 }
        var table = former
        let difference = table.compare(with: configuration.listeners)
        let gone = difference.gone.compactMap { table.places[$0].socket }
        let isInTheWay = difference.gone.filter { table.places[$0].stands(inTheWayOf: difference.new) }
        giveWay(isInTheWay, former)
        let bound: BoundListeners
        do throws(StartError) {
            bound = try BoundListeners(difference.new)
        } catch {
            restore(isInTheWay, former)
            throw error
        }
        var change = ListenerChange(removed: gone.map(\.endpoint), skipped: bound.skipped)
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

    // MARK: - Private

    private func changeLimiter(to limits: Limits) -> Limiter? {
        limiter.withLock { limiter in
            if let limiter { limiter.change(to: limits) } else { limiter = Limiter(limits) }
            return limiter
        }
    }

    /// Closes listeners whose ports are needed, and comes back when that is done.
    private func giveWay(_ places: [Int], _ former: ListenerTable) {
        guard !places.isEmpty else { return }
        var table = former
        for index in places { table.remove(at: index) }
        put(table)
        for index in places { former.places[index].socket?.close() }
    }

    /// Makes the listeners that gave way anew: what they gave way for can't be had.
    private func restore(_ places: [Int], _ former: ListenerTable) {
        guard !places.isEmpty else { return }
        var table = former
        for index in places {
            let place = former.places[index]
            // Nobody can have taken the address but in this moment.
            let bound = try? BoundListeners([Configuration.Listener(place.endpoint)])
            table.put(bound?.table.sockets.first, at: index)
        }
        put(table)
    }

    private func put(_ table: ListenerTable) {
        listeners.withLock { $0 = table }
        onEachWorker { worker, done in
            worker.listen(by: table)
            done()
        }.wait()
    }
}

extension ListenerTable.Place {
    /// Whether one of these can't be bound while this one listens: one of the two takes any address of the port.
    fileprivate func stands(inTheWayOf others: [Configuration.Listener]) -> Bool {
        others.contains { other in
            other.endpoint.port == endpoint.port && other.endpoint.address.isV4 == endpoint.address.isV4
                && (other.endpoint.address.isUnspecified || endpoint.address.isUnspecified)
        }
    }
}
