import Glibc
import Testing

@testable import EventLoop

@Suite("The pool of pipes")
struct PipePoolTests {
    /// Runs `body` with the pool of a loop.
    private static func with(_ body: @escaping @Sendable (PipePool) throws -> Void) throws {
        try RunningLoop().run { stage in try body(stage.loop.pipes) }
    }

    @Test("A pipe given back empty is lent again")
    func reuses() throws {
        try Self.with { pool in
            let pipe = try #require(pool.borrow())
            #expect(pool.lent == 1)
            pool.giveBack(pipe)
            #expect(pool.lent == 0)
            #expect(pool.borrow() === pipe)
        }
    }

    @Test("A pipe with bytes in it is closed, not lent to the next tunnel")
    func closesDirty() throws {
        try Self.with { pool in
            let dirty = try #require(pool.borrow())
            dirty.filled = 1
            pool.giveBack(dirty)
            #expect(pool.lent == 0)
            let next = try #require(pool.borrow())
            #expect(next !== dirty)
            #expect(next.filled == 0)
        }
    }

    @Test("A pool keeps sixteen spare pipes and closes the rest")
    func bounded() throws {
        try Self.with { pool in
            var pipes: [Pipe] = []
            for _ in 0..<18 { pipes.append(try #require(pool.borrow())) }
            for pipe in pipes { pool.giveBack(pipe) }
            var lentAgain = 0
            for _ in 0..<18 {
                let pipe = try #require(pool.borrow())
                if pipes.contains(where: { $0 === pipe }) { lentAgain += 1 }
            }
            #expect(lentAgain == 16)
        }
    }

    @Test("Where no pipe is to be had none is tried for a while; one given back serves at once")
    func quota() throws {
        final class Kernel {
            var left = 1
            var tries = 0
        }
        let kernel = Kernel()
        let pool = PipePool(LoopLoad()) {
            kernel.tries += 1
            kernel.left -= 1
            return kernel.left >= 0 ? Pipe() : nil
        }
        let only = try #require(pool.borrow())
        for _ in 0..<200 { #expect(pool.borrow() == nil) }
        #expect(kernel.tries == 2)
        pool.giveBack(only)
        #expect(pool.borrow() === only)
        kernel.left = 1
        var asked = 0
        while pool.borrow() == nil { asked += 1 }
        #expect(asked <= 256 && kernel.tries == 3)
    }

    @Test("A pipe neither blocks nor survives an exec, and holds a read in full")
    func flags() throws {
        try Self.with { pool in
            let pipe = try #require(pool.borrow())
            for end in [pipe.readEnd.raw, pipe.writeEnd.raw] {
                #expect(fcntl(end, F_GETFL) & O_NONBLOCK != 0)
                #expect(fcntl(end, F_GETFD) & FD_CLOEXEC != 0)
            }
            #expect(pipe.capacity >= 64 * 1024)
        }
    }
}
