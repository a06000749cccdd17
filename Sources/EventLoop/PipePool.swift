import CLinux
import Glibc

/// A pipe through which a tunnel's bulk passes without entering user space.
final class Pipe {
    let readEnd: FileDescriptor
    let writeEnd: FileDescriptor
    /// Bytes it holds at most.
    let capacity: Int
    /// Bytes in it now.
    var filled = 0
    /// Bytes that came through since it was borrowed.
    var passed = 0

    /// - Returns: nil when no pipe is to be had, or only one too small to be worth its two system calls.
    init?() {
        var ends: [CInt] = [-1, -1]
        guard pipe2(&ends, O_NONBLOCK | O_CLOEXEC) == 0 else { return nil }
        readEnd = FileDescriptor(owning: ends[0])
        writeEnd = FileDescriptor(owning: ends[1])
        let granted = fcntl(ends[1], SALLYPORT_SET_PIPE_SIZE, Self.wanted)
        // Past a user's quota (fs.pipe-user-pages-soft) new pipes are of a page or two: copying beats those.
        capacity = granted > 0 ? Int(granted) : Int(fcntl(ends[1], SALLYPORT_GET_PIPE_SIZE))
        if capacity < Self.least { return nil }
    }

    private static let wanted: CInt = 1 << 20
    private static let least = 1 << 16
}

/// The spare pipes of a loop. A tunnel borrows one for a burst of bulk and gives it back empty.
public final class PipePool {
    private var spare: [Pipe] = []
    /// Pipes lent and not given back.
    public private(set) var lent = 0

    private let load: LoopLoad
    private let make: () -> Pipe?
    /// How many more times nobody tries to make one: the last try has failed.
    private var rest = 0

    private static let mostSpare = 16
    /// A try that fails costs a handful of system calls.
    private static let restAfterFailure = 256

    init(_ load: LoopLoad, make: @escaping () -> Pipe? = { Pipe() }) {
        self.load = load
        self.make = make
    }

    /// An empty pipe; nil when none is to be had: the tunnel then goes on copying.
    func borrow() -> Pipe? {
        guard let pipe = spare.popLast() ?? made() else { return nil }
        lent += 1
        load.pipesChanged(lent: lent, spare: spare.count)
        pipe.passed = 0
        return pipe
    }

    /// Takes a pipe back; one with bytes in it is closed.
    func giveBack(_ pipe: Pipe) {
        lent -= 1
        if pipe.filled == 0 && spare.count < Self.mostSpare { spare.append(pipe) }
        load.pipesChanged(lent: lent, spare: spare.count)
    }

    // MARK: - Private

    /// A new pipe. Where none is to be had, past the user's quota, it takes some time until it is tried again.
    private func made() -> Pipe? {
        guard rest == 0 else {
            rest -= 1
            return nil
        }
        let pipe = make()
        if pipe == nil { rest = Self.restAfterFailure }
        return pipe
    }
}
