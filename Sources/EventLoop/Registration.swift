/// One descriptor's place on its loop: a slot and the slot's generation.
///
/// The kernel hands the pair back with each event. A slot's generation moves on when its registration ends, so a late event
/// for a closed descriptor, whose number may already belong to somebody else, finds no handler and is dropped.
public struct Registration: Hashable, Sendable {
    let slot: UInt32
    let generation: UInt32

    init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    /// No registration: what stands where one will be.
    public static let none = Registration(slot: .max, generation: .max)

    init(packed: UInt64) {
        slot = UInt32(truncatingIfNeeded: packed)
        generation = UInt32(truncatingIfNeeded: packed >> 32)
    }

    var packed: UInt64 {
        UInt64(generation) << 32 | UInt64(slot)
    }
}

/// The handlers of a loop by slot.
struct RegistrationTable {
    private struct Slot {
        var handler: EventHandler?
        var generation: UInt32
        var tag: UInt32
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []
    /// Registrations that stand.
    var count: Int { slots.count - free.count }

    mutating func add(_ handler: EventHandler, tag: UInt32) -> Registration {
        guard let index = free.popLast() else {
            slots.append(Slot(handler: handler, generation: 0, tag: tag))
            return Registration(slot: UInt32(slots.count - 1), generation: 0)
        }
        slots[Int(index)].handler = handler
        slots[Int(index)].tag = tag
        return Registration(slot: index, generation: slots[Int(index)].generation)
    }

    /// Ends a registration; its handler, unless it had ended before.
    mutating func remove(_ registration: Registration) -> EventHandler? {
        let index = Int(registration.slot)
        guard slots[index].generation == registration.generation, let handler = slots[index].handler else { return nil }
        slots[index].handler = nil
        slots[index].generation &+= 1
        free.append(registration.slot)
        return handler
    }

    /// Hands a registration over to another handler.
    mutating func replace(_ registration: Registration, with handler: EventHandler, tag: UInt32) {
        let index = Int(registration.slot)
        precondition(slots[index].generation == registration.generation, "a registration that has ended is handed over")
        slots[index].handler = handler
        slots[index].tag = tag
    }

    /// Ends all registrations; their handlers.
    mutating func removeAll() -> [EventHandler] {
        let all = handlers
        for index in slots.indices where slots[index].handler != nil {
            slots[index].handler = nil
            slots[index].generation &+= 1
            free.append(UInt32(index))
        }
        return all
    }

    /// Every handler, once for each of its registrations.
    var handlers: [EventHandler] { slots.compactMap(\.handler) }

    /// Who an event is for; nil when the registration has ended since the kernel noted the event.
    func receiver(of registration: Registration) -> (handler: EventHandler, tag: UInt32)? {
        let slot = slots[Int(registration.slot)]
        guard slot.generation == registration.generation, let handler = slot.handler else { return nil }
        return (handler, slot.tag)
    }
}
