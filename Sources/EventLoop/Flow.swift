import CLinux
import Glibc

/// One direction of a tunnel: bytes from a source leg to a sink leg, and at last the source's end.
///
///     open ──EOF read──▶ ending ──all delivered──▶ ended
///
/// Small data goes through the loop's scratch room and is kept only while the sink is full. When reads come in full twice
/// running, the flow borrows a pipe and splices, until the source has nothing more at once. From then on it begins each
/// burst with a pipe, until some bursts turn out smaller than the room.
public struct Flow {
    public enum Phase: UInt8 {
        /// The source may send.
        case open
        /// The source has ended; bytes may still have to be delivered.
        case ending
        /// The source has ended and the sink has everything.
        case ended
    }

    /// What a pump came to.
    public enum Progress {
        /// Nothing can move until the kernel says so.
        case waiting
        /// There is more to do; others go first.
        case budgetSpent
        /// The flow has just ended: pass the end on.
        case ended
        /// `limit` bytes were read, and the sink has everything.
        case limitReached
        case sourceFailed(Errno)
        case sinkFailed(Errno)
    }

    // Two of these lie in every idle tunnel: small fields stand together.
    public private(set) var phase = Phase.open
    private var fullReads: UInt8 = 0
    /// Small bursts running since the source was last seen to send in bulk; `notBulk` until it is.
    private var smallBursts = notBulk
    /// Bytes of one read, and reads of one pump, where the stream is to be even: bulk then takes no short cut. 0 is no
    /// such bound.
    public var mostPerRead: UInt32 = 0
    /// Bytes that the sink's kernel has taken.
    public private(set) var delivered: UInt64 = 0
    /// Bytes that may yet be read from the source.
    public var limit = UInt64.max
    private var held: HeldBytes?
    private var pipe: Pipe?

    /// Calls to read in one pump: at most 1 MiB copied, or 16 pipes.
    private static let budget = 16
    private static let fullReadsBeforeSplice = 2
    private static let smallBurstsBeforeCopy: UInt8 = 4
    private static let notBulk = UInt8.max

    public init() {}

    /// Whether the source was lately seen to send more than goes through the room at once.
    public var isBulk: Bool { smallBursts != Self.notBulk }

    /// Whether the sink has everything that was read.
    public var isDrained: Bool { held == nil && pipe?.filled ?? 0 == 0 }

    /// Bytes that were read already, with the request: they reach the sink before all others.
    public mutating func prepend(_ bytes: UnsafeRawBufferPointer) {
        precondition(isDrained, "prepended to a flow that holds bytes")
        if !bytes.isEmpty { held = HeldBytes(bytes) }
    }

    /// Counts bytes that the sink's kernel took before the flow began.
    public mutating func countDelivered(_ count: Int) {
        delivered += UInt64(count)
    }

    /// Sends bytes that don't come from the source, and holds what the sink doesn't take.
    ///
    /// - Returns: nil, or why the sink failed.
    public mutating func pass(_ bytes: UnsafeRawBufferPointer, to sink: inout Leg) -> Progress? {
        precondition(isDrained, "passed by a flow that holds bytes")
        if bytes.isEmpty { return nil }
        guard sink.canWrite else {
            held = HeldBytes(bytes)
            return nil
        }
        return forward(bytes, to: &sink)
    }

    /// Sends on what is held; nil when nothing of it is left.
    public mutating func flush(to sink: inout Leg) -> Progress? {
        deliver(to: &sink)
    }

    /// Moves what can be moved.
    public mutating func pump(from source: inout Leg, to sink: inout Leg, on loop: EventLoop) -> Progress {
        if phase == .ended { return .waiting }
        for _ in 0..<(mostPerRead == 0 ? Self.budget : 1) {
            if let step = deliver(to: &sink) { return step }
            if phase == .ending {
                phase = .ended
                release(on: loop)
                return .ended
            }
            if limit == 0 {
                release(on: loop)
                return .limitReached
            }
            guard source.canRead, sink.canWrite else {
                if !source.canRead { release(on: loop) }
                return .waiting
            }
            if pipe == nil && isBulk && mostPerRead == 0 { borrowPipe(on: loop) }
            if let failure = pipe == nil ? copy(from: &source, to: &sink, on: loop) : fill(from: &source) {
                return failure
            }
        }
        return .budgetSpent
    }

