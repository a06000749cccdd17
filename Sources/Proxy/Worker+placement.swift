import Addressing
import EventLoop

/// A worker as its siblings see it.
struct Sibling: Sendable {
    let mailbox: Mailbox<Worker>
    let tally: Tally
    let counters: WorkerCounters
    let load: LoopLoad
}

extension Worker {
    /// Gives a connection just accepted to the worker that has clearly the fewest, mostly this one.
    ///
    /// The kernel wakes whichever loop it likes, often the same one again; without this a handful of busy tunnels would
    /// share one core.
    func place(_ descriptor: consuming FileDescriptor, from client: Endpoint, listener: UInt16) {
        let own = tally.open
        var least = own
        var target: Sibling?
        for sibling in siblings where sibling.tally.open < least {
            least = sibling.tally.open
            target = sibling
        }
        guard let target, own - least >= 2 + own / 8 else {
            return adopt(descriptor, from: client, listener: listener)
        }
        let raw = descriptor.take()
        target.mailbox.post { worker in worker.adopt(FileDescriptor(owning: raw), from: client, listener: listener) }
    }
}
