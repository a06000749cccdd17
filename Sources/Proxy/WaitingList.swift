/// Who waits for an answer from another thread, by ticket: one that comes after the waiter is over finds nobody.
struct WaitingList<Waiter: AnyObject> {
    private var waiting: [UInt64: Waiter] = [:]
    private var lastTicket: UInt64 = 0

    mutating func add(_ waiter: Waiter) -> UInt64 {
        lastTicket += 1
        waiting[lastTicket] = waiter
        return lastTicket
    }

    mutating func remove(_ ticket: UInt64) -> Waiter? {
        waiting.removeValue(forKey: ticket)
    }
}
