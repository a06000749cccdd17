import EventLoop
import Glibc

/// A client of a load: connects, does what its subclass does with the connection, and begins anew when that is through.
class LoadClient: EventHandler {
    unowned let traffic: Traffic
    let plan: LoadPlan
    /// Nil while there is no connection.
    var leg: Leg?
    private var isConnected = false
    private var asksAgain = false
    /// When the present operation began.
    var began = Instant(nanoseconds: 0)
    /// When the next operation begins, for clients with a pace.
    private var due: Instant?

    init(_ plan: LoadPlan, _ traffic: Traffic) {
        self.plan = plan
        self.traffic = traffic
    }

    /// An operation begins.
    func start() {
        open()
    }
    /// The connection stands.
    func connected() {}
    /// There may be something to read or room to write.
    func work() {}
    /// The connection is gone.
    func closed() {}

    final func open() {
        began = Instant.now()
        isConnected = false
        do throws(Errno) {
            let socket = try Socket.make(for: plan.proxy.address)
            Socket.setNoDelay(socket.raw)
            switch plan.source {
            case .own: break
            case .address(let address): try Socket.leave(from: address, socket.raw)
            case .many: try Socket.leave(from: traffic.nextSource(), socket.raw)
            }
            _ = try Socket.connect(socket.raw, to: plan.proxy)
            let registration = try traffic.loop.register(socket.raw, for: self)
            leg = Leg(descriptor: socket.take(), registration: registration)
        } catch {
            traffic.failed("connect: \(error)", plan)
        }
    }

    /// Begins the next operation, at once or when its time has come.
    final func startNext() {
        guard traffic.isUnderWay else { return }
        guard let pace = plan.pace else { return start() }
        let interval = Duration.nanoseconds(Int64(Double(plan.clients) / pace * 1e9))
        // The first of each client comes at a moment of its own; who is late doesn't hurry afterwards.
        let next = due?.advanced(by: interval) ?? began.advanced(by: interval * traffic.nextShare())
        due = next
        if next <= traffic.loop.now { start() } else { traffic.loop.wake(self, at: next) }
    }

    final override func deadlinePassed() {
        if traffic.isUnderWay { start() }
    }

    final func close() {
        guard let leg else { return }
        self.leg = nil
        traffic.loop.deregister(leg.registration)
        _ = FileDescriptor(owning: leg.descriptor)
        closed()
    }

    /// Counts an error and begins anew.
    final func fail(_ why: String) {
        close()
        traffic.failed(why, plan)
        if traffic.isUnderWay { open() }
    }

    /// The operation is done: counted with its duration.
    final func completed() {
        let now = Instant.now()
        traffic[plan].operations += 1
        traffic[plan].latencies.add(nanoseconds: now.nanoseconds - began.nanoseconds)
        began = now
    }

    /// Counts payload.
    final func add(bytes: Int) {
        traffic[plan].bytes += UInt64(bytes)
    }

    /// Asks for another go after everybody else had theirs.
    final func askAgain() {
        guard !asksAgain else { return }
        asksAgain = true
        traffic.loop.again(self)
    }

    final override func again() {
        asksAgain = false
        if leg != nil { work() }
    }

    /// Sends all of `bytes`, which are few; false after a failure.
    final func send(_ bytes: [UInt8]) -> Bool {
        guard let leg else { return false }
        switch bytes.withUnsafeBytes({ Socket.send(leg.descriptor, $0) }) {
        case .bytes(bytes.count): return true
        case .bytes, .wouldBlock: fail("the proxy doesn't read")
        case .failed(let error): fail("send: \(error)")
        }
        return false
    }

    /// What has come, in the loop's scratch room; nil if nothing has, or after a failure.
    final func receive() -> UnsafeRawBufferPointer? {
        guard let descriptor = leg?.descriptor else { return nil }
        let room = traffic.loop.scratch
        switch Socket.receive(descriptor, into: room) {
        case .bytes(let count):
            leg?.received(count, of: room.count)
            return UnsafeRawBufferPointer(rebasing: room[..<count])
        case .wouldBlock: leg?.receivedNothing()
        case .end: ended()
        case .failed(let error): fail("receive: \(error)")
        }
        return nil
    }

    /// Reads up to `room` bytes and throws them away, without their being copied; their number, 0 if nothing has come
    /// or after a failure.
    final func discard(_ room: Int) -> Int {
        guard let descriptor = leg?.descriptor else { return 0 }
        let count = recv(descriptor, nil, room, CInt(MSG_TRUNC))
        let error = Errno(rawValue: errno)
        if count > 0 {
            leg?.received(count, of: room)
            return count
        }
        if count == 0 {
            ended()
        } else if error == .wouldBlock {
            leg?.receivedNothing()
        } else {
            fail("receive: \(error)")
        }
        return 0
    }

    /// The proxy has closed.
    func ended() {
        fail("closed by the proxy")
    }

    final override func ready(_ readiness: Readiness, tag: UInt32) {
        guard leg != nil else { return }
        leg?.note(readiness)
        if isConnected { return work() }
        guard let descriptor = leg?.descriptor, !readiness.isDisjoint(with: [.writable, .error, .hangUp]) else {
            return
        }
        if !readiness.isDisjoint(with: [.error, .hangUp]) {
            return fail("connect: \(Socket.pendingError(of: descriptor) ?? .connectionReset)")
        }
        isConnected = true
        connected()
    }
}
