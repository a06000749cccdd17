import AccessLog
import EventLoop

/// A worker's account of all that it does, readable from any thread. Only its loop writes.
///
/// What a record tells is counted when the record is made and from what it is made of, so that the counters are the
/// records, counted.
struct WorkerCounters: Sendable {
    let block = CounterBlock(count: Self.size)

    /// Counters that stand alone, in the order of their cells.
    enum Cell: Int, CaseIterable {
        case connectionsAccepted, connectionsClosed
        case tunnelsOpened, tunnelsEnded
        case bytesUp, bytesDown
        case relayedUp, relayedDown
        case datagramsUp, datagramsDown
        case attemptsFailed, originsReused
        case wouldDeny
    }

    /// What durations are taken of.
    enum Span: Int, CaseIterable {
        case negotiate, authenticate, resolve, connect, firstByte, total
    }

    func add(_ amount: UInt64 = 1, to cell: Cell) {
        block.add(amount, to: cell.rawValue)
    }

    /// Bytes that have passed, counted as they pass.
    @inline(__always)
    func relayed(up: UInt64, down: UInt64) {
        block.add(up, to: Cell.relayedUp.rawValue)
        block.add(down, to: Cell.relayedDown.rawValue)
    }

    /// Counts a request whose record is made of this.
    func count(_ trace: Trace, _ ending: Ending, now: Instant) {
        block.add(to: Self.protocols + (trace.facts.proto?.ordinal ?? RequestProtocol.allCases.count))
        let verdict = trace.verdict.map { $0.isAllowed ? Verdict.allow : .deny }
        block.add(to: Self.verdicts + (verdict?.ordinal ?? Verdict.allCases.count))
        block.add(to: Self.outcomes + ending.outcome.ordinal)
        block.add(to: Self.enders + ending.endedBy.ordinal)
        block.add(to: Self.stages + ending.stage.ordinal)
        if let limit = ending.limit { block.add(to: Self.limits + limit.ordinal) }
        if let up = ending.up { add(up, to: .bytesUp) }
        if let down = ending.down { add(down, to: .bytesDown) }
        if trace.http?.reusedAddress != nil { add(to: .originsReused) }
        if trace.verdict?.wouldDeny.isEmpty == false { add(to: .wouldDeny) }
        if let notes = trace.notes { count(notes) }
        count(trace.timings.negotiation.microseconds, .negotiate)
        count(trace.timings.resolution.microseconds, .resolve)
        count(trace.timings.connection.microseconds, .connect)
        count(trace.timings.firstByte.microseconds, .firstByte)
        count(now.microseconds(since: trace.accepted), .total)
    }

    // MARK: - Reading

    subscript(cell: Cell) -> UInt64 { block[cell.rawValue] }
    subscript(proto: RequestProtocol?) -> UInt64 {
        block[Self.protocols + (proto?.ordinal ?? RequestProtocol.allCases.count)]
    }
    subscript(verdict: Verdict?) -> UInt64 { block[Self.verdicts + (verdict?.ordinal ?? Verdict.allCases.count)] }
    subscript(outcome: Outcome) -> UInt64 { block[Self.outcomes + outcome.ordinal] }
    subscript(endedBy: EndedBy) -> UInt64 { block[Self.enders + endedBy.ordinal] }
    subscript(stage: Stage) -> UInt64 { block[Self.stages + stage.ordinal] }
    subscript(source: Resolution.Source) -> UInt64 { block[Self.sources + source.ordinal] }
    subscript(limit: ReachedLimit) -> UInt64 { block[Self.limits + limit.ordinal] }

    /// A histogram's cells: `Histogram.cells` many.
    subscript(span: Span) -> [UInt64] {
        (0..<Histogram.cells).map { block[Self.spans + span.rawValue * Histogram.cells + $0] }
    }

    // MARK: - Private

    // Where the groups begin. Computed, so that they are numbers in the code and not looked up.
    private static var protocols: Int { 16 }
    private static var verdicts: Int { protocols + 8 }
    private static var outcomes: Int { verdicts + 4 }
    private static var enders: Int { outcomes + 48 }
    private static var stages: Int { enders + 8 }
    private static var sources: Int { stages + 12 }
    private static var limits: Int { sources + 8 }
    private static var spans: Int { limits + 12 }
    static var size: Int { spans + 6 * Histogram.cells }

    private func count(_ notes: Trace.Notes) {
        if let source = notes.resolver { block.add(to: Self.sources + source.ordinal) }
        if let datagrams = notes.datagrams {
            add(datagrams.up, to: .datagramsUp)
            add(datagrams.down, to: .datagramsDown)
        }
        if !notes.failures.isEmpty { add(UInt64(notes.failures.count), to: .attemptsFailed) }
        count(notes.authentication, .authenticate)
    }

    @inline(__always)
    private func count(_ microseconds: Int64?, _ span: Span) {
        guard let microseconds else { return }
        let first = Self.spans + span.rawValue * Histogram.cells
        block.add(to: first + Histogram.place(of: microseconds))
        block.add(UInt64(max(0, microseconds)), to: first + Histogram.bounds + 1)
    }
}
