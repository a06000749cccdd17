import Addressing
import Dispatch
import EventLoop
import Glibc
import Synchronization

/// The load as the main thread sees it: questions put to its loop, and their answers waited for.
final class TrafficControl: Sendable {
    let origins: Origins
    private let mailbox: Mailbox<Traffic>

    /// Longer than any turn of the loop.
    private static let patience = DispatchTimeInterval.seconds(10)

    private struct Start {
        let origins: Origins
        let mailbox: Mailbox<Traffic>
    }

    init() throws(BenchError) {
        let box = AnswerBox<Result<Start, Errno>>()
        do throws(Errno) {
            try EventLoop.start(name: "sallyport-bench.traffic") { loop in
                let traffic = Traffic(on: loop)
                do throws(Errno) {
                    let mailbox = try Mailbox(of: traffic, on: loop)
                    box.put(.success(Start(origins: try traffic.listen(), mailbox: mailbox)))
                } catch {
                    box.put(.failure(error))
                }
            }
            guard let result = box.wait(Self.patience) else { throw Errno.timedOut }
            let start = try result.get()
            origins = start.origins
            mailbox = start.mailbox
        } catch {
            throw BenchError("the load's event loop can't start: \(error)")
        }
    }

    /// Lets clients begin, besides those that are at work.
    func add(_ plan: LoadPlan) throws(BenchError) {
        try ask { $0.add(plan) }
    }

    /// Waits until so many operations are done, and takes their count.
    func wait(forOperations wanted: Int) throws(BenchError) {
        let limit = ContinuousClock.now + .seconds(10)
        var done = 0
        while done < wanted {
            let count = try ask { $0.takeCount() }.count
            if let error = count.firstError { throw BenchError(error) }
            done += Int(count.operations)
            guard ContinuousClock.now < limit else { throw BenchError("only \(done) of \(wanted) got through") }
            if done < wanted { usleep(1000) }
        }
    }

    /// Where names are looked up.
    func startNameServer() throws(BenchError) -> Endpoint {
        let result = try ask { traffic in Result { () throws(Errno) in try traffic.startNameServer() } }
        do throws(Errno) {
            return try result.get()
        } catch {
            throw BenchError("the name server can't start: \(error)")
        }
    }

    /// What was done since the last call or the beginning, and what the clocks say at that moment.
    func takeCount(beside processes: ProcessTree) throws(BenchError) -> (count: LoadCount, at: Moment) {
        try ask { traffic in (traffic.takeCount().count, Moment(processes)) }
    }

    /// What was done since then, by those who are measured and by their company.
    func takeCounts() throws(BenchError) -> (count: LoadCount, company: LoadCount) {
        try ask { $0.takeCount() }
    }

    /// Closes all clients, and waits until the origins see their connections closed too.
    func end() throws(BenchError) {
        try ask { $0.end() }
        let limit = ContinuousClock.now + .seconds(2)
        while try ask({ $0.originConnections }) > 0, ContinuousClock.now < limit { usleep(2000) }
    }

    // MARK: - Private

    private func ask<Answer: Sendable>(_ question: @escaping @Sendable (Traffic) -> Answer) throws(BenchError) -> Answer
    {
        let box = AnswerBox<Answer>()
        mailbox.post { traffic in box.put(question(traffic)) }
        guard let answer = box.wait(Self.patience) else { throw BenchError("the load's event loop doesn't answer") }
        return answer
    }
}

/// The clocks at one moment, in seconds.
struct Moment: Sendable {
    let time = Double(Instant.now().nanoseconds) / 1e9
    /// Processor time of the processes under test.
    let spent: Double
    /// Processor time of this process.
    let own = ProcessorTime.own

    init(_ processes: ProcessTree) {
        spent = processes.livingSeconds
    }
}

/// Room for one answer on its way between threads.
private final class AnswerBox<Answer: Sendable>: Sendable {
    private let answer = Mutex<Answer?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func put(_ value: Answer) {
        answer.withLock { $0 = value }
        isThere.signal()
    }

    /// Nil if none came in time.
    func wait(_ patience: DispatchTimeInterval) -> Answer? {
        guard isThere.wait(timeout: .now() + patience) == .success else { return nil }
        return answer.withLock { $0 }
    }
}
