import Dispatch
import Synchronization

extension LogWriter {
    /// What loops and the writer's queue share; held for moments only.
    struct Inbox: Sendable {
        /// In the order in which they came.
        var parcels: [LineParcel] = []
        /// Memory of written parcels, for batches to come.
        var spares: [[UInt8]] = []
        /// Bytes of parcels that are not in the file.
        var backlogBytes = 0
        /// Whether a drain is on its way that will see what is put here now.
        var isDrainDue = false
        /// Whether the last write ended in an error.
        var isFailing = false
        var isClosed = false
        var counters = Counters()
        var head: SealHead?
        /// Lines that were dropped and are not told of yet.
        var gap = Gap()
    }

    /// Lines that were dropped in a row.
    struct Gap: Sendable {
        var lines: UInt64 = 0
        /// When the first of them came.
        var start: Int64 = 0
    }

    private static let maxSpares = 8

    /// - Parameter isKept: whether it is taken even where others are dropped.
    func deliver(_ parcel: LineParcel, isKept: Bool = false) {
        let now = options.whenFull == .drop ? options.now() : 0
        let (mustDrain, stallChanged) = inbox.withLock { inbox -> (Bool, Bool) in
            guard !inbox.isClosed else {
                inbox.counters.lost += UInt64(parcel.count)
                return (false, false)
            }
            if options.whenFull == .drop, !isKept, inbox.backlogBytes > options.maxBacklogBytes {
                inbox.drop(parcel, at: now)
                return (false, false)
            }
            if inbox.gap.lines > 0 { inbox.tellGap(at: now) }
            inbox.take(parcel)
            let mustDrain = !inbox.isDrainDue
            inbox.isDrainDue = true
            return (mustDrain, updateStall(inbox))
        }
        if mustDrain { queue.async { self.drain() } }
        if stallChanged { options.stallChanged() }
    }

    /// Writes until nothing is left or an error comes. Runs on the queue.
    func drain() {
        output.withLock { output in
            while true {
                if output.isIdle {
                    let parcels = takeParcels()
                    if parcels.isEmpty { return rest(&output) }
                    output.enqueue(parcels)
                }
                switch output.write(at: options.now()) {
                case .completed(let load):
                    if output.outage != nil { end(&output) }
                    completed(load)
                    if let warning = output.warning {
                        options.warn(warning)
                        output.warning = nil
                    }
                case .failed(let number):
                    failed(&output, number)
                    return
                }
            }
        }
    }

    // MARK: - Private

    private func takeParcels() -> [LineParcel] {
        inbox.withLock { inbox in
            if inbox.parcels.isEmpty && inbox.gap.lines > 0 { inbox.tellGap(at: options.now()) }
            var parcels: [LineParcel] = []
            swap(&parcels, &inbox.parcels)
            if parcels.isEmpty { inbox.isDrainDue = false }
            return parcels
        }
    }

    /// All is written: arranges for the seal of what is not sealed, and lets those go on who waited.
    private func rest(_ output: inout LogOutput) {
        if output.mustCompress { compress(&output) }
        if output.sealer.unsealedLines > 0 && !output.isSealArranged {
            output.isSealArranged = true
            queue.asyncAfter(deadline: .now() + options.sealInterval.nanoseconds) { self.seal() }
        }
        for waiter in output.waiters { waiter.signal() }
        output.waiters = []
    }

    private func seal() {
        output.withLock { output in
            output.isSealArranged = false
            output.isSealDue = true
        }
        drain()
    }

    func completed(_ load: LogOutput.Load) {
        let stallChanged = inbox.withLock { inbox in
            inbox.isFailing = false
            inbox.backlogBytes -= load.parcelBytes
            inbox.counters.written += UInt64(load.records)
            inbox.counters.bytes += UInt64(load.bytes)
            inbox.counters.seals += UInt64(load.seals)
            inbox.spares.append(contentsOf: load.spares.prefix(Self.maxSpares - inbox.spares.count))
            if let seal = load.seal { inbox.head = seal }
            return updateStall(inbox)
        }
        if let seal = load.seal { options.sealed(seal) }
        if stallChanged { options.stallChanged() }
    }

    private func failed(_ output: inout LogOutput, _ number: Int32) {
        let isNew = output.outage == nil
        let outage = LogOutput.Outage(
            number: (output.outage?.number ?? 0) + 1,
            delay: output.outage.map { min($0.delay * 2, options.longestRetry) } ?? options.firstRetry)
        output.outage = outage
        let (waiting, stallChanged) = inbox.withLock { inbox in
            inbox.isFailing = true
            return (inbox.counters.submitted - inbox.counters.written, updateStall(inbox))
        }
        if isNew {
            let remedy = options.whenFull == .stall ? "accepting pauses" : "more than fit into memory are dropped"
            options.warn(
                "can't write the log \(path): \(LogError.text(of: number)); \(waiting) records wait, \(remedy)")
        }
        if stallChanged { options.stallChanged() }
        queue.asyncAfter(deadline: .now() + outage.delay.nanoseconds) { self.retry(outage.number) }
    }

    /// A retry is void if another attempt has been made since it was arranged.
    private func retry(_ number: UInt64) {
        if output.withLock({ $0.outage?.number == number }) { drain() }
    }

    private func end(_ output: inout LogOutput) {
        output.outage = nil
        options.warn("the log \(path) is written again")
    }

    private func compress(_ output: inout LogOutput) {
        output.mustCompress = false
        let rotation = output.rotation
        DispatchQueue.global().async {
            rotation.compressAll(self.path)
            self.output.withLock { $0.areNumbersHeld = false }
        }
    }

    /// Stalled from the first error or the limit on, until there is no error and half of the limit is free.
    ///
    /// - Returns: whether that has changed.
    private func updateStall(_ inbox: Inbox) -> Bool {
        let wasStalled = stalled.load(ordering: .relaxed)
        let limit = wasStalled ? options.maxBacklogBytes / 2 : options.maxBacklogBytes
        let isStalled = options.whenFull == .stall && (inbox.isFailing || inbox.backlogBytes > limit)
        if isStalled != wasStalled { stalled.store(isStalled, ordering: .relaxed) }
        return isStalled != wasStalled
    }
}

extension LogWriter.Inbox {
    mutating func take(_ parcel: LineParcel) {
        parcels.append(parcel)
        count(parcel)
    }

    mutating func count(_ parcel: LineParcel) {
        backlogBytes += parcel.used
        counters.submitted += UInt64(parcel.count)
    }

    mutating func drop(_ parcel: LineParcel, at now: Int64) {
        if gap.lines == 0 { gap.start = now }
        gap.lines += UInt64(parcel.count)
        counters.lost += UInt64(parcel.count)
    }

    /// Puts the event that tells of the dropped lines where they would have been.
    mutating func tellGap(at now: Int64) {
        take(LineParcel(LogEvent(.gap, at: now, [("lost", .number(gap.lines)), ("since", .time(gap.start))])))
        gap = LogWriter.Gap()
    }
}
