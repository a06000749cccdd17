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
    /// Perhaps with some that have none at present: most get the next one soon.
    private var idle: [Authority: IdleOrigins] = [:]
    private(set) var count = 0
    /// Origins that are remembered.
    var originCount: Int { idle.count }

    private static let givenAtOnce = 16

    /// The idle connections to one origin, that of the last use last.
    final class IdleOrigins {
        fileprivate var connections: [OriginConnection] = []
    }

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
        guard let origins = idle[authority] else { return nil }
        while let origin = origins.connections.last(where: isPermitted) {
            remove(origin)
            // What the kernel knows but has not told yet must not become the start of the next answer.
            if origin.isQuiet { return origin }
            worker.close(origin.leg)
        }
        return nil
    }

    /// Keeps a connection, which must have nothing to read; one too many is closed.
    func keep(_ connection: OriginConnection) {
        let origins = idleOrigins(connection.authority)
        guard count < limits.most, origins.connections.count < limits.mostPerOrigin else {
            return worker.close(connection.leg)
        }
        worker.loop.hand(connection.leg.registration, to: connection, tag: 0)
        timers.start(connection)
        origins.connections.append(connection)
        connection.idleOrigins = origins
        count += 1
    }

    /// Closes a few connections, those that were used the longest ago of their origins: their descriptors are wanted.
    ///
    /// - Returns: whether there were any.
    func giveWay() -> Bool {
        let oldest = Array(idle.values.lazy.compactMap(\.connections.first).prefix(Self.givenAtOnce))
        for origin in oldest { drop(origin) }
        return !oldest.isEmpty
    }

    /// Closes a connection that is idle.
    func drop(_ origin: OriginConnection) {
        remove(origin)
        worker.close(origin.leg)
    }

    // MARK: - Private

    private func idleOrigins(_ authority: Authority) -> IdleOrigins {
        if let origins = idle[authority] { return origins }
        if idle.count >= 2 * limits.most { idle = idle.filter { !$0.value.connections.isEmpty } }
        let origins = IdleOrigins()
        idle[authority] = origins
        return origins
    }

    private func remove(_ origin: OriginConnection) {
        guard let origins = origin.idleOrigins else { preconditionFailure("taken from a pool that doesn't have it") }
        origin.idleOrigins = nil
        origins.connections.removeAll { $0 === origin }
        worker.loop.stopTimer(of: origin)
        count -= 1
    }
}
