import Dispatch
import Synchronization

/// Clients that connect, ask for what is denied, and connect again, until they are told to end.
final class SteadyLoad: Sendable {
    private let group = DispatchGroup()
    private let isOver = Atomic<Bool>(false)
    private let answers = Atomic<Int>(0)
    private let failures = Mutex<[String]>([])

    init(port: UInt16, clients: Int = 3) {
        for _ in 0..<clients {
            DispatchQueue(label: "sallyport.test.load").async(group: group) { self.ask(port) }
        }
    }

    deinit {
        isOver.store(true, ordering: .relaxed)
    }

    /// Requests that were answered as they should.
    var answered: Int { answers.load(ordering: .relaxed) }

    /// - Returns: what went wrong.
    func end() throws -> [String] {
        isOver.store(true, ordering: .relaxed)
        guard group.wait(timeout: .now() + 20) == .success else {
            throw ChildProcess.Failure(description: "the clients have not come to an end")
        }
        return failures.withLock { $0 }
    }

    private func ask(_ port: UInt16) {
        while !isOver.load(ordering: .relaxed), failures.withLock({ $0.count }) < 10 {
            do {
                let client = try Client(port: port)
                try client.send("GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                let answer = try client.receiveToEnd()
                guard answer.hasPrefix("HTTP/1.1 403 ") else {
                    throw ChildProcess.Failure(description: "answered \"\(answer.prefix(40))\"")
                }
                answers.add(1, ordering: .relaxed)
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
    }
}
