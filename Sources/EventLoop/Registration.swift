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
///
/// Slots lie in blocks that never move: growing copies nothing, and leaves no holes in memory behind.
struct RegistrationTable: ~Copyable {
    private struct Slot {
        /// A reference that the slot holds.
        var handler: Unmanaged<EventHandler>?
        var generation: UInt32
        /// With `promptBit` if the handler is prompt.
        var tag: UInt32
    }

    private var blocks: [UnsafeMutablePointer<Slot>] = []
    /// Slots that were ever used.
    private(set) var used = 0
    private var free: [UInt32] = []
    /// Registrations that stand.
    var count: Int { used - free.count }
    /// Those of prompt handlers.
    private(set) var promptCount = 0

    /// Slots of a block: 16 KiB.
    private static let blockSize = 1024
    private static let promptBit: UInt32 = 1 << 31

    deinit {
        for index in 0..<used { slot(index).pointee.handler?.release() }
        for block in blocks { block.deallocate() }
    }

    private func slot(_ index: Int) -> UnsafeMutablePointer<Slot> {
        precondition(index < used, "a slot that was never used")
        return blocks[index / Self.blockSize] + index % Self.blockSize
    }

    /// - Parameter tag: below 2^31.
    mutating func add(_ handler: EventHandler, tag: UInt32) -> Registration {
        let tag = noted(tag, of: handler)
        if let index = free.popLast() {
            let slot = slot(Int(index))
            slot.pointee.handler = .passRetained(handler)
            slot.pointee.tag = tag
            return Registration(slot: index, generation: slot.pointee.generation)
        }
        if used == blocks.count * Self.blockSize { blocks.append(.allocate(capacity: Self.blockSize)) }
        let index = used
        used += 1
        slot(index).initialize(to: Slot(handler: .passRetained(handler), generation: 0, tag: tag))
        return Registration(slot: UInt32(index), generation: 0)
    }

    /// Ends a registration; its handler, unless it had ended before.
    mutating func remove(_ registration: Registration) -> EventHandler? {
        let slot = slot(Int(registration.slot))
        guard slot.pointee.generation == registration.generation, let handler = slot.pointee.handler else { return nil }
        if slot.pointee.tag >= Self.promptBit { promptCount -= 1 }
        slot.pointee.handler = nil
        slot.pointee.generation &+= 1
        free.append(registration.slot)
        return handler.takeRetainedValue()
    }

    /// Hands a registration over to another handler; the one who had it.
    mutating func replace(_ registration: Registration, with handler: EventHandler, tag: UInt32) -> EventHandler {
        let slot = slot(Int(registration.slot))
        guard slot.pointee.generation == registration.generation, let former = slot.pointee.handler else {
            preconditionFailure("a registration that has ended is handed over")
        }
        if slot.pointee.tag >= Self.promptBit { promptCount -= 1 }
        slot.pointee.handler = .passRetained(handler)
        slot.pointee.tag = noted(tag, of: handler)
        return former.takeRetainedValue()
    }

    /// Ends all registrations; their handlers.
    mutating func removeAll() -> [EventHandler] {
        (0..<used).compactMap { index in
            let slot = slot(index).pointee
            return remove(Registration(slot: UInt32(index), generation: slot.generation))
        }
    }

    /// Every handler, once for each of its registrations.
    var handlers: [EventHandler] { (0..<used).compactMap { slot($0).pointee.handler?.takeUnretainedValue() } }

    /// Who stands in a slot that was used, if somebody does.
    func handler(at index: Int) -> (EventHandler, Registration)? {
        let slot = slot(index).pointee
        guard let handler = slot.handler else { return nil }
        return (handler.takeUnretainedValue(), Registration(slot: UInt32(index), generation: slot.generation))
    }

    /// Who an event is for; nil when the registration has ended since the kernel noted the event. The reference is the
    /// table's.
    func receiver(of registration: Registration) -> (handler: Unmanaged<EventHandler>, tag: UInt32)? {
        let slot = slot(Int(registration.slot)).pointee
        guard slot.generation == registration.generation, let handler = slot.handler else { return nil }
        return (handler, slot.tag & ~Self.promptBit)
    }

    /// Whether an event is for a prompt handler.
    func isPrompt(_ registration: Registration) -> Bool {
        let slot = slot(Int(registration.slot)).pointee
        return slot.generation == registration.generation && slot.tag >= Self.promptBit
    }

    // MARK: - Private

    /// The tag as it stands in the slot.
    private mutating func noted(_ tag: UInt32, of handler: EventHandler) -> UInt32 {
        precondition(tag < Self.promptBit, "a tag of 2^31 or above")
        guard handler.isPrompt else { return tag }
        promptCount += 1
        return tag | Self.promptBit
    }
}
