/// Whoever owns descriptors on an event loop: subclassed by sessions, tunnels and listeners.
///
/// A handler belongs to one loop and is used on it alone; it is not Sendable. The loop keeps it alive as long as one of
/// its registrations stands, and until the end of the turn in which the last one went.
open class EventHandler {
    /// The handler's single timer, a link of the list it waits in. A handler waits for one thing at a time.
    var timer = TimerLink()
    /// Its place among the alarms while it waits for a point in time, otherwise negative.
    var alarmIndex: Int32 = -1

    public init() {}

    /// Whether its events go before those of others: that of handlers which have little to do for each, and for whom
    /// somebody waits. It doesn't change.
    open var isPrompt: Bool { false }

    /// A descriptor registered under `tag` is ready. Edge-triggered: said once, when it becomes so.
    open func ready(_ readiness: Readiness, tag: UInt32) {}

    /// The handler asked for another go (`EventLoop.again`): its budget had run out.
    open func again() {}

    /// The time of the list in which the handler waited is up, or its alarm's has come; it waits for nothing now.
    open func deadlinePassed() {}
}
