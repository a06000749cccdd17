import Addressing
import Dispatch
import Policy
import Testing

@testable import Proxy

@Suite("A worker that is stuck")
struct StuckWorkerTests {
    @Test("The workers answer when all of them go round, and not while one doesn't")
    func stuck() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        var configuration = Configuration()
        configuration.listeners = [.init(Endpoint(.loopbackV4, Port(0)))]
        configuration.workers = 2
        let server = try Server(configuration, ruleset: try Ruleset.load(path: folder["policy.conf"]), log: nil)
        server.serve()
        let answered = DispatchSemaphore(value: 0)
        server.whenWorkersAnswer { answered.signal() }
        #expect(answered.wait(timeout: .now() + 10) == .success)

        let (entered, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        server.workers[1].mailbox.post { _ in
            entered.signal()
            release.wait()
        }
        entered.wait()
        server.whenWorkersAnswer { answered.signal() }
        // The other has answered by then.
        let other = DispatchSemaphore(value: 0)
        server.workers[0].mailbox.post { _ in other.signal() }
        #expect(other.wait(timeout: .now() + 10) == .success)
        #expect(answered.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
        release.signal()
        #expect(answered.wait(timeout: .now() + 10) == .success)
        let stopped = DispatchSemaphore(value: 0)
        server.stop(grace: .zero) { stopped.signal() }
        #expect(stopped.wait(timeout: .now() + 10) == .success)
    }
}
