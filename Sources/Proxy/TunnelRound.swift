import EventLoop

/// A visit to each of a worker's tunnels, some in a turn, so that thousands of them hold up nobody.
final class TunnelRound: EventHandler {
    private let loop: EventLoop
    private var waiting: [Tunnel]
    private let visit: (Tunnel) -> Void

    private static let visitedAtOnce = 256

    /// Begins at once.
    init(on loop: EventLoop, _ visit: @escaping (Tunnel) -> Void) {
        self.loop = loop
        self.visit = visit
        // A tunnel has two registrations.
        var known: Set<ObjectIdentifier> = []
        waiting = loop.handlers.compactMap { $0 as? Tunnel }.filter { known.insert(ObjectIdentifier($0)).inserted }
        super.init()
        again()
    }

    override func again() {
        for tunnel in waiting.suffix(Self.visitedAtOnce) { visit(tunnel) }
        waiting.removeLast(min(Self.visitedAtOnce, waiting.count))
        if !waiting.isEmpty { loop.again(self) }
    }
}
