/// Handlers that all wait equally long: a list in which the earliest always stands first.
///
/// With one list for each duration, starting, touching and stopping a timer are a few pointer writes, and the loop looks
/// only at the first of each list. An active tunnel doesn't move in the list at every event but once per `slack`, so a
/// deadline passes between `duration` and `duration + slack` after the last activity, and an idle one costs one wake-up.
final class TimerList {
    let duration: Duration
    private let nanoseconds: Int64
    private let slackNanoseconds: Int64
    /// It keeps its lists, and whoever starts a timer is on it.
    private let loop: Unmanaged<EventLoop>
    // The ends and the links don't count as references, which would cost more than all the rest: a waiting handler is kept
    // alive by its registration and leaves the list before it goes.
    private var head: Unmanaged<EventHandler>?
    private var last: Unmanaged<EventHandler>?

    init(duration: Duration, loop: EventLoop) {
        self.duration = duration
        self.loop = .passUnretained(loop)
        nanoseconds = duration.nanoseconds
        slackNanoseconds = min(nanoseconds / 8, 1_000_000_000)
    }

    /// The handler that is due next; nil when nobody waits.
    var first: EventHandler? { head?.takeUnretainedValue() }

    /// When the first in the list is due; nil when nobody waits.
    var nextDeadline: Instant? {
        first.map { Instant(nanoseconds: $0.timer.start.nanoseconds + nanoseconds + slackNanoseconds) }
    }

    /// Starts `handler`'s wait from now, ending any other it was in.
    func start(_ handler: EventHandler) {
        loop._withUnsafeGuaranteedRef { loop in
            loop.stopTimer(of: handler)
            let isFirst = head == nil
            append(handler, at: loop.now)
            // The deadline of who came earlier is known to the loop, and before this one.
            if isFirst { loop.timerStarted(self) }
        }
    }

    /// Notes activity: the wait begins anew, and in this list if it was in another.
    func touch(_ handler: EventHandler) {
        let now = loop._withUnsafeGuaranteedRef { $0.now }
        guard now.nanoseconds - handler.timer.start.nanoseconds > slackNanoseconds else { return }
        precondition(handler.timer.list != nil, "touched in a list in which it doesn't wait")
        // It has waited in the list of another duration, which has been changed for this one.
        guard handler.timer.isIn(self) else { return start(handler) }
        stop(handler)
        append(handler, at: now)
    }

    func stop(_ handler: EventHandler) {
        let link = handler.timer
        if let previous = link.previous {
            previous._withUnsafeGuaranteedRef { $0.timer.next = link.next }
        } else {
            head = link.next
        }
        if let next = link.next {
            next._withUnsafeGuaranteedRef { $0.timer.previous = link.previous }
        } else {
            last = link.previous
        }
        handler.timer = TimerLink()
    }

    // MARK: - Private

    private func append(_ handler: EventHandler, at now: Instant) {
        let added = Unmanaged.passUnretained(handler)
        handler.timer = TimerLink(list: .passUnretained(self), previous: last, next: nil, start: now)
        if let last { last._withUnsafeGuaranteedRef { $0.timer.next = added } } else { head = added }
        last = added
    }
}

/// A handler's place in a timer list.
struct TimerLink {
    var list: Unmanaged<TimerList>?
    var previous: Unmanaged<EventHandler>?
    var next: Unmanaged<EventHandler>?
    /// The turn in which the wait began.
    var start = Instant(nanoseconds: 0)

    /// Ends the wait of `handler`, whose link this is.
    func stop(_ handler: EventHandler) {
        list?._withUnsafeGuaranteedRef { $0.stop(handler) }
    }

    func isIn(_ other: TimerList) -> Bool {
        list?.toOpaque() == Unmanaged.passUnretained(other).toOpaque()
    }
}

/// The waits of one duration, for whoever is on their loop: the loop keeps the list as long as it lives, so that nothing has
/// to be counted for each call.
public struct Timers {
    private let list: Unmanaged<TimerList>

    init(_ list: TimerList) {
        self.list = .passUnretained(list)
    }

    /// The handler that is due next; nil when nobody waits.
    var first: EventHandler? { list._withUnsafeGuaranteedRef { $0.first } }
    /// When the first is due; nil when nobody waits.
    var nextDeadline: Instant? { list._withUnsafeGuaranteedRef { $0.nextDeadline } }

    /// Starts `handler`'s wait from now, ending any other it was in.
    public func start(_ handler: EventHandler) {
        list._withUnsafeGuaranteedRef { $0.start(handler) }
    }

    /// Notes activity: the wait begins anew, and among these if it was among others.
    public func touch(_ handler: EventHandler) {
        list._withUnsafeGuaranteedRef { $0.touch(handler) }
    }
}

extension Timers: Equatable {
    public static func == (left: Timers, right: Timers) -> Bool {
        left.list.toOpaque() == right.list.toOpaque()
    }
}
