import Dispatch
import Glibc
import Synchronization
import Testing

@testable import AccessLog

@Suite("A log that goes on")
struct LogContinuationTests {
    static func verified(_ paths: [String]) throws -> Verification {
        try LogVerifier.verify(paths)
    }

    static func run(_ path: String, _ options: LogWriter.Options = .init(), _ use: (LogWriter) throws -> Void) throws {
        let writer = try LogWriter(path: path, options: options)
        try use(writer)
        try #require(writer.close(within: .seconds(10)))
    }

    @Test("Numbers and the chain of seals go on over starts, and a start says how it found the log")
    func starts() throws {
        let file = try TemporaryFile()
        for _ in 0..<2 {
            try Self.run(file.path) { writer in
                writer.begin([("version", .text("1"))])
                writer.submit(LogWriterTests.batch(2))
                writer.submit(LogEvent(.stop, at: 0))
            }
        }
        let lines = file.lines
        #expect(lines.count == 10)
        #expect(lines[0].hasSuffix(#""event":"start","version":"1","chain":"new"}"#))
        #expect(lines[5].hasPrefix(#"{"v":1,"type":"event","seq":6,"#))
        #expect(lines[5].hasSuffix(#""event":"start","version":"1","chain":"continued"}"#))
        let result = try Self.verified([file.path])
        #expect(result.findings == [])
        #expect(result.unsealedLines == 0)
    }

