@testable import EventLoop

/// A handler that does what a test says.
final class ScriptedHandler: EventHandler {
    var onReady: (Readiness, UInt32) -> Void = { _, _ in }
    var onAgain: () -> Void = {}
    var onDeadline: () -> Void = {}
    var onEnd: () -> Void = {}

    deinit {
        onEnd()
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        onReady(readiness, tag)
    }

    override func again() {
        onAgain()
    }

    override func deadlinePassed() {
        onDeadline()
    }
}
