import Dispatch
import Glibc
import Synchronization
import Testing

@testable import AccessLog

@Suite("The writer")
struct LogWriterTests {
    static func batch(_ count: Int, worker: UInt16 = 0, from first: Int = 1, text: String = "x") -> RecordBatch {
        let batch = RecordBatch()
        var record = Record()
        for number in first..<first + count {
            record.reset()
            record.connection = ConnectionID(run: 1, worker: worker, number: UInt64(number))
            record.set(.path, text)
            batch.append(record)
        }
        return batch
    }

    /// Takes notes of what the writer says.
    final class Operator: Sendable {
        let warnings = Mutex<[String]>([])
        /// Signalled after each change of `isStalled`.
        let stallChanged = DispatchSemaphore(value: 0)

        var options: LogWriter.Options {
            var options = LogWriter.Options()
            options.firstRetry = .milliseconds(1)
            options.longestRetry = .milliseconds(4)
            options.warn = { [self] line in warnings.withLock { $0.append(line) } }
            options.stallChanged = { [self] in _ = stallChanged.signal() }
            return options
        }

        func waitForStallChange() -> Bool {
            stallChanged.wait(timeout: .now() + 10) == .success
        }
    }

    @Test("Lines are numbered from 1 in the order of the file")
    func numbers() throws {
        let file = try TemporaryFile()
        let writer = try LogWriter(path: file.path)
        let batch = RecordBatch()
        var record = Record()
        for kind in [Record.Kind.open, .update, .request] {
            record.kind = kind
            batch.append(record)
        }
        writer.submit(batch)
        #expect(batch.isEmpty)
        batch.append(
            LogEvent(.stop, at: 0, [("signal", .text("TERM")), ("records", .number(3)), ("clean", .flag(true))]))
        writer.submit(batch)
        #expect(writer.close(within: .seconds(10)))
        let lines = file.lines
        try #require(lines.count == 5)
        #expect(lines[0].hasPrefix(#"{"v":1,"type":"open","seq":1,"id":"0-0-0.1""#))
        #expect(lines[1].hasPrefix(#"{"v":1,"type":"update","seq":2,"id":"0-0-0.1""#))
        #expect(lines[2].hasPrefix(#"{"v":1,"type":"request","seq":3,"id":"0-0-0.1""#))
        #expect(
            lines[3] == #"{"v":1,"type":"event","seq":4,"start":"1970-01-01T00:00:00.000000Z","event":"stop","#
                + #""signal":"TERM","records":3,"clean":true}"#)
        let bytes = UInt64(file.contents.count)
        #expect(writer.counters == LogWriter.Counters(submitted: 4, written: 4, bytes: bytes, lost: 0, seals: 1))
    }

    @Test("Batches of several threads come out whole, numbered without gaps, and each thread's in its order")
    func threads() throws {
        let file = try TemporaryFile()
        let writer = try LogWriter(path: file.path)
        let threads = 4
        let rounds = 20
        DispatchQueue.concurrentPerform(iterations: threads) { worker in
            for round in 0..<rounds {
                writer.submit(Self.batch(5, worker: UInt16(worker), from: round * 5, text: "a\r\nb"))
            }
        }
        #expect(writer.close(within: .seconds(10)))
        var next = [Int](repeating: 0, count: threads)
        for (index, line) in file.lines.enumerated() {
            let members = try members(line.utf8)
            #expect(members["seq"] as? Int == index + 1)
            if members["type"] as? String == "seal" { continue }
            let worker = try #require(members["worker"] as? Int)
            #expect(members["conn"] as? String == "1-\(worker)-\(next[worker])")
            next[worker] += 1
        }
        #expect(next == [Int](repeating: rounds * 5, count: threads))
    }