    @Test("Wherever the program was cut off, the next start closes the line off and seals what was not sealed")
    func crash() throws {
        let file = try TemporaryFile()
        try Self.run(file.path) { $0.submit(LogWriterTests.batch(2, text: "é\n\u{1F98A}")) }
        let sealed = file.contents.count
        try Self.run(file.path) { $0.submit(LogWriterTests.batch(3, text: "é\n\u{1F98A}")) }
        let whole = file.contents
        for count in stride(from: sealed, through: whole.count, by: 9) {
            let before = Array(whole[..<count])
            try file.write(before)
            try Self.run(file.path) { $0.begin() }
            #expect(file.contents.starts(with: before))
            let result = try Self.verified([file.path])
            #expect(result.findings == [], "cut at \(count - sealed)")
            #expect(result.unsealedLines == 0)
            for (index, line) in file.lines.enumerated() { #expect(try members(line.utf8)["seq"] as? Int == index + 1) }
            let start = try #require(file.lines.last { $0.contains(#""event":"start""#) })
            let isTorn = before.last != UInt8(ascii: "\n")
            #expect(start.contains(#""crashed":true"#))
            #expect(start.contains(#""torn":true"#) == isTorn)
        }
    }

    @Test("Tunnels that were open when the program was cut off get a final record with their newest totals")
    func abandoned() throws {
        let file = try TemporaryFile()
        let writer = try LogWriter(path: file.path)
        writer.begin()
        let batch = RecordBatch()
        for (kind, number, up) in [
            (Record.Kind.open, 1, 1), (.open, 2, 2), (.update, 1, 10), (.request, 2, 20), (.open, 3, 3),
            (.request, 4, 4),
        ] {
            var record = Record()
            record.kind = kind
            record.connection = ConnectionID(run: 1, worker: 0, number: UInt64(number))
            record.set(.host, "a\"b")
            record.up = UInt64(up)
            record.durations.total = 5
            batch.append(record)
        }
        writer.submit(batch)
        #expect(writer.flush(within: .seconds(10)))
        let other = try TemporaryFile()
        try other.write(file.contents)
        #expect(writer.close(within: .seconds(10)))
        let next = try LogWriter(path: other.path)
        next.begin()
        #expect(next.close(within: .seconds(10)))
        let ended = other.lines.filter { $0.contains(#""crashed":true"#) && $0.contains(#""type":"request""#) }
        #expect(
            ended.map { String($0.dropFirst(#"{"v":1,"type":""#.count)) } == [
                #"request","seq":9,"id":"1-0-1.1","conn":"1-0-1","worker":0,"start":"1970-01-01T00:00:00.000000Z","#
                    + #""host":"a\"b","up":10,"outcome":"proxy_internal_error","ended_by":"proxy","stage":"relay","#
                    + #""crashed":true,"ms":{"total":0.005}}"#,
                #"request","seq":10,"id":"1-0-3.1","conn":"1-0-3","worker":0,"start":"1970-01-01T00:00:00.000000Z","#
                    + #""host":"a\"b","up":3,"outcome":"proxy_internal_error","ended_by":"proxy","stage":"relay","#
                    + #""crashed":true,"ms":{"total":0.005}}"#,
            ])
    }

    @Test("A file of something else is appended to, and its bytes are sealed as they are")
    func foreign() throws {
        let file = try TemporaryFile()
        try file.write(Array("127.0.0.1 - - GET /\nno line feed".utf8))
        try Self.run(file.path) { $0.begin() }
        #expect(file.lines.prefix(2) == ["127.0.0.1 - - GET /", "no line feed"])
        #expect(file.lines[2].contains(#""event":"start""#))
        #expect(try Self.verified([file.path]).seals == 1)
    }

    @Test("A log that grew too large is moved aside, and the oldest goes")
    func bySize() throws {
        let file = try TemporaryFile()
        var options = LogWriter.Options()
        options.rotation.maxBytes = 2000
        options.rotation.keep = 2
        try Self.run(file.path, options) { writer in
            for round in 0..<9 {
                writer.submit(LogWriterTests.batch(10, from: round * 10))
                #expect(writer.flush(within: .seconds(10)))
            }
        }
        let paths = [file.path, file.path + ".1", file.path + ".2"]
        defer { for path in paths { _ = unlink(path) } }
        #expect(access(file.path + ".3", F_OK) != 0)
        let result = try Self.verified(paths)
        #expect(result.findings == [])
        #expect(result.unsealedLines == 0)
        #expect(try #require(result.firstSequence) > 1)
        #expect(file.lines[0].hasSuffix(#""event":"rotation","why":"size","from":"access.log.1"}"#))
    }

    @Test(
        "A log whose file was moved aside while the program was down goes on where that one left off",
        arguments: ["access.log.1", "access.log-20251121", "access.log.1.gz"])
    func movedWhileDown(name: String) throws {
        let file = try TemporaryFile()
        let old = file.folder + "/" + name
        defer { _ = unlink(old) }
        for round in 0..<2 {
            try Self.run(file.path) { writer in
                writer.begin()
                writer.submit(LogWriterTests.batch(2))
                writer.submit(LogEvent(.stop, at: 0))
            }
            guard round == 0 else { break }
            if name.hasSuffix(".gz") {
                LogRotation.compress(file.path)
                #expect(rename(file.path + ".gz", old) == 0)
            } else {
                #expect(rename(file.path, old) == 0)
            }
        }
        #expect(file.lines[0].hasPrefix(#"{"v":1,"type":"event","seq":6,"#))
        #expect(file.lines[0].hasSuffix(#""event":"start","chain":"continued"}"#))
        let result = try Self.verified([file.path, old])
        #expect(result.findings == [])
        #expect(result.lines == 10)
        #expect(SealHead.newest(of: file.path)?.sequence == 10)
        #expect(SealHead.newest(of: old)?.sequence == 5)
        #expect(SealHead.newest(of: file.folder + "/none") == nil)
    }

    @Test("Every seal is told, and its text is read back")
    func told() throws {
        let file = try TemporaryFile()
        var options = LogWriter.Options()
        let box = Heads()
        options.sealed = { head in box.heads.withLock { $0.append(head) } }
        for _ in 0..<2 { try Self.run(file.path, options) { $0.submit(LogWriterTests.batch(2)) } }
        let told = box.heads.withLock { $0 }
        #expect(told.map(\.sequence) == [3, 6])
        #expect(told.last == SealHead.newest(of: file.path))
        #expect(told.map { SealHead($0.description) } == told)
        for text in ["", "3", "3:", ":\(told[0].digest)", "3:\(told[0].digest)0", "x:\(told[0].digest)"] {
            #expect(SealHead(text) == nil)
        }
    }

    final class Heads: Sendable {
        let heads = Mutex<[SealHead]>([])
    }

    @Test("With the first line of another day there is another file")
    func byDay() throws {
        let file = try TemporaryFile()
        let clock = Clock(time: 1_763_682_841_000_000)
        var options = LogWriter.Options()
        options.rotation.isDaily = true
        options.now = { clock.time.withLock { $0 } }
        try Self.run(file.path, options) { writer in
            for _ in 0..<3 {
                writer.submit(LogWriterTests.batch(1))
                #expect(writer.flush(within: .seconds(10)))
                clock.time.withLock { $0 += 16 * 3_600_000_000 }
            }
        }
        let paths = [file.path, file.path + ".1", file.path + ".2"]
        defer { for path in paths { _ = unlink(path) } }
        #expect(try Self.verified(paths).findings == [])
        #expect(paths.map { access($0, F_OK) == 0 } == [true, true, true])
    }

    final class Clock: Sendable {
        let time: Mutex<Int64>

        init(time: Int64) {
            self.time = Mutex(time)
        }
    }

    @Test("When somebody moves the log away, the next line begins a new one", arguments: [true, false])
    func moved(isTold: Bool) throws {
        let file = try TemporaryFile()
        let old = file.folder + "/old.log"
        defer { _ = unlink(old) }
        try Self.run(file.path) { writer in
            writer.submit(LogWriterTests.batch(2))
            #expect(writer.flush(within: .seconds(10)))
            #expect(rename(file.path, old) == 0)
            if isTold {
                writer.reopen()
                #expect(writer.flush(within: .seconds(10)))
                #expect(access(file.path, F_OK) == 0)
            }
            writer.submit(LogWriterTests.batch(2))
        }
        #expect(file.lines.count == 4)
        #expect(file.lines[0].hasSuffix(#""event":"rotation","why":"moved"}"#))
        let result = try Self.verified([file.path, old])
        #expect(result.findings == [])
        #expect(result.unsealedLines == 0)
    }

    @Test("A log that is removed is begun again, and what is missing shows")
    func removed() throws {
        let file = try TemporaryFile()
        try Self.run(file.path) { writer in
            writer.submit(LogWriterTests.batch(2))
            #expect(writer.flush(within: .seconds(10)))
            #expect(unlink(file.path) == 0)
            writer.submit(LogWriterTests.batch(2))
        }
        let result = try Self.verified([file.path])
        #expect(result.findings == [])
        #expect(result.firstSequence == 4)
    }

    @Test("While the folder is gone lines wait, and go on when it is there again")
    func folderVanishes() throws {
        let file = try TemporaryFile()
        let elsewhere = file.folder + "-elsewhere"
        let person = LogWriterTests.Operator()
        let writer = try LogWriter(path: file.path, options: person.options)
        writer.submit(LogWriterTests.batch(2))
        #expect(writer.flush(within: .seconds(10)))
        #expect(rename(file.folder, elsewhere) == 0)
        writer.submit(LogWriterTests.batch(2))
        #expect(person.waitForStallChange())
        #expect(writer.isStalled)
        #expect(mkdir(file.folder, 0o700) == 0)
        #expect(person.waitForStallChange())
        #expect(writer.close(within: .seconds(10)))
        let old = elsewhere + "/access.log"
        defer {
            _ = unlink(old)
            _ = rmdir(elsewhere)
        }
        let result = try Self.verified([file.path, old])
        #expect(result.findings == [])
        #expect(writer.counters.written == 4)
    }

    @Test("A log moved away while the disk was full goes on with whole lines in the new file")
    func movedWhileFull() throws {
        let file = try TemporaryFile()
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { _ = close(end) } }
        var output = LogOutput(
            path: file.path, file: try LogFile(path: file.path), tail: LogTail(), rotation: LogRotation(), key: nil)
        output.enqueue([LineParcel(LogEvent(.start, at: 0)), LineParcel(LogEvent(.policy, at: 0))])
        _ = output.write(at: 0)
        // As if the disk had taken all but the last five bytes.
        let whole = file.contents
        output.written -= 5
        #expect(truncate(file.path, off_t(whole.count - 5)) == 0)
        let old = file.folder + "/old.log"
        #expect(rename(file.path, old) == 0)
        defer { _ = unlink(old) }
        _ = output.write(at: 0)
        #expect(TemporaryFile.read(old) + file.contents == whole)
        #expect(file.lines.count == 1)
    }

    @Test("Lines that were dropped for want of room are counted where they are missing")
    func gap() throws {
        let file = try TemporaryFile()
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        let person = LogWriterTests.Operator()
        var options = person.options
        options.whenFull = .drop
        options.maxBacklogBytes = 1000
        options.now = { 1_763_682_841_000_000 }
        let writer = LogWriter(path: "full.log", file: LogFile(descriptor: full, isOwned: true), options: options)
        for first in 0..<20 { writer.submit(LogWriterTests.batch(1, from: first)) }
        #expect(!writer.isStalled)
        let lost = writer.counters.lost
        #expect(lost > 0)
        let room = open(file.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(dup2(room, full) == full)
        _ = close(room)
        #expect(writer.flush(within: .seconds(10)))
        writer.submit(LogWriterTests.batch(1))
        #expect(writer.close(within: .seconds(10)))
        let gap = try #require(file.lines.firstIndex { $0.contains(#""event":"gap""#) })
        #expect(file.lines[gap].hasSuffix(#""lost":\#(lost),"since":"2025-11-20T23:54:01.000000Z"}"#))
        #expect(gap == 20 - Int(lost))
        #expect(writer.counters.submitted == writer.counters.written)
        #expect(try Self.verified([file.path]).findings == [])
    }

    @Test("Where records are dropped events are not: a run that stops while the disk is full did come to its end")
    func eventsAreKept() throws {
        let file = try TemporaryFile()
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        let person = LogWriterTests.Operator()
        var options = person.options
        options.whenFull = .drop
        options.maxBacklogBytes = 1000
        let writer = LogWriter(path: "full.log", file: LogFile(descriptor: full, isOwned: true), options: options)
        for first in 0..<20 { writer.submit(LogWriterTests.batch(1, from: first)) }
        let lost = writer.counters.lost
        writer.submit(LogEvent(.stop, at: 0))
        #expect(writer.counters.lost == lost)
        let room = open(file.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(dup2(room, full) == full)
        _ = close(room)
        #expect(writer.close(within: .seconds(10)))
        let lines = file.lines.filter { !$0.contains(#""type":"seal""#) }
        #expect(lines.count == 20 - Int(lost) + 2)
        #expect(lines.dropLast().last?.contains(#""event":"gap","lost":\#(lost),"#) == true)
        #expect(lines.last?.contains(#""event":"stop""#) == true)
    }

    @Test("A seal follows within its interval, without another line")
    func sealByTime() throws {
        let file = try TemporaryFile()
        var options = LogWriter.Options()
        options.sealInterval = .milliseconds(1)
        try Self.run(file.path, options) { writer in
            writer.submit(LogWriterTests.batch(1))
            #expect(writer.flush(within: .seconds(10)))
            // The next flush comes behind the seal, which is on its way through the same queue.
            for _ in 0..<10_000 where writer.head == nil { #expect(writer.flush(within: .seconds(10))) }
            #expect(writer.head?.sequence == 2)
        }
        #expect(file.lines.count == 2)
    }

    @Test("More lines than a seal covers are sealed at once")
    func sealByCount() throws {
        let file = try TemporaryFile()
        try Self.run(file.path) { $0.submit(LogWriterTests.batch(5000)) }
        let result = try Self.verified([file.path])
        #expect(result.findings == [])
        #expect(result.seals == 2)
    }
}
