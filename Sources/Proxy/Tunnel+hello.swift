import EventLoop
import Policy

// The client's first bytes are read here instead of by the flow: once, in passing. Where no rule asks for them they go on
// at once; where one does, they are held until the ClientHello is whole, and nothing else is. The other direction is never
// held: a server that speaks first does.
extension Tunnel {
    /// How far the client's first bytes are known.
    enum Hello {
        /// None has come.
        case waiting
        indirect case reading(HelloWatch)
        case done
    }

    /// Reads first bytes until they are understood, there are no more, or the origin takes none.
    func watchHello() {
        while !isOver, client.canRead, up.isDrained {
            if case .done = hello { return }
            let scratch = worker.loop.scratch
            switch Socket.receive(client.descriptor, into: scratch) {
            case .bytes(let count):
                client.received(count, of: scratch.count)
                sawFirst(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
            case .wouldBlock: client.receivedNothing()
            case .end:
                // The end is there to be read again: the flow finds it, after what is held.
                giveUpOnHello()
            case .failed(let error): fail(.client, error)
            }
        }
    }

    /// Takes in first bytes, and sends them on unless they have to wait.
    func sawFirst(_ bytes: UnsafeRawBufferPointer) {
        var watch: HelloWatch
        switch hello {
        case .done: return pass(bytes)
        case .reading(let started): watch = started
        case .waiting:
            guard bytes.first == Self.handshakeRecord else {
                hello = .done
                return judge(.notTLS, then: bytes)
            }
            watch = HelloWatch()
        }
        let step = watch.saw(bytes)
        switch step {
        case .incomplete:
            hello = .reading(watch)
            if !mustHold { pass(bytes) }
        case .seen(let facts, let notes):
            hello = .done
            trace.tls = notes
            let held = watch.bytes
            if mustHold {
                held.withUnsafeBytes { judge(facts, then: $0) }
            } else {
                pass(bytes)
            }
        }
    }

    // MARK: - Private

    /// The first byte of a TLS handshake record. Spec: RFC 8446 §5.1.
    private static let handshakeRecord: UInt8 = 22

    private var mustHold: Bool { worker.ruleset.asksForServerName }

    /// The client has ended in the middle of what looked like a ClientHello.
    private func giveUpOnHello() {
        guard case .reading(let watch) = hello else {
            hello = .done
            return
        }
        hello = .done
        if mustHold { watch.bytes.withUnsafeBytes { judge(.notTLS, then: $0) } }
    }

    private func judge(_ facts: TLSFacts, then bytes: UnsafeRawBufferPointer) {
        if mustHold, let request = trace.request, let address = trace.dialled {
            let verdict = worker.ruleset.judge(request, dialled: address, tls: facts)
            if !verdict.isAllowed { return denied(verdict) }
        }
        pass(bytes)
    }

    private func pass(_ bytes: UnsafeRawBufferPointer) {
        let skipped = min(Int(openingTaken), bytes.count)
        openingTaken -= UInt32(skipped)
        guard let stop = up.pass(UnsafeRawBufferPointer(rebasing: bytes[skipped...]), to: &origin) else { return }
        if case .sinkFailed(let error) = stop { originFailed(error) }
    }
}
