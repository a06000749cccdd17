import Glibc

/// The new process's side of an upgrade: what `sallyport upgrade`, its parent, has passed to it.
struct Takeover {
    private let former: PacketSocket
    /// The former process's standard error, for the time when this one serves.
    private let complaints: CInt
    private let command: CInt

    /// Three descriptors, in this order.
    static let variable = "SALLYPORT_UPGRADE"

    /// Nil for an ordinary start. Takes the variable out of the environment.
    init?() {
        guard let value = getenv(Self.variable) else { return nil }
        let numbers = String(cString: value).split(separator: ",").compactMap { CInt($0) }
        unsetenv(Self.variable)
        guard numbers.count == 3, numbers.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else { return nil }
        (former, complaints, command) = (PacketSocket(descriptor: numbers[0]), numbers[1], numbers[2])
    }

    /// Has the former process end the log, so that it can be opened here.
    func takeLog() throws(UpgradeError) {
        former.wait(atMost: 60)
        guard former.send(["log"]), let answer = former.receive() else {
            throw UpgradeError("the process to be replaced is gone")
        }
        guard answer.words.first == "yes" else { throw UpgradeError(answer.words.last ?? "") }
    }

    /// The proxy serves: the former process shall drain, and the command come to its end.
    func ready() {
        former.send(["ready", "\(getpid())"])
        former.close()
        dup2(complaints, STDERR_FILENO)
        close(complaints)
        _ = write(command, "1", 1)
        close(command)
    }
}
