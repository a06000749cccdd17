import Glibc
import Testing

@testable import AccessLog

@Suite("A second log")
struct LogCopyTests {
    static func batch() -> RecordBatch {
        let batch = RecordBatch()
        for record in SampleLog.records { batch.append(record) }
        return batch
    }

    @Test("It has each final record in its form, and nothing else", arguments: LogFormat.allCases)
    func formats(format: LogFormat) throws {
        let file = try TemporaryFile()
        let second = file.folder + "/second.log"
        defer { _ = unlink(second) }
        var options = LogWriter.Options()
        options.copy = (second, format)
        let expected = format.head + LogFormatTests.converted(format).joined()
        for _ in 0..<2 {
            let writer = try LogWriter(path: file.path, options: options)
            writer.begin()
            writer.submit(Self.batch())
            #expect(writer.close(within: .seconds(10)))
        }
        guard format != .ecs else {
            // It carries the numbers of the lines, which here begin at 2.
            return #expect(TemporaryFile.read(second).split(separator: 10).count == 10)
        }
        let twice = LogFormatTests.converted(format).joined()
        if format == .csv {
            #expect(TemporaryFile.read(second).split(separator: 10).count == 11)
        } else {
            #expect(String(decoding: TemporaryFile.read(second), as: UTF8.self) == expected + twice)
        }
    }

    @Test("When it is moved away the next record begins a new one")
    func moved() throws {
        let file = try TemporaryFile()
        let second = file.folder + "/second.log"
        let old = file.folder + "/second.old"
        defer { for path in [second, old] { _ = unlink(path) } }
        var options = LogWriter.Options()
        options.copy = (second, .csv)
        let writer = try LogWriter(path: file.path, options: options)
        writer.submit(Self.batch())
        #expect(writer.flush(within: .seconds(10)))
        #expect(rename(second, old) == 0)
        writer.submit(Self.batch())
        #expect(writer.close(within: .seconds(10)))
        for path in [second, old] {
            let lines = TemporaryFile.read(path).split(separator: 10)
            #expect(lines.count == 6)
            #expect(String(decoding: lines[0], as: UTF8.self) + "\n" == LogFormat.csv.head)
        }
    }

    @Test("When it is full the first log goes on, and the operator is told once")
    func full() throws {
        let file = try TemporaryFile()
        let person = LogWriterTests.Operator()
        var options = person.options
        options.copy = ("/dev/full", .squid)
        let writer = try LogWriter(path: file.path, options: options)
        for _ in 0..<3 {
            writer.submit(Self.batch())
            #expect(writer.flush(within: .seconds(10)))
        }
        #expect(!writer.isStalled)
        #expect(writer.close(within: .seconds(10)))
        #expect(writer.counters.written == 15)
        #expect(
            person.warnings.withLock { $0 } == [
                "can't write the log /dev/full: No space left on device; what does not fit into 4 MiB is left out"
            ])
    }

    @Test("One that can't be opened is an error at the start")
    func cannotOpen() throws {
        let file = try TemporaryFile()
        var options = LogWriter.Options()
        options.copy = (file.folder, .squid)
        #expect(throws: LogError.cannotOpen(path: file.folder, errorNumber: EISDIR)) {
            try LogWriter(path: file.path, options: options)
        }
    }
}
