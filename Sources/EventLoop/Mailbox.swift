import CLinux
import Glibc
import Synchronization

/// How other threads speak to what lives on a loop: a message runs there, with the loop-confined owner at hand.
///
/// Order is kept for each sender. The loop keeps the owner; messages to a loop that has stopped are dropped.
public final class Mailbox<Owner: AnyObject>: Sendable {
    public typealias Message = @Sendable (Owner) -> Void

    private let waiting = Mutex<[Message]>([])
    private let wakeUp: CInt

    /// - Parameter owner: kept alive by the loop until it stops.
    public init(of owner: Owner, on loop: EventLoop) throws(Errno) {
        wakeUp = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeUp >= 0 else { throw .last }
        _ = try loop.register(wakeUp, for: MailboxReader(self, owner))
    }

    deinit {
        close(wakeUp)
    }

    /// Runs `message` on the loop, soon.
    public func post(_ message: @escaping Message) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(message)
            return waiting.count == 1
        }
        guard isFirst else { return }
        var one: UInt64 = 1
        write(wakeUp, &one, 8)
    }

    /// The counter is left as it stands: it is watched for edges, and each write is one. It is full after 2^64 messages.
    fileprivate func take() -> [Message] {
        waiting.withLock { waiting in
            let messages = waiting
            waiting.removeAll(keepingCapacity: false)
            return messages
        }
    }
}

private final class MailboxReader<Owner: AnyObject>: EventHandler {
    private let mailbox: Mailbox<Owner>
    private let owner: Owner

    init(_ mailbox: Mailbox<Owner>, _ owner: Owner) {
        self.mailbox = mailbox
        self.owner = owner
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        guard readiness.contains(.readable) else { return }
        for message in mailbox.take() { message(owner) }
    }
}
