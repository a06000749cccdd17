/// How busy a loop is, readable from any thread.
///
/// The time of every seventeenth turn is taken, and counted for all seventeen: a clock read at the end of each would cost
/// more than the counting is worth, and no pattern of turns is likely to repeat in that measure.
public struct LoopLoad: Sendable {
    private let block = CounterBlock(count: 4)

    private static let sampling: UInt64 = 17
    private enum Cell {
        static var turns: Int { 0 }
        static var busy: Int { 1 }
        static var pipesLent: Int { 2 }
        static var pipesSpare: Int { 3 }
    }

    /// Rounds of events dealt with.
    public var turns: UInt64 { block[Cell.turns] }
    /// Nanoseconds spent in them, as far as was measured.
    public var busyNanoseconds: UInt64 { block[Cell.busy] }
    /// Pipes that carry bulk now, and those kept for the next.
    public var pipes: (lent: UInt64, spare: UInt64) { (block[Cell.pipesLent], block[Cell.pipesSpare]) }

    /// To be called on the loop, at the end of a turn that began at `start`.
    @inline(__always)
    func turnEnded(began start: Instant) {
        let turn = block[Cell.turns] &+ 1
        block.set(turn, at: Cell.turns)
        if turn % Self.sampling == 0 { measure(start) }
    }

    func pipesChanged(lent: Int, spare: Int) {
        block.set(UInt64(max(0, lent)), at: Cell.pipesLent)
        block.set(UInt64(spare), at: Cell.pipesSpare)
    }

    private func measure(_ start: Instant) {
        let spent = Instant.now().nanoseconds - start.nanoseconds
        block.add(UInt64(max(0, spent)) &* Self.sampling, to: Cell.busy)
    }
}
