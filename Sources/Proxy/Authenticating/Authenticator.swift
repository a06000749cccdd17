import AccessLog
import Addressing
import Dispatch
import EventLoop
import Glibc
import Synchronization
import Users

/// Verifies passwords for all workers.
///
/// Hashes are slow by design: they are computed on threads of low priority, a few at a time and one for each client, and a
/// pair that was right is remembered as a keyed hash, so that the next request costs a look-up.
///
///     remembered? ──▶ ok                  (a request's usual way: no queue)
///     locked out? ──▶ refused, unseen
///     queue full? ──▶ busy
///     otherwise   ──▶ hashed, one client after the other ──▶ ok, or wrong and counted
public final class Authenticator: Sendable {
    /// Whether whoever shows nothing is refused; otherwise they are anonymous.
    public let isRequired: Bool
    private let table: Mutex<UserTable>
    private let verified = Mutex(VerifiedPairs())
    private let failures: Mutex<FailureCounter>
    private let jobs: Mutex<JobQueue>
    private let key: HMAC
    private let queue: PatientQueue

    /// How a client's credentials came out.
    struct Answer: Sendable {
        let identity: Identity
        /// Whether a hash was computed for it.
        var wasHashed = false
    }

    /// - Parameters:
    ///   - isRequired: whether whoever shows nothing is refused.
    ///   - mostFailures: wrong credentials from one address in a minute before it is locked out; 0 locks nobody out.
    public init(_ table: UserTable, isRequired: Bool, mostFailures: Int) {
        self.table = Mutex(table)
        self.isRequired = isRequired
        failures = Mutex(FailureCounter(most: mostFailures))
        let width = max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))) / 2)
        jobs = Mutex(JobQueue(width: width))
        queue = PatientQueue(width: width)
        key = HMAC(key: (0..<32).map { _ in UInt8.random(in: .min ... .max) })
    }

    /// Puts other users in force; what was remembered is forgotten.
    public func replace(_ table: UserTable) {
        self.table.withLock { $0 = table }
        verified.withLock { $0.removeAll() }
    }

    /// - Parameter answer: called on another thread if this returns nil.
    /// - Returns: what is known without hashing.
    func check(
        _ credentials: Credentials, of client: IPAddress, at now: Instant, answer: @escaping @Sendable (Answer) -> Void
    ) -> Answer? {
        let client = client.network
        if failures.withLock({ $0.isLockedOut(client, at: now) }) {
            return Answer(identity: Identity(.lockedOut, claimed: credentials.name, credentials.method))
        }
        let pair = digest(credentials)
        if let identity = verified.withLock({ $0.identity(of: pair, at: now) }) { return Answer(identity: identity) }
        let job = JobQueue.Job(
            client: client, credentials: credentials, pair: pair,
            isSuspect: failures.withLock { $0.isSuspect(client, at: now) }, answers: [answer])
        let (isTaken, next) = jobs.withLock { ($0.add(job), $0.next()) }
        guard isTaken else {
            return Answer(identity: Identity(.busy, claimed: credentials.name, credentials.method))
        }
        if let next { run(next) }
        return nil
    }

    // MARK: - Private

    /// What stands for a pair in memory: nothing of the password can be had from it, and no other pair has it.
    private func digest(_ credentials: Credentials) -> Digest {
        var code = key
        let length: [UInt8] = [
            credentials.method == .basic ? 0 : 1, UInt8(truncatingIfNeeded: credentials.name.count),
            UInt8(truncatingIfNeeded: credentials.name.count >> 8),
        ]
        code.update(length.span)
        code.update(credentials.name.span)
        code.update(credentials.password.span)
        return code.finalize()
    }

    private func run(_ job: JobQueue.Job) {
        queue.async {
            let answer = self.verify(job)
            for tell in job.answers { tell(answer) }
            let next = self.jobs.withLock { jobs in
                jobs.finished(job)
                return jobs.next()
            }
            if let next { self.run(next) }
        }
    }

    private func verify(_ job: JobQueue.Job) -> Answer {
        let credentials = job.credentials
        let now = Instant.now()
        // Another request of this client may have had the same credentials, or one wrong too many.
        if let identity = verified.withLock({ $0.identity(of: job.pair, at: now) }) {
            return Answer(identity: identity)
        }
        if failures.withLock({ $0.isLockedOut(job.client, at: now) }) {
            return Answer(identity: Identity(.lockedOut, claimed: credentials.name, credentials.method))
        }
        let name = String(validating: credentials.name, as: UTF8.self)
        let (hash, decoy) = table.withLock { table in (name.flatMap { table.hash(of: $0) }, table.decoy) }
        let isRight = (hash ?? decoy)?.matches(credentials.password) == true
        let done = Instant.now()
        guard isRight, hash != nil, let name else {
            failures.withLock { $0.failed(job.client, at: done) }
            return Answer(identity: Identity(.wrong, claimed: credentials.name, credentials.method), wasHashed: true)
        }
        let identity = Identity(user: name, credentials.method)
        // Unless the users were replaced meanwhile.
        if table.withLock({ $0.hash(of: name) }) == hash {
            verified.withLock { $0.remember(identity, as: job.pair, at: done) }
        }
        return Answer(identity: identity, wasHashed: true)
    }
}