    /// Gives back what is borrowed; to be called when the tunnel goes.
    public mutating func release(on loop: EventLoop) {
        guard let pipe else { return }
        if isBulk && pipe.passed > 0 {
            let isSmall = pipe.passed < loop.scratch.count
            smallBursts = isSmall ? smallBursts + 1 : 0
            if smallBursts == Self.smallBurstsBeforeCopy { smallBursts = Self.notBulk }
        }
        loop.pipes.giveBack(pipe)
        self.pipe = nil
        fullReads = 0
    }

    // MARK: - Private

    /// Passes on what was read before; nil when nothing of it is left.
    private mutating func deliver(to sink: inout Leg) -> Progress? {
        while let held {
            guard sink.canWrite else { return .waiting }
            sink.willSend()
            switch Socket.send(sink.descriptor, held.rest) {
            case .bytes(let count):
                delivered += UInt64(count)
                held.drop(count)
                if held.rest.isEmpty { self.held = nil }
            case .wouldBlock: sink.canWrite = false
            case .failed(let error): return .sinkFailed(error)
            }
        }
        while let pipe, pipe.filled > 0 {
            guard sink.canWrite else { return .waiting }
            sink.willSend()
            let count = splice(
                pipe.readEnd.raw, nil, sink.descriptor, nil, pipe.filled,
                SALLYPORT_SPLICE_MOVE | SALLYPORT_SPLICE_NONBLOCK)
            if count > 0 {
                delivered += UInt64(count)
                pipe.filled -= count
            } else {
                let error = Errno.last
                if error == .wouldBlock {
                    sink.canWrite = false
                } else if error != .interrupted {
                    return .sinkFailed(error)
                }
            }
        }
        return nil
    }

    /// Reads into the scratch room and sends on at once; what the sink doesn't take is held.
    private mutating func copy(from source: inout Leg, to sink: inout Leg, on loop: EventLoop) -> Progress? {
        let room = loop.scratch.prefix(mostPerRead == 0 ? limit : min(limit, UInt64(mostPerRead)))
        switch Socket.receive(source.descriptor, into: room) {
        case .bytes(let count):
            let isFull = count == loop.scratch.count
            limit -= UInt64(count)
            source.received(count, of: room.count)
            fullReads = isFull ? fullReads + 1 : 0
            if fullReads >= Self.fullReadsBeforeSplice { smallBursts = 0 }
            return forward(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]), to: &sink)
        case .end: phase = .ending
        case .wouldBlock: source.receivedNothing()
        case .failed(let error): return .sourceFailed(error)
        }
        return nil
    }

    private mutating func forward(_ bytes: UnsafeRawBufferPointer, to sink: inout Leg) -> Progress? {
        sink.willSend()
        switch Socket.send(sink.descriptor, bytes) {
        case .bytes(let count):
            delivered += UInt64(count)
            if count < bytes.count {
                sink.canWrite = false
                held = HeldBytes(UnsafeRawBufferPointer(rebasing: bytes[count...]))
            }
        case .wouldBlock:
            sink.canWrite = false
            held = HeldBytes(bytes)
        case .failed(let error): return .sinkFailed(error)
        }
        return nil
    }

    private mutating func borrowPipe(on loop: EventLoop) {
        pipe = loop.pipes.borrow()
        fullReads = 0
        // Where no pipe is to be had the next try is two full reads away.
        if pipe == nil { smallBursts = Self.notBulk }
    }

    /// Splices from the source into the empty pipe.
    private mutating func fill(from source: inout Leg) -> Progress? {
        guard let pipe else { preconditionFailure("spliced without a pipe: pump has just seen one") }
        let count = splice(
            source.descriptor, nil, pipe.writeEnd.raw, nil, Int(min(UInt64(pipe.capacity), limit)),
            SALLYPORT_SPLICE_MOVE | SALLYPORT_SPLICE_NONBLOCK)
        if count > 0 {
            pipe.filled = count
            pipe.passed += count
            limit -= UInt64(count)
        } else if count == 0 {
            phase = .ending
        } else {
            let error = Errno.last
            if error == .wouldBlock {
                source.receivedNothing()
            } else if error != .interrupted {
                return .sourceFailed(error)
            }
        }
        return nil
    }
}

extension UnsafeMutableRawBufferPointer {
    /// The first `limit` bytes, or all there are.
    fileprivate func prefix(_ limit: UInt64) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: self[..<Int(Swift.min(UInt64(count), limit))])
    }
}
