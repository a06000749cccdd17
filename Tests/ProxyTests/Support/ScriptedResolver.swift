import Addressing
import Dispatch
import Synchronization

@testable import Proxy

/// Answers look-ups from a table; names that are not in it wait until the test answers.
final class ScriptedResolver: Resolver {
    private struct Waiting: Sendable {
        let name: String
        let completion: @Sendable (Resolution) -> Void
    }

    private let answers: [String: Resolution.Answer]
    private let names = Mutex<[String]>([])
    private let waiting = Mutex<[Waiting]>([])
    private let isWaiting = DispatchSemaphore(value: 0)
    /// Not the global one, whose few threads the waiting tests have.
    private let queue = DispatchQueue(label: "sallyport.test.resolver")

    init(_ answers: [String: Resolution.Answer] = [:]) {
        self.answers = answers
    }

    /// What was looked up, in order.
    var asked: [String] { names.withLock { $0 } }

    func resolve(_ name: HostName, completion: @escaping @Sendable (Resolution) -> Void) {
        names.withLock { $0.append(name.text) }
        if let answer = answers[name.text] {
            queue.async { completion(Resolution(answer, from: .query)) }
        } else {
            waiting.withLock { $0.append(Waiting(name: name.text, completion: completion)) }
            isWaiting.signal()
        }
    }

    /// Waits until a look-up waits; the way to answer it.
    func nextWaiting() throws -> @Sendable (Resolution.Answer) -> Void {
        guard isWaiting.wait(timeout: .now() + 10) == .success else {
            throw Connection.Failure(description: "nothing was looked up in time")
        }
        let completion = waiting.withLock { $0.removeFirst().completion }
        return { completion(Resolution($0, from: .query)) }
    }
}
