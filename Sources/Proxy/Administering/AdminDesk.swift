import Addressing
import EventLoop

/// The operators' interface on its loop: who listens, who is connected, and what can be asked.
final class AdminDesk {
    let loop: EventLoop
    let gate: AdminGate
    private(set) var router: AdminRouter
    let timers: Timers
    var rounds = WaitingList<LiveRound>()
    var sessions = AdminSessions()
    /// Nil where the routes have no use for it.
    var board: Board?
    /// Clients that are connected.
    private(set) var clients = 0
    private var listener: AdminListener?
    private var mailboxStorage: Mailbox<AdminDesk>?

    /// Whether clients of a loopback address need no token.
    let trustsLoopback: Bool

    static let mostClients = 32

    /// What can be asked; made for the desk, which outlives it.
    typealias Routes = @Sendable (AdminDesk) -> [AdminRoute]

    init(
        _ socket: consuming FileDescriptor, isLocal: Bool, _ gate: AdminGate, trustsLoopback: Bool = true,
        on loop: EventLoop, routes: Routes
    ) throws(Errno) {
        self.trustsLoopback = trustsLoopback
        self.loop = loop
        self.gate = gate
        router = AdminRouter(routes: [])
        timers = loop.timers(after: AdminConnection.patience)
        mailboxStorage = try Mailbox(of: self, on: loop)
        router = AdminRouter(routes: routes(self))
        listener = AdminListener(socket, isLocal: isLocal, at: self)
    }

    /// How workers answer.
    var mailbox: Mailbox<AdminDesk> {
        guard let mailboxStorage else { preconditionFailure("a desk without a mailbox is still being made") }
        return mailboxStorage
    }

    func came(_ descriptor: consuming FileDescriptor, isNear: Bool) {
        clients += 1
        do throws(Errno) {
            let connection = try AdminConnection(descriptor, isNear: isNear, at: self)
            if clients > Self.mostClients {
                connection.refuse(AdminRefusal(503, "There are \(Self.mostClients) clients here already."))
            }
        } catch {
            clients -= 1
        }
    }

    /// - Parameter isNear: whether the client is on this machine.
    func answer(_ request: AdminRequest, isNear: Bool) throws(AdminRefusal) -> AdminAnswer {
        do throws(AdminRefusal) {
            let isKnown = sessions.holds(request.cookie(AdminSessions.cookie), at: loop.now)
            try gate.check(request, isNear: isNear, isKnown: isKnown)
        } catch {
            guard error.status == 401, let content = try SignIn.answer(request, at: self) else { throw error }
            return .whole(content)
        }
        return try router.answer(request)
    }

    func left() {
        clients -= 1
    }

    /// Closes everything.
    func stop(completion: @escaping @Sendable () -> Void) {
        listener?.stop()
        board?.stop()
        for handler in loop.handlers { (handler as? AdminConnection)?.close() }
        loop.stop(completion: completion)
    }
}

/// Takes the interface's clients.
final class AdminListener: EventHandler {
    private unowned let desk: AdminDesk
    private let socket: FileDescriptor
    private let isLocal: Bool
    private var registration: Registration?
    private let retryTimers: Timers

    init(_ socket: consuming FileDescriptor, isLocal: Bool, at desk: AdminDesk) {
        self.socket = socket
        self.isLocal = isLocal
        self.desk = desk
        retryTimers = desk.loop.timers(after: .milliseconds(200))
        super.init()
        register()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        // Those who are connected and refused wait for their end: beyond twice as many, others wait in the kernel.
        guard desk.clients < 2 * AdminDesk.mostClients else { return pause() }
        do throws(Errno) {
            if isLocal {
                guard let descriptor = try Socket.acceptLocal(from: socket.raw) else { return }
                desk.came(descriptor, isNear: true)
            } else {
                guard let accepted = try Socket.accept(from: socket.raw) else { return }
                let isNear = desk.trustsLoopback && accepted.peer.address.isLoopback
                desk.came(FileDescriptor(owning: accepted.take()), isNear: isNear)
            }
        } catch {
            pause()
        }
    }

    override func deadlinePassed() {
        register()
    }

    func stop() {
        desk.loop.stopTimer(of: self)
        pause()
        desk.loop.stopTimer(of: self)
    }

    private func register() {
        registration = try? desk.loop.registerListener(socket.raw, for: self)
        if registration == nil { retryTimers.start(self) }
    }

    /// A level-triggered listener would spin.
    private func pause() {
        if let registration { desk.loop.deregister(registration, keeping: socket.raw) }
        registration = nil
        retryTimers.start(self)
    }
}
