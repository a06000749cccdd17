import Addressing
import EventLoop

/// Which address is tried when, and for how long: Happy Eyeballs, without sockets.
///
/// The next address is tried 250 ms after the one before, or at once when one has failed; those that are under way go on.
/// The first to connect wins.
///
///     next ──▶ connect ──▶ (connected) done
///      ▲  ╲──▶ abandon       (failed) next
///      ╰── wait
///
/// Spec: RFC 8305 §5.
struct DialPlan {
    /// An attempt that came to nothing.
    struct Failure {
        let address: IPAddress
        /// `timedOut` also for one that another has overtaken.
        let error: Errno
        /// How long it took.
        let microseconds: Int64
    }

    /// What is to be done now.
    enum Step: Equatable {
        /// Begin an attempt. Its number is the place of its address.
        case connect(attempt: Int, IPAddress)
        /// Close it: its time is up.
        case abandon(attempt: Int)
        /// Come again then, or when something has happened.
        case wait(until: Instant)
        /// All have failed, or the time is up.
        case fail
    }

    private struct Attempt {
        let started: Instant
        var ended: Instant?
        var error: Errno?
    }

    private let addresses: [IPAddress]
    /// One for each address that has been tried, in their order.
    private var attempts = Few<Attempt>()
    private var running = 0
    private var nextAt: Instant
    private let deadline: Instant
    /// Nanoseconds.
    private let delay: Int64
    private let attemptTimeout: Int64

    /// Between the beginnings of two attempts, where the time for all of them allows; nanoseconds.
    private static let attemptDelay: Int64 = 250_000_000

    /// - Parameters:
    ///   - addresses: in the order in which they are to be tried; at least one.
    ///   - timeout: nanoseconds for all attempts together. One of several gets half of it at most, and each gets its turn.
    init(_ addresses: [IPAddress], timeout: Int64, at now: Instant) {
        precondition(!addresses.isEmpty, "a plan without an address")
        self.addresses = addresses
        nextAt = now
        deadline = now.advanced(byNanoseconds: timeout)
        delay = min(Self.attemptDelay, timeout / Int64(addresses.count))
        attemptTimeout = addresses.count == 1 ? timeout : timeout / 2
    }

    /// To be asked until it says `wait` or `fail`: at the beginning, after each failure, and when a wait is over.
    mutating func next(at now: Instant) -> Step {
        if let late = attempts.firstIndex(where: { $0.ended == nil && now >= end(of: $0) }) {
            failed(late, .timedOut, at: now)
            return .abandon(attempt: late)
        }
        guard now < deadline else { return .fail }
        if attempts.count < addresses.count {
            guard running > 0, now < nextAt else { return connect(at: now) }
        } else if running == 0 {
            return .fail
        }
        var wake = attempts.count < addresses.count ? nextAt : deadline
        for index in attempts.indices where attempts[index].ended == nil {
            wake = min(wake, end(of: attempts[index]))
        }
        return .wait(until: wake)
    }

    /// An attempt has failed that was under way.
    mutating func failed(_ number: Int, _ error: Errno, at now: Instant) {
        attempts[number].ended = now
        attempts[number].error = error
        running -= 1
        nextAt = now
    }

    /// An attempt has come about. Those that began before it were too slow; those after it are of no account.
    mutating func connected(_ number: Int, at now: Instant) {
        for index in attempts.indices where attempts[index].ended == nil {
            attempts[index].ended = now
            if index < number { attempts[index].error = .timedOut }
        }
        running = 0
    }

    /// Whether there is more than one address.
    var hasAlternatives: Bool { addresses.count > 1 }

    /// Every attempt that has failed or was overtaken, in the order in which they began.
    var failures: [Failure] {
        guard attempts.contains(where: { $0.error != nil }) else { return [] }
        return attempts.indices.compactMap { index in
            let attempt = attempts[index]
            guard let error = attempt.error, let ended = attempt.ended else { return nil }
            return Failure(
                address: addresses[index], error: error, microseconds: ended.microseconds(since: attempt.started))
        }
    }

    // MARK: - Private

    private func end(of attempt: Attempt) -> Instant {
        min(attempt.started.advanced(byNanoseconds: attemptTimeout), deadline)
    }

    private mutating func connect(at now: Instant) -> Step {
        let number = attempts.count
        attempts.append(Attempt(started: now))
        running += 1
        nextAt = now.advanced(byNanoseconds: delay)
        return .connect(attempt: number, addresses[number])
    }
}
