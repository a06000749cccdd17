import AccessLog
import Addressing
import Testing

@testable import Proxy

@Suite("Passwords that wait to be hashed")
struct JobQueueTests {
    private static func job(_ client: UInt8, password: UInt8 = 1, isSuspect: Bool = false) -> JobQueue.Job {
        var code = HMAC(key: [client])
        let pair = [client, password]
        code.update(pair.span)
        return JobQueue.Job(
            client: IPAddress(192, 0, 2, client),
            credentials: Credentials(.init(userName: [client], password: [password])), pair: code.finalize(),
            isSuspect: isSuspect, answers: [{ _ in }])
    }

    private static func number(_ job: JobQueue.Job?) -> UInt8? { job?.credentials.name.first }

    @Test("One job of a client runs at a time, and clients take turns")
    func turns() throws {
        var queue = JobQueue(width: 2)
        for (client, password) in [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1)] as [(UInt8, UInt8)] {
            let isTaken = queue.add(Self.job(client, password: password))
            #expect(isTaken)
        }
        let one = queue.next()
        let first = try #require(one)
        let other = queue.next()
        let second = try #require(other)
        #expect(Self.number(first) == 1 && Self.number(second) == 2)
        let none = queue.next()
        #expect(none == nil, "as many run as may")
        queue.finished(first)
        let third = queue.next()
        #expect(Self.number(third) == 3, "the first client's next job is behind the others")
        queue.finished(second)
        let last = queue.next()
        #expect(Self.number(last) == 1)
    }

    @Test("Who was wrong lately waits until nobody else does")
    func suspects() throws {
        var queue = JobQueue(width: 1)
        for client in 1...3 as ClosedRange<UInt8> { _ = queue.add(Self.job(client, isSuspect: true)) }
        _ = queue.add(Self.job(9))
        let one = queue.next()
        let first = try #require(one)
        #expect(Self.number(first) == 9)
        queue.finished(first)
        let last = queue.next()
        #expect(Self.number(last) == 1)
    }

    @Test("Requests of one client with the same credentials wait for one hash")
    func together() throws {
        var queue = JobQueue(width: 1)
        var taken = 0
        for _ in 0..<100 where queue.add(Self.job(1)) { taken += 1 }
        #expect(taken == 100)
        let one = queue.next()
        let first = try #require(one)
        #expect(first.answers.count == 100)
        queue.finished(first)
        let none = queue.next()
        #expect(none == nil)
        var isTaken = true
        for _ in 0..<2000 where isTaken { isTaken = queue.add(Self.job(1)) }
        #expect(!isTaken, "bounded all the same")
    }

    @Test("The room is bounded for each client and in all, and suspects get half of it")
    func bounds() {
        var queue = JobQueue(width: 1)
        var own = 0
        for password in 0..<20 as Range<UInt8> where queue.add(Self.job(1, password: password)) { own += 1 }
        #expect(own == 16)
        var all = JobQueue(width: 1)
        var taken = 0
        for client in 0..<250 as Range<UInt8> {
            for password in 0..<16 as Range<UInt8>
            where all.add(Self.job(client, password: password, isSuspect: true)) { taken += 1 }
        }
        #expect(taken == 512)
        let isTaken = all.add(Self.job(255))
        #expect(isTaken)
    }
}
