import Addressing
import EventLoop

/// Whoever waits to know who its client is.
protocol LoginObserver: AnyObject {
    /// - Parameter microseconds: how long the answer took.
    func loggedIn(_ answer: Authenticator.Answer, after microseconds: Int64)
}

/// Credentials on their way through the authenticator. Wrong ones, and those of who is locked out, are answered late: who guesses
/// shall wait.
///
/// The observer hears exactly once, perhaps before `start` returns, unless it cancels.
final class Login: EventHandler {
    private let worker: Worker
    /// Kept until it has been told.
    private var observer: (any LoginObserver)?
    private var answer: Authenticator.Answer?
    private let start: Instant

    /// How long wrong credentials wait for their answer.
    static let delay = Duration.seconds(1)

    init(on worker: Worker, observer: any LoginObserver) {
        self.worker = worker
        start = worker.loop.now
        self.observer = observer
    }

    func start(_ credentials: Credentials, of client: IPAddress, by authenticator: Authenticator) {
        let ticket = worker.logins.add(self)
        let mailbox = worker.mailbox
        let known = authenticator.check(credentials, of: client, at: worker.loop.now) { answer in
            mailbox.post { worker in worker.logins.remove(ticket)?.checked(answer) }
        }
        if let known {
            _ = worker.logins.remove(ticket)
            checked(known)
        }
    }

    /// Gives up; the observer hears nothing more.
    func cancel() {
        observer = nil
        worker.loop.stopTimer(of: self)
    }

    override func deadlinePassed() {
        tell()
    }

    // MARK: - Private

    private func checked(_ answer: Authenticator.Answer) {
        self.answer = answer
        guard observer != nil else { return }
        switch answer.identity.result {
        // Refused unseen or not: an answer at once would invite the next guess.
        case .wrong, .lockedOut: worker.failureTimers.start(self)
        default: tell()
        }
    }

    private func tell() {
        guard let observer, let answer else { return }
        self.observer = nil
        observer.loggedIn(answer, after: worker.loop.now.microseconds(since: start))
    }
}
