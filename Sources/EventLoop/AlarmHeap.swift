/// Handlers that wait for points in time of their own: a binary heap, the earliest on top. Each handler knows its place,
/// so that it can be moved and taken out without a search.
struct AlarmHeap {
    private struct Alarm {
        var deadline: Instant
        let handler: EventHandler
    }

    private var alarms: [Alarm] = []

    var count: Int { alarms.count }

    /// When the first is due; nil when nobody waits.
    var earliest: Instant? { alarms.first?.deadline }

    /// Sets `handler`'s alarm, or moves it.
    mutating func set(_ handler: EventHandler, at deadline: Instant) {
        if handler.alarmIndex < 0 {
            handler.alarmIndex = Int32(alarms.count)
            alarms.append(Alarm(deadline: deadline, handler: handler))
        } else {
            alarms[Int(handler.alarmIndex)].deadline = deadline
        }
        settle(Int(handler.alarmIndex))
    }

    /// Takes `handler`'s alarm out; it must have one.
    mutating func remove(_ handler: EventHandler) {
        let index = Int(handler.alarmIndex)
        precondition(index >= 0 && alarms[index].handler === handler, "an alarm that was never set is removed")
        let last = alarms.count - 1
        if index < last { swap(index, last) }
        alarms.removeLast()
        handler.alarmIndex = -1
        if index < last { settle(index) }
    }

    /// Takes the first out; there must be one.
    mutating func removeEarliest() -> EventHandler {
        let handler = alarms[0].handler
        remove(handler)
        return handler
    }

    mutating func removeAll() {
        for alarm in alarms { alarm.handler.alarmIndex = -1 }
        alarms = []
    }

    // MARK: - Private

    /// Moves one alarm up or down to where it belongs.
    private mutating func settle(_ start: Int) {
        var index = start
        while index > 0, alarms[index].deadline < alarms[(index - 1) / 2].deadline {
            swap(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
        while true {
            var least = index
            for child in 2 * index + 1...2 * index + 2
            where child < alarms.count && alarms[child].deadline < alarms[least].deadline {
                least = child
            }
            guard least != index else { return }
            swap(index, least)
            index = least
        }
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        alarms.swapAt(left, right)
        alarms[left].handler.alarmIndex = Int32(left)
        alarms[right].handler.alarmIndex = Int32(right)
    }
}
