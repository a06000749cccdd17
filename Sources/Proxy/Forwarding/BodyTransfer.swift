import EventLoop
import Wire

/// Moves one message's body from the connection it comes from to the one it goes to, and knows where it ends.
///
/// Nothing beyond the body's end is passed on: what was read of it stays in the source's inbox. The framing of a chunked
/// body is read strictly and passed on as it came; data of large bodies and chunks is spliced.
struct BodyTransfer {
    enum Progress {
        /// Nothing can move until the kernel says so.
        case waiting
        case budgetSpent
        /// All of the body has reached the sink's kernel.
        case complete
        /// The source ended before the body did.
        case sourceEnded
        case malformed(HTTP1.ParseError)
        case sourceFailed(Errno)
        case sinkFailed(Errno)
    }

    private enum Rest {
        case none
        case length(UInt64)
        case chunked(HTTP1.ChunkedDecoder)
        case untilClose
    }

    private var rest: Rest
    /// Whether nothing but the source's end tells where the body ends.
    let endsByClosing: Bool
    /// Whether only the data of chunks is passed on: to an HTTP/1.0 client, which knows no chunks.
    private let unwrapsChunks: Bool

    /// Data of which more than this is to come is moved without passing through an inbox.
    private static let bulk: UInt64 = 64 * 1024
    private static let budget = 16

    init(_ framing: HTTP1.BodyFraming, unwrapsChunks: Bool = false) {
        self.unwrapsChunks = unwrapsChunks
        endsByClosing = framing == .untilClose
        rest =
            switch framing {
            case .none: .none
            case .length(let length): .length(length)
            case .chunked: .chunked(HTTP1.ChunkedDecoder())
            case .untilClose: .untilClose
            }
    }

    /// Whether every byte of the body has been read.
    var isRead: Bool {
        switch rest {
        case .none, .length(0): true
        case .chunked(let decoder): decoder.isDone
        case .length, .untilClose: false
        }
    }

    mutating func pump(
        from source: inout Leg, _ inbox: inout Inbox, to sink: inout Leg, by flow: inout Flow, on worker: Worker
    ) -> Progress {
        for _ in 0..<Self.budget {
            if let stop = flow.flush(to: &sink) { return Progress(stop) }
            if isRead {
                flow.release(on: worker.loop)
                return .complete
            }
            let step: Progress?
            if inbox.isEmpty, let ahead = dataAhead, ahead > Self.bulk {
                step = moveBulk(ahead, from: &source, to: &sink, by: &flow, on: worker)
            } else if inbox.isEmpty {
                flow.release(on: worker.loop)
                step = read(from: &source, into: &inbox, on: worker)
            } else {
                step = pass(&inbox, to: &sink, by: &flow, on: worker)
            }
            if let step { return step }
        }
        return .budgetSpent
    }

    // MARK: - Private

    /// Bytes of data that are known to come next; nil when that has to be read first.
    private var dataAhead: UInt64? {
        switch rest {
        case .none: 0
        case .length(let length): length
        case .chunked(let decoder): decoder.dataAhead
        case .untilClose: .max
        }
    }

    /// Moves data that needs no looking at, by the flow's own means.
    private mutating func moveBulk(
        _ ahead: UInt64, from source: inout Leg, to sink: inout Leg, by flow: inout Flow, on worker: Worker
    ) -> Progress? {
        flow.limit = ahead
        let progress = flow.pump(from: &source, to: &sink, on: worker.loop)
        passed(ahead - flow.limit)
        switch progress {
        case .limitReached: return nil
        case .ended:
            if case .untilClose = rest {
                rest = .none
                return .complete
            }
            return .sourceEnded
        case .waiting where flow.phase == .ending: return .waiting
        default: return Progress(progress)
        }
    }

    private mutating func passed(_ count: UInt64) {
        switch rest {
        case .none, .untilClose: break
        case .length(let length): rest = .length(length - count)
        case .chunked(var decoder):
            decoder.passData(count)
            rest = .chunked(decoder)
        }
    }

    private func read(from source: inout Leg, into inbox: inout Inbox, on worker: Worker) -> Progress? {
        guard source.canRead else { return .waiting }
        let scratch = worker.loop.scratch
        switch Socket.receive(source.descriptor, into: scratch) {
        case .bytes(let count):
            source.received(count, of: scratch.count)
            inbox.append(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
            return nil
        case .wouldBlock:
            source.receivedNothing()
            return .waiting
        case .end:
            return .sourceEnded
        case .failed(let error): return .sourceFailed(error)
        }
    }

    /// Passes on what of the inbox belongs to the body.
    private mutating func pass(
        _ inbox: inout Inbox, to sink: inout Leg, by flow: inout Flow, on worker: Worker
    ) -> Progress? {
        guard case .chunked(var decoder) = rest else {
            let count = Int(min(UInt64(inbox.count), dataAhead ?? 0))
            let stop = inbox.withRawBytes { flow.pass(UnsafeRawBufferPointer(rebasing: $0[..<count]), to: &sink) }
            inbox.drop(count)
            passed(UInt64(count))
            return stop.map { Progress($0) }
        }
        do throws(HTTP1.ParseError) {
            worker.answer.removeAll(keepingCapacity: true)
            let consumed = try inbox.decode(&decoder, data: &worker.answer)
            rest = .chunked(decoder)
            let stop =
                unwrapsChunks
                ? worker.answer.withUnsafeBytes { flow.pass($0, to: &sink) }
                : inbox.withRawBytes { flow.pass(UnsafeRawBufferPointer(rebasing: $0[..<consumed]), to: &sink) }
            inbox.drop(consumed)
            return stop.map { Progress($0) }
        } catch {
            return .malformed(error)
        }
    }
}

extension BodyTransfer.Progress {
    fileprivate init(_ progress: Flow.Progress) {
        switch progress {
        case .waiting: self = .waiting
        case .budgetSpent: self = .budgetSpent
        case .ended: self = .sourceEnded
        case .limitReached: self = .complete
        case .sourceFailed(let error): self = .sourceFailed(error)
        case .sinkFailed(let error): self = .sinkFailed(error)
        }
    }
}

extension Inbox {
    /// Takes the bytes that are there through `decoder`, and appends those that are data to `data`.
    ///
    /// - Returns: how many belong to the body.
    fileprivate func decode(
        _ decoder: inout HTTP1.ChunkedDecoder, data: inout [UInt8]
    ) throws(HTTP1.ParseError) -> Int {
        var failure: HTTP1.ParseError?
        let consumed = withBytes { bytes in
            var index = 0
            do throws(HTTP1.ParseError) {
                while true {
                    switch try decoder.next(bytes.span, from: index) {
                    case .data(let range):
                        data.append(contentsOf: bytes[range])
                        index = range.upperBound
                    case .incomplete: return bytes.count
                    case .end(let end): return end
                    }
                }
            } catch {
                failure = error
                return index
            }
        }
        if let failure { throw failure }
        return consumed
    }
}
