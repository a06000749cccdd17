import CLinux
import Dispatch
import Glibc

/// A serial Dispatch queue with an epoll set: all descriptors of a worker, one thread at a time.
///
/// One Dispatch read source watches the epoll descriptor itself. Its handler takes events in batches until none come for
/// `linger`, and returns to Dispatch; so a busy loop costs what a bare epoll thread costs, and an idle process sleeps.
/// Because the handler may keep the queue for long, nothing else is scheduled on it: timers (a timerfd) and messages from
/// other threads (`Mailbox`, an eventfd) are descriptors of the same set, which no load can starve.
///
/// Confined to its queue and not Sendable; `EventLoop.start` builds it there.
///
///     turn:  epoll_wait → prompt handlers' ready() → others' ready() → handlers' again()
///            → turn-end hook (log batch) → released handlers go
///
/// While the others have theirs, the loop looks again every tenth of a millisecond whether there is something for prompt
/// handlers: whoever is busy with newcomers does not keep those waiting who are in.
public final class EventLoop {
    /// The time at which the present turn began.
    public private(set) var now = Instant.now()
    /// Room that all handlers of the loop share for bytes that are read and passed on within one event.
    public let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 64)
    /// Pipes for spliced bulk, shared by all tunnels of the loop.
    public let pipes: PipePool
    /// How busy the loop is.
    public let load = LoopLoad()
    /// Room for datagrams that are passed on within one event; made when the first are.
    public private(set) lazy var datagrams = DatagramBatch()
    /// Called once at the end of each turn.
    public var turnEnded: (() -> Void)?

    private let epoll: FileDescriptor
    private let timer: FileDescriptor
    private var source: DispatchSourceRead?
    private var registrations = RegistrationTable()
    private var timerLists: [TimerList] = []
    private var alarms = AlarmHeap()
    private var armed: Instant?
    private var hasStopped = false
    private var askedAgain: [EventHandler] = []
    private var released: [EventHandler] = []
    /// To whom an event is being told.
    private var called: Unmanaged<EventHandler>?
    private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 128)
    private var waitingEvents = WaitingEvents()

    /// How long the handler waits for the next event before it gives the thread back to Dispatch, in milliseconds. A
    /// hand-over costs two context switches; a tunnel that answers within this time never pays them.
    private static let linger: CInt = 5
    /// How long handlers that aren't prompt have the loop before it looks for events of those that are, in nanoseconds.
    private static let slice: Int64 = 100_000
    /// Registration of the timer's own descriptor: no slot has this number.
    private static let timerMark = UInt64.max

    /// Builds a loop on a queue of its own and runs `setUp` there, before the first event.
    public static func start(name: String, _ setUp: @escaping @Sendable (EventLoop) -> Void) throws(Errno) {
        let epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .last }
        let timer = timerfd_create(CLOCK_MONOTONIC, CInt(TFD_CLOEXEC | TFD_NONBLOCK))
        guard timer >= 0 else {
            let error = Errno.last
            close(epoll)
            throw error
        }
        let queue = DispatchQueue(label: name)
        queue.async {
            let loop = EventLoop(epoll: FileDescriptor(owning: epoll), timer: FileDescriptor(owning: timer))
            setUp(loop)
            loop.turnEnded?()
            loop.activate(on: queue)
        }
    }

    private init(epoll: consuming FileDescriptor, timer: consuming FileDescriptor) {
        self.epoll = epoll
        self.timer = timer
        pipes = PipePool(load)
        var event = epoll_event(events: SALLYPORT_EPOLL_READ, data: epoll_data_t(u64: Self.timerMark))
        let status = epoll_ctl(self.epoll.raw, EPOLL_CTL_ADD, self.timer.raw, &event)
        precondition(status == 0, "a fresh epoll set refuses a fresh timer")
    }

    deinit {
        scratch.deallocate()
        events.deallocate()
    }

    // MARK: - Descriptors

    /// Registers `descriptor`, edge-triggered for reading and writing, until it is closed.
    ///
    /// The handler keeps owning the descriptor, calls `deregister` and then closes it; closing takes it out of the set.
    public func register(_ descriptor: CInt, for handler: EventHandler, tag: UInt32 = 0) throws(Errno) -> Registration {
        try add(descriptor, for: handler, tag: tag, events: Readiness.all.rawValue | SALLYPORT_EPOLL_EDGE)
    }

    /// Registers a listening socket that several loops share: level-triggered, and only some of them are woken.
    public func registerListener(_ descriptor: CInt, for handler: EventHandler) throws(Errno) -> Registration {
        try add(descriptor, for: handler, tag: 0, events: SALLYPORT_EPOLL_READ | SALLYPORT_EPOLL_EXCLUSIVE)
    }

    /// Ends a registration. Events already taken from the kernel are dropped; the handler lives until the turn's end.
    public func deregister(_ registration: Registration) {
        if let handler = registrations.remove(registration) { released.append(handler) }
    }

    /// Ends a registration whose descriptor stays open.
    public func deregister(_ registration: Registration, keeping descriptor: CInt) {
        epoll_ctl(epoll.raw, EPOLL_CTL_DEL, descriptor, nil)
        deregister(registration)
    }

    /// Hands a registration to another handler, from whom the kernel's future events then are.
    public func hand(_ registration: Registration, to handler: EventHandler, tag: UInt32) {
        let former = registrations.replace(registration, with: handler, tag: tag)
        if called?.toOpaque() == Unmanaged.passUnretained(former).toOpaque() { released.append(former) }
    }

    /// The handler of a registration, unless it has ended: how answers from other queues find who asked.
    public func handler(of registration: Registration) -> EventHandler? {
        registrations.receiver(of: registration)?.handler.takeUnretainedValue()
    }

    /// All handlers, once for each of their registrations.
    public var handlers: [EventHandler] { registrations.handlers }

    /// Shows the handlers that stand in `count` places from `place` on, once for each of their registrations. They may end
    /// registrations meanwhile.
    ///
    /// - Returns: the place to go on from; nil when there are no more.
    public func visit(from place: Int, atMost count: Int, _ body: (EventHandler, Registration) -> Void) -> Int? {
        for index in place..<place + count {
            guard index < registrations.used else { return nil }
            if let (handler, registration) = registrations.handler(at: index) { body(handler, registration) }
        }
        return place + count
    }

    /// Descriptors registered now.
    public var registrationCount: Int { registrations.count }

    // MARK: - Time

    /// The waits for `duration`; one and the same list for equal durations.
    public func timers(after duration: Duration) -> Timers {
        if let list = timerLists.first(where: { $0.duration == duration }) { return Timers(list) }
        let list = TimerList(duration: duration, loop: self)
        timerLists.append(list)
        return Timers(list)
    }

    /// Calls `handler.deadlinePassed()` at `instant` or soon after, instead of what else it waited for; one that has
    /// passed is as good as now. Unlike a list's deadlines this one has no slack, and costs O(log n) to set and to stop.
    ///
    /// The loop keeps the handler until then.
    public func wake(_ handler: EventHandler, at instant: Instant) {
        handler.timer.stop(handler)
        // After this turn at the earliest: whoever sets an alarm as it rings lets the others have their turn.
        let deadline = max(instant, Instant(nanoseconds: now.nanoseconds + 1))
        alarms.set(handler, at: deadline)
        armed(for: deadline)
    }

    /// Ends `handler`'s wait, if it is in one.
    public func stopTimer(of handler: EventHandler) {
        handler.timer.stop(handler)
        if handler.alarmIndex >= 0 { alarms.remove(handler) }
    }

    func timerStarted(_ list: TimerList) {
        if let deadline = list.nextDeadline { armed(for: deadline) }
    }

    // MARK: - Turns

    /// Gives `handler` another go in the next turn, after everybody else had theirs.
    public func again(_ handler: EventHandler) {
        askedAgain.append(handler)
    }

    /// Lets go of all handlers, whose descriptors must be closed by now, and of the thread, at the end of this turn.
    ///
    /// - Parameter completion: called once nothing of the loop is left.
    public func stop(completion: @escaping @Sendable () -> Void) {
        hasStopped = true
        released += registrations.removeAll()
        alarms.removeAll()
        source?.setCancelHandler {
            // Until here the source has watched the descriptor, which the loop must therefore keep open.
            self.source = nil
            completion()
        }
        source?.cancel()
    }

    // MARK: - Private

    private func add(
        _ descriptor: CInt, for handler: EventHandler, tag: UInt32, events: UInt32
    ) throws(Errno) -> Registration {
        let registration = registrations.add(handler, tag: tag)
        var event = epoll_event(events: events, data: epoll_data_t(u64: registration.packed))
        guard epoll_ctl(epoll.raw, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            let error = Errno.last
            deregister(registration)
            throw error
        }
        return registration
    }

    private func activate(on queue: DispatchQueue) {
        let source = DispatchSource.makeReadSource(fileDescriptor: epoll.raw, queue: queue)
        source.setEventHandler { self.drain() }
        self.source = source
        source.activate()
    }

    /// Turn after turn until nothing has come for `linger`.
    private func drain() {
        while !hasStopped {
            let isIdle = askedAgain.isEmpty && waitingEvents.isEmpty
            let count = takeEvents(patience: isIdle ? Self.linger : 0)
            if count == 0 && isIdle { return }
            turn(eventCount: count)
        }
    }

    private func turn(eventCount: Int) {
        now = Instant.now()
        let waiting = askedAgain
        askedAgain.removeAll(keepingCapacity: true)
        if registrations.promptCount == 0 && waitingEvents.isEmpty {
            for index in 0..<eventCount { tell(events[index]) }
        } else {
            tellPromptFirst(eventCount)
        }
        called = nil
        for handler in waiting { handler.again() }
        turnEnded?()
        released.removeAll(keepingCapacity: true)
        load.turnEnded(began: now)
    }

    /// - Returns: how many there are in `events` now.
    private func takeEvents(patience: CInt) -> Int {
        let most = min(events.count, waitingEvents.roomLeft)
        return max(0, Int(epoll_wait(epoll.raw, events.baseAddress, CInt(most), patience)))
    }

    private func tell(_ event: epoll_event) {
        if event.data.u64 == Self.timerMark {
            expireTimers()
        } else if let (handler, tag) = registrations.receiver(of: Registration(packed: event.data.u64)) {
            // If it loses its registration meanwhile, it lives until the turn's end: nobody else has to hold it.
            called = handler
            handler._withUnsafeGuaranteedRef { $0.ready(Readiness(rawValue: event.events), tag: tag) }
        }
    }

    private func tellPromptFirst(_ count: Int) {
        tellPrompt(count)
        // What comes meanwhile for the others is for the next turn: each turn ends.
        let due = waitingEvents.count
        var lookAt = now.advanced(byNanoseconds: Self.slice)
        for index in 0..<due {
            tell(waitingEvents[index])
            guard index + 1 < due, registrations.promptCount > 0, waitingEvents.roomLeft > 0 else { continue }
            let time = Instant.now()
            guard time >= lookAt else { continue }
            tellPrompt(takeEvents(patience: 0))
            // The others get as much time as the prompt ones take: nobody is starved.
            let end = Instant.now()
            lookAt = end.advanced(byNanoseconds: max(Self.slice, end.nanoseconds - time.nanoseconds))
        }
        waitingEvents.removeFirst(due)
    }

    /// Tells those of `events` that are for prompt handlers; the others wait.
    private func tellPrompt(_ count: Int) {
        for index in 0..<count {
            let event = events[index]
            if event.data.u64 != Self.timerMark, registrations.isPrompt(Registration(packed: event.data.u64)) {
                tell(event)
            } else {
                waitingEvents.append(event)
            }
        }
    }

    private func expireTimers() {
        var expirations: UInt64 = 0
        read(timer.raw, &expirations, 8)
        armed = nil
        for list in timerLists {
            while let first = list.first, let deadline = list.nextDeadline, deadline <= now {
                list.stop(first)
                first.deadlinePassed()
            }
        }
        while let deadline = alarms.earliest, deadline <= now { alarms.removeEarliest().deadlinePassed() }
        for list in timerLists {
            if let deadline = list.nextDeadline { armed(for: deadline) }
        }
        if let deadline = alarms.earliest { armed(for: deadline) }
    }

    /// Sees to it that the timer rings at `deadline` or before.
    private func armed(for deadline: Instant) {
        if let armed, armed <= deadline { return }
        arm(at: deadline)
    }

    private func arm(at deadline: Instant) {
        armed = deadline
        // An all-zero time would disarm it; the monotonic clock is past that.
        let time = timespec(
            tv_sec: Int(deadline.nanoseconds / 1_000_000_000), tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
        var setting = itimerspec(it_interval: timespec(), it_value: time)
        timerfd_settime(timer.raw, CInt(TFD_TIMER_ABSTIME), &setting, nil)
    }
}
