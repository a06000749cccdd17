import Synchronization

/// Counters with one writer, readable from any thread.
///
/// A writer alone needs no locked instruction: to add is a load and a store. A block has its cache lines for itself, so that
/// writers of different blocks never meet.
public final class CounterBlock: Sendable {
    // SAFETY: the cells are atomics, made before anybody sees them and freed after the last has let go of the block.
    private nonisolated(unsafe) let cells: UnsafeMutablePointer<Atomic<UInt64>>
    public let count: Int

    private static let line = 128

    /// - Parameter count: cells, all zero.
    public init(count: Int) {
        let bytes = (count * MemoryLayout<Atomic<UInt64>>.stride + Self.line - 1) / Self.line * Self.line
        let room = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, Self.line), alignment: Self.line)
        cells = room.bindMemory(to: Atomic<UInt64>.self, capacity: count)
        for index in 0..<count { (cells + index).initialize(to: Atomic(0)) }
        self.count = count
    }

    deinit {
        cells.deinitialize(count: count)
        UnsafeMutableRawPointer(cells).deallocate()
    }

    /// To be called by the writer alone.
    @inline(__always)
    public func add(_ amount: UInt64 = 1, to index: Int) {
        set(self[index] &+ amount, at: index)
    }

    /// To be called by the writer alone.
    @inline(__always)
    public func set(_ value: UInt64, at index: Int) {
        precondition(index >= 0 && index < count, "a counter that the block doesn't have")
        cells[index].store(value, ordering: .relaxed)
    }

    @inline(__always)
    public subscript(index: Int) -> UInt64 {
        precondition(index >= 0 && index < count, "a counter that the block doesn't have")
        return cells[index].load(ordering: .relaxed)
    }
}
