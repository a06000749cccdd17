import AccessLog
import EventLoop
import Glibc
import Wire

/// A descriptor kept for the moment in which there is no other, so that a client can be taken, told and recorded
/// instead of being left in the listener's queue.
struct ReserveDescriptor: ~Copyable {
    private var descriptor: FileDescriptor?

    init() {
        restore()
    }

    /// Whether it is there to be spent.
    var isThere: Bool { descriptor != nil }

    mutating func spend() {
        descriptor = nil
    }

    mutating func restore() {
        let raw = open("/dev/null", O_RDONLY | O_CLOEXEC)
        descriptor = raw >= 0 ? FileDescriptor(owning: raw) : nil
    }
}

extension Worker {
    /// Accepting failed because descriptors are used up: takes one client by the reserve, tells it as far as it has
    /// spoken, and records it.
    ///
    /// - Returns: false if not even that was possible; the listener then pauses.
    func refuseWithoutDescriptor(_ listener: CInt, _ index: UInt16, _ error: Errno) -> Bool {
        if !reserve.isThere { reserve.restore() }
        guard reserve.isThere else { return false }
        reserve.spend()
        defer { reserve.restore() }
        do throws(Errno) {
            guard let accepted = try Socket.accept(from: listener) else { return true }
            let trace = accept(accepted.peer, index)
            record(trace, refuse(accepted.descriptor.raw, Refusal.outOfResources(error), trace))
            return true
        } catch {
            return false
        }
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
