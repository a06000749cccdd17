import AccessLog
import EventLoop
import Glibc
import Wire

/// Descriptors kept for the moment in which there are no others, so that clients can be taken, told and recorded instead
/// of being left in the listener's queue.
struct ReserveDescriptors: ~Copyable {
    private var held: [CInt] = []

    /// All but one serve clients that have yet to speak; see `Worker.acceptBeyondLimit`.
    private static let full = 8

    init() {
        held.reserveCapacity(Self.full)
        restore()
    }

    deinit {
        for descriptor in held { Glibc.close(descriptor) }
    }

    var count: Int { held.count }

    /// Frees one, which must be there, for another use.
    mutating func spend() {
        Glibc.close(held.removeLast())
    }

    /// Takes back what was spent, as far as there are descriptors again.
    mutating func restore() {
        while held.count < Self.full {
            let raw = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard raw >= 0 else { return }
            held.append(raw)
        }
    }
}

extension Worker {
    /// Accepting failed because descriptors are used up: takes one client by the reserve, to be refused in its own
    /// protocol as soon as it has said what it wants. If many take their time for that, the next are told as far as they
    /// have spoken by now.
    ///
    /// - Returns: false if not even that was possible; the listener then pauses.
    func acceptBeyondLimit(_ listener: CInt, _ index: UInt16, _ error: Errno) -> Bool {
        reserve.restore()
        guard reserve.count > 0 else { return false }
        let isLast = reserve.count == 1
        reserve.spend()
        do throws(Errno) {
            guard let accepted = try Socket.accept(from: listener) else { return true }
            let peer = accepted.peer
            if isLast {
                let trace = accept(peer, index)
                counters.add(to: .connectionsClosed)
                record(trace, refuse(accepted.descriptor.raw, Refusal.outOfResources(error), trace))
            } else {
                adopt(FileDescriptor(owning: accepted.take()), from: peer, listener: index, beyond: error)
            }
        } catch {
            return false
        }
        reserve.restore()
        return true
    }

    /// Answers in the words of the first byte, if there is one already.
    private func refuse(_ client: CInt, _ refusal: Refusal, _ trace: Trace) -> Ending {
        var dialect = Dialect.none
        if case .bytes(let count) = Socket.receive(client, into: loop.scratch), count > 0 {
            dialect = Dialect(firstByte: loop.scratch[0])
        }
        answer.removeAll(keepingCapacity: true)
        dialect.append(refusal, verdict: nil, requestID: self.requestID(trace), to: &answer)
        var ending = Ending(refusal, at: .accept)
        if !answer.isEmpty, case .bytes = answer.withUnsafeBytes({ Socket.send(client, $0) }) {
            ending.told = dialect.told(refusal)
        }
        return ending
    }
}

extension Dialect {
    /// How to answer somebody of whom only the first byte is known.
    init(firstByte: UInt8) {
        switch firstByte {
        case SOCKS5.version: self = .socks5Greeting
        case SOCKS4.version: self = .socks4
        case let byte where HTTP1.canBeginRequest(byte): self = .http
        default: self = .none
        }
    }
}
