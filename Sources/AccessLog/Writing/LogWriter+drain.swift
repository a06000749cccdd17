import Dispatch
import Glibc
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
        var waiters: [(target: UInt64, done: DispatchSemaphore)] = []
    }

    private static let maxSpares = 8

    func deliver(_ parcel: LineParcel) {
        let (mustDrain, stallChanged) = inbox.withLock { inbox -> (Bool, Bool) in
            guard !inbox.isClosed else {
                inbox.counters.lost += UInt64(parcel.count)
                return (false, false)
            }
            inbox.parcels.append(parcel)
            inbox.backlogBytes += parcel.used
            inbox.counters.submitted += UInt64(parcel.count)
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
                if output.isEmpty {
                    let parcels = takeParcels()
                    if parcels.isEmpty { return }
                    output.enqueue(parcels)
                }
                switch output.write() {
                case .completed(let bytes):
                    if output.outage != nil { end(&output) }
                    completed(output.loaded, bytes: bytes)
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
            var parcels: [LineParcel] = []
            swap(&parcels, &inbox.parcels)
            if parcels.isEmpty { inbox.isDrainDue = false }
            return parcels
        }
    }

    private func completed(_ load: LogOutput.Load, bytes: Int) {
        let stallChanged = inbox.withLock { inbox in
            inbox.isFailing = false
            inbox.backlogBytes -= load.parcelBytes
            inbox.counters.written += UInt64(load.records)
            inbox.counters.bytes += UInt64(bytes)
            inbox.spares.append(contentsOf: load.spares.prefix(Self.maxSpares - inbox.spares.count))
            inbox.waiters.removeAll { waiter in
                guard waiter.target <= inbox.counters.written else { return false }
                waiter.done.signal()
                return true
            }
            return updateStall(inbox)
        }
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
            let why = LogError.text(of: number)
            options.warn("can't write the log \(path): \(why); \(waiting) records wait, accepting pauses")
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

    /// Stalled from the first error or the limit on, until there is no error and half of the limit is free.
    ///
    /// - Returns: whether that has changed.
    private func updateStall(_ inbox: Inbox) -> Bool {
        let wasStalled = stalled.load(ordering: .relaxed)
        let limit = wasStalled ? options.maxBacklogBytes / 2 : options.maxBacklogBytes
        let isStalled = inbox.isFailing || inbox.backlogBytes > limit
        if isStalled != wasStalled { stalled.store(isStalled, ordering: .relaxed) }
        return isStalled != wasStalled
    }
}
