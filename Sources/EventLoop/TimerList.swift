/// Handlers that all wait equally long: a list in which the earliest always stands first.
///
/// With one list for each duration, starting, touching and stopping a timer are a few pointer writes, and the loop looks
/// only at the first of each list. An active tunnel doesn't move in the list at every event but once per `slack`, so a
/// deadline passes between `duration` and `duration + slack` after the last activity, and an idle one costs one wake-up.
public final class TimerList {
    public let duration: Duration
    private let nanoseconds: Int64
    private let slackNanoseconds: Int64
    private unowned let loop: EventLoop
    private(set) var first: EventHandler?
    // The list's links are unowned: a waiting handler is kept alive by its registration and leaves the list before it goes.
    private unowned(unsafe) var last: EventHandler?

    init(duration: Duration, loop: EventLoop) {
        self.duration = duration
        self.loop = loop
        nanoseconds = duration.nanoseconds
        slackNanoseconds = min(nanoseconds / 8, 1_000_000_000)
    }

    /// When the first in the list is due; nil when nobody waits.
    var nextDeadline: Instant? {
        first.map { Instant(nanoseconds: $0.timer.start.nanoseconds + nanoseconds + slackNanoseconds) }
    }

    /// Starts `handler`'s wait from now, ending any other it was in.
    public func start(_ handler: EventHandler) {
        loop.stopTimer(of: handler)
        append(handler)
        loop.timerStarted(self)
    }

    /// Notes activity: the wait begins anew.
    public func touch(_ handler: EventHandler) {
        guard loop.now.nanoseconds - handler.timer.start.nanoseconds > slackNanoseconds else { return }
        precondition(handler.timer.list === self, "touched in a list in which it doesn't wait")
        stop(handler)
        append(handler)
    }

    func stop(_ handler: EventHandler) {
        let link = handler.timer
        if let previous = link.previous { previous.timer.next = link.next } else { first = link.next }
        if let next = link.next { next.timer.previous = link.previous } else { last = link.previous }
        handler.timer = TimerLink()
    }

    // MARK: - Private

    private func append(_ handler: EventHandler) {
        handler.timer = TimerLink(list: self, previous: last, next: nil, start: loop.now)
        if let last { last.timer.next = handler } else { first = handler }
        last = handler
    }
}

/// A handler's place in a timer list.
struct TimerLink {
    unowned(unsafe) var list: TimerList?
    unowned(unsafe) var previous: EventHandler?
    unowned(unsafe) var next: EventHandler?
    /// The turn in which the wait began.
    var start = Instant(nanoseconds: 0)
}
