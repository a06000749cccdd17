import CLinux

/// Events that the kernel has told of and whose handlers have not heard yet: they hear in this order.
struct WaitingEvents: ~Copyable {
    private let room = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: Self.capacity)
    private(set) var count = 0

    private static let capacity = 256

    deinit {
        room.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    /// How many more it takes.
    var roomLeft: Int { Self.capacity - count }

    subscript(index: Int) -> epoll_event {
        precondition(index < count, "an event that there isn't")
        return room[index]
    }

    mutating func append(_ event: epoll_event) {
        precondition(count < Self.capacity, "more events were taken than there is room for")
        room[count] = event
        count += 1
    }

    mutating func removeFirst(_ gone: Int) {
        precondition(gone <= count, "more events go than there are")
        count -= gone
        guard let base = room.baseAddress, count > 0 else { return }
        base.update(from: base + gone, count: count)
    }
}
