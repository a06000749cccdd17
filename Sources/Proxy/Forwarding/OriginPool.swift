import Addressing
import EventLoop

/// Idle connections to origins, kept by one worker for requests to come.
///
/// Only connections whose last answer was framed cleanly, with nothing left over, come here. Each is watched: when the
/// origin closes it, or says anything unasked, it goes.
final class OriginPool {
    private let worker: Worker
    private let timers: TimerList
    private let limits: Limits
    private var idle: [Authority: [IdleOrigin]] = [:]
    private(set) var count = 0

    private static let givenAtOnce = 16

    /// What one worker keeps.
    struct Limits: Sendable {
        /// How long an idle connection is kept. Below the 60 s after which many origins close it.
        var patience = Duration.seconds(30)
        /// Connections, to one origin and in all.
        var mostPerOrigin = 128
        var most = 512
    }

    init(_ worker: Worker) {
        self.worker = worker
        limits = worker.configuration.originPool
        timers = worker.loop.timers(after: limits.patience)
    }

    /// The connection to `authority` that was used last, of those that `isPermitted` lets the caller use now.
    func take(_ authority: Authority, where isPermitted: (OriginConnection) -> Bool) -> OriginConnection? {
        while let origin = idle[authority]?.last(where: { isPermitted($0.connection) }) {
            remove(origin)
            // What the kernel knows but has not told yet must not become the start of the next answer.
            if origin.connection.isQuiet { return origin.connection }
            worker.close(origin.connection.leg)
        }
        return nil
    }

    /// Keeps a connection, which must have nothing to read; one too many is closed.
    func keep(_ connection: OriginConnection) {
        guard count < limits.most, idle[connection.authority]?.count ?? 0 < limits.mostPerOrigin else {
            return worker.close(connection.leg)
        }
        let origin = IdleOrigin(connection, in: self)
        worker.loop.hand(connection.leg.registration, to: origin, tag: 0)
        timers.start(origin)
        idle[connection.authority, default: []].append(origin)
        count += 1
    }

    /// Closes a few connections, those that were used the longest ago of their origins: their descriptors are wanted.
    ///
    /// - Returns: whether there were any.
    func giveWay() -> Bool {
        let oldest = idle.values.prefix(Self.givenAtOnce).compactMap(\.first)
        for origin in oldest { drop(origin) }
        return !oldest.isEmpty
    }

    fileprivate func drop(_ origin: IdleOrigin) {
        remove(origin)
        worker.close(origin.connection.leg)
    }

    private func remove(_ origin: IdleOrigin) {
        worker.loop.stopTimer(of: origin)
        count -= 1
        let authority = origin.connection.authority
        idle[authority]?.removeAll { $0 === origin }
        if idle[authority]?.isEmpty == true { idle[authority] = nil }
    }
}

/// A connection to an origin that waits for a request.
final class IdleOrigin: EventHandler {
    let connection: OriginConnection
    private unowned let pool: OriginPool

    fileprivate init(_ connection: OriginConnection, in pool: OriginPool) {
        self.connection = connection
        self.pool = pool
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        // Room to write is no news. All else is an end or something nobody asked for, unless it tells of bytes that were
        // read in the same turn, before the event came to its turn.
        if readiness != .writable && !connection.isQuiet { pool.drop(self) }
    }

    override func deadlinePassed() {
        pool.drop(self)
    }

    /// Closes the connection: the worker is shutting down.
    func stop() {
        pool.drop(self)
    }
}