    @Test("What a write leaves over follows with the next", arguments: [true, false])
    func shortWrites(isNonBlocking: Bool) throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        if isNonBlocking { _ = fcntl(writeEnd, F_SETFL, O_NONBLOCK) }
        let writer = LogWriter(
            path: "pipe", file: LogFile(descriptor: writeEnd, isOwned: true), options: LogWriter.Options())
        let text = String(repeating: "x", count: 1000)
        for first in 0..<20 { writer.submit(Self.batch(10, from: first * 10, text: text)) }
        let closed = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            if writer.close(within: .seconds(10)) { closed.signal() }
        }
        let bytes = TemporaryFile.readToEnd(readEnd)
        #expect(closed.wait(timeout: .now() + 10) == .success)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        #expect(lines.count >= 202)
        for index in stride(from: 0, to: lines.count - 1, by: 10) {
            #expect(try members(lines[index])["seq"] as? Int == index + 1)
        }
    }

    @Test("On a full disk lines wait, the operator is told once, and all are written when there is room again")
    func fullDisk() throws {
        let file = try TemporaryFile()
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        let person = Operator()
        let writer = LogWriter(
            path: "full.log", file: LogFile(descriptor: full, isOwned: true), options: person.options)
        writer.submit(Self.batch(3))
        #expect(person.waitForStallChange())
        #expect(writer.isStalled)
        writer.submit(Self.batch(3, from: 4))
        #expect(!writer.flush(within: .milliseconds(20)))
        #expect(
            person.warnings.withLock { $0 } == [
                "can't write the log full.log: No space left on device; 3 records wait, accepting pauses"
            ])
        #expect(writer.counters == LogWriter.Counters(submitted: 6, written: 0, bytes: 0, lost: 0))

        let room = open(file.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(dup2(room, full) == full)
        _ = close(room)
        #expect(person.waitForStallChange())
        #expect(!writer.isStalled)
        #expect(writer.close(within: .seconds(10)))
        #expect(person.warnings.withLock { $0.dropFirst() } == ["the log full.log is written again"])
        #expect(file.lines.count == 7)
        for (index, line) in file.lines.enumerated() { #expect(try members(line.utf8)["seq"] as? Int == index + 1) }
    }

    @Test("A reader that stops reading stalls the log once too much waits, and never the loop")
    func slowReader() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        let person = Operator()
        var options = person.options
        options.maxBacklogBytes = 200_000
        let writer = LogWriter(path: "pipe", file: LogFile(descriptor: writeEnd, isOwned: true), options: options)
        var count = 0
        while !writer.isStalled {
            try #require(count < 10_000)
            writer.submit(Self.batch(10, from: count, text: String(repeating: "x", count: 1000)))
            count += 10
        }
        #expect(person.waitForStallChange())
        DispatchQueue.global().async { _ = TemporaryFile.readToEnd(readEnd) }
        #expect(person.waitForStallChange())
        #expect(!writer.isStalled)
        #expect(writer.close(within: .seconds(10)))
        #expect(writer.counters.written == UInt64(count))
        #expect(person.warnings.withLock { $0 } == [])
    }

    @Test("Closing ends in time when the reader has gone, and says that lines are left")
    func brokenPipe() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        _ = close(ends[0])
        let person = Operator()
        let writer = LogWriter(path: "pipe", file: LogFile(descriptor: ends[1], isOwned: true), options: person.options)
        writer.submit(Self.batch(1))
        #expect(!writer.close(within: .milliseconds(20)))
        #expect(
            person.warnings.withLock { $0 } == [
                "can't write the log pipe: Broken pipe; 1 records wait, accepting pauses"
            ])
    }

    @Test("Lines that come after the end are counted as lost")
    func afterClose() throws {
        let file = try TemporaryFile()
        let writer = try LogWriter(path: file.path)
        writer.submit(Self.batch(1))
        #expect(writer.close(within: .seconds(10)))
        writer.submit(Self.batch(2))
        #expect(writer.close(within: .seconds(10)))
        #expect(writer.counters.submitted == 1)
        #expect(writer.counters.lost == 2)
        #expect(file.lines.count == 2)
    }

    @Test("A log is appended to, and a new one is for its owner and group alone")
    func opening() throws {
        let file = try TemporaryFile()
        try #require(try LogWriter(path: file.path).close(within: .seconds(1)))
        var status = stat()
        #expect(stat(file.path, &status) == 0)
        #expect(status.st_mode & 0o137 == 0)
        for _ in 0..<2 {
            let writer = try LogWriter(path: file.path)
            writer.submit(Self.batch(1))
            #expect(writer.close(within: .seconds(10)))
        }
        #expect(file.lines.count == 4)
    }

    @Test("A log that can't be opened is an error that names it")
    func openErrors() throws {
        let file = try TemporaryFile()
        let missing = file.folder + "/missing/access.log"
        #expect(throws: LogError.cannotOpen(path: missing, errorNumber: ENOENT)) { try LogWriter(path: missing) }
        #expect(throws: LogError.cannotOpen(path: file.folder, errorNumber: EISDIR)) {
            try LogWriter(path: file.folder)
        }
        #expect(
            LogError.cannotOpen(path: "logs/access.log", errorNumber: ENOENT).description
                == "can't open the log logs/access.log: No such file or directory")
    }
}
