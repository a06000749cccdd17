import Addressing
import EventLoop
import Policy

/// Idle connections to origins, kept by one worker for requests to come.
///
/// Only connections whose last answer was framed cleanly, with nothing left over, come here. Each is watched: when the
/// origin closes it, or says anything unasked, it goes.
final class OriginPool {
    private let loop: EventLoop
    private let timers: Timers
    private let limits: Limits
    /// Perhaps with some that have none at present: most get the next one soon.
    private var idle: [Authority: IdleOrigins] = [:]
    /// Those that were asked for last, and most often are again.
    private var latest: IdleOrigins?
    private(set) var count = 0
    /// Origins that are remembered.
    var originCount: Int { idle.count }

    private static let givenAtOnce = 16

    /// The idle connections to one origin, that of the last use last.
    final class IdleOrigins {
        fileprivate let authority: Authority
        fileprivate var connections: [OriginConnection] = []
        /// Whether the pool still remembers the origin.
        fileprivate var isRemembered = true

        fileprivate init(_ authority: Authority) {
            self.authority = authority
        }
    }

    /// What one worker keeps.
    struct Limits: Sendable {
        /// How long an idle connection is kept. Below the 60 s after which many origins close it.
        var patience = Duration.seconds(30)
        /// Connections, to one origin and in all.
        var mostPerOrigin = 128
        var most = 512
    }

    init(_ limits: Limits, on loop: EventLoop) {
        self.loop = loop
        self.limits = limits
        timers = loop.timers(after: limits.patience)
    }

    /// The connection to `authority` that was used last, of those whose address `decision` permits, and why it does.
    func take(_ authority: Authority, by decision: Decision) -> (OriginConnection, Policy.Verdict)? {
        guard let origins = remembered(authority) else { return nil }
        var index = origins.connections.count - 1
        while index >= 0 {
            if let verdict = decision.verdict(permitting: origins.connections[index]) {
                let origin = remove(index, of: origins)
                // What the kernel knows but has not told yet must not become the start of the next answer.
                if origin.isQuiet { return (origin, verdict) }
                loop.close(origin.leg)
            }
            index -= 1
        }
        return nil
    }

    /// Keeps a connection, which must have nothing to read; one too many is closed.
    func keep(_ connection: OriginConnection) {
        let origins = origins(of: connection)
        guard count < limits.most, origins.connections.count < limits.mostPerOrigin else {
            return loop.close(connection.leg)
        }
        loop.hand(connection.leg.registration, to: connection, tag: 0)
        timers.start(connection)
        origins.connections.append(connection)
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
        guard let origins = origin.siblings, let index = origins.connections.firstIndex(where: { $0 === origin }) else {
            preconditionFailure("dropped from a pool that doesn't have it")
        }
        loop.close(remove(index, of: origins).leg)
    }

    // MARK: - Private

    private func remembered(_ authority: Authority) -> IdleOrigins? {
        if let latest, latest.isRemembered, latest.authority == authority { return latest }
        guard let origins = idle[authority] else { return nil }
        latest = origins
        return origins
    }

    /// Where a connection belongs; it knows from the last time, unless its origin was forgotten meanwhile.
    private func origins(of connection: OriginConnection) -> IdleOrigins {
        if let origins = connection.siblings, origins.isRemembered { return origins }
        let origins = remembered(connection.authority) ?? remember(connection.authority)
        connection.siblings = origins
        return origins
    }

    private func remember(_ authority: Authority) -> IdleOrigins {
        if idle.count >= 2 * limits.most { forgetEmpty() }
        let origins = IdleOrigins(authority)
        idle[authority] = origins
        return origins
    }

    private func forgetEmpty() {
        for origins in idle.values where origins.connections.isEmpty {
            origins.isRemembered = false
            idle[origins.authority] = nil
        }
    }

    private func remove(_ index: Int, of origins: IdleOrigins) -> OriginConnection {
        let origin = origins.connections.remove(at: index)
        loop.stopTimer(of: origin)
        count -= 1
        return origin
    }
}
