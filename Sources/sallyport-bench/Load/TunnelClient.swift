import EventLoop

/// A client that opens a tunnel, or is refused one, and uses it.
///
///     connected → message sent → its reply read → … → exchanging
final class TunnelClient: LoadClient {
    private var messages: [[UInt8]] = []
    /// The message whose reply is awaited; their number once all are answered.
    private var step = 0
    private var reply: [UInt8] = []
    /// Bytes of the echo that have not come back.
    private var owed = 0

    private static let probe = [UInt8](repeating: UInt8(ascii: "x"), count: 64)
    /// Buffers moved in one turn; then others have theirs. More than one, and origins would run ahead of their clients.
    private static let budget = 1

    override func connected() {
        step = 0
        reply.removeAll(keepingCapacity: true)
        messages = plan.dialect.messages(
            to: plan.destination, number: traffic.nextNumber(), credentials: plan.credentials)
        guard let first = messages.first else { return negotiated() }
        _ = send(first)
    }

    override func work() {
        guard step == messages.count else { return negotiate() }
        switch plan.exchange {
        case .echoOnce, .echoRepeatedly, .hold: echo()
        case .receive, .send, .both: stream()
        case .refusal, .request, .datagrams: break
        }
    }

    // MARK: - Private

    private func negotiate() {
        guard leg?.canRead == true, let bytes = receive() else { return }
        reply += bytes
        while step < messages.count {
            switch plan.dialect.reply(to: step, reply) {
            case .incomplete: return
            case .accepted(let length): accepted(length)
            case .refused(let code): return refused(code)
            case .nonsense: return fail("the proxy's reply is no \(plan.dialect) reply")
            }
        }
    }

    private func accepted(_ length: Int) {
        reply.removeFirst(length)
        step += 1
        if step < messages.count {
            _ = send(messages[step])
        } else if case .refusal = plan.exchange {
            fail("the proxy lets through what it should deny")
        } else {
            negotiated()
        }
    }

    private func refused(_ code: Int) {
        guard case .refusal = plan.exchange else { return fail("refused with \(code)") }
        completed()
        close()
        startNext()
    }

    /// The next operation: a round trip of the same tunnel, or another tunnel.
    override func start() {
        guard leg != nil else { return super.start() }
        began = Instant.now()
        sendProbe()
    }

    private func negotiated() {
        switch plan.exchange {
        case .echoOnce: sendProbe()
        case .echoRepeatedly:
            startNext()
        case .hold: completed()
        case .receive, .send, .both:
            // What a source sent at once may have come together with the reply.
            add(bytes: reply.count)
            stream()
        case .refusal: fail("a relay denies nothing")
        case .request, .datagrams: preconditionFailure("requests and datagrams have clients of their own")
        }
    }

    private func sendProbe() {
        owed = Self.probe.count
        _ = send(Self.probe)
    }

    private func echo() {
        guard leg?.canRead == true, let bytes = receive() else { return }
        guard bytes.count <= owed else { return fail("more came back than was sent") }
        owed -= bytes.count
        guard owed == 0 else { return }
        completed()
        if case .echoRepeatedly = plan.exchange { return startNext() }
        close()
        startNext()
    }

    private func stream() {
        for _ in 0..<Self.budget {
            if plan.exchange != .send, leg?.canRead == true { add(bytes: discard(1 << 20)) }
            if plan.exchange != .receive, leg?.canWrite == true { sendPayload() }
            guard let leg, leg.canRead && plan.exchange != .send || leg.canWrite && plan.exchange != .receive else {
                return
            }
        }
        askAgain()
    }

    private func sendPayload() {
        guard let descriptor = leg?.descriptor else { return }
        switch Socket.send(descriptor, traffic.payload) {
        case .bytes(let count): if count < traffic.payload.count { leg?.foundNoRoom() }
        case .wouldBlock: leg?.foundNoRoom()
        case .failed(let error): fail("send: \(error)")
        }
    }
}
