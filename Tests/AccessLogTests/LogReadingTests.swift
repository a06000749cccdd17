import Foundation
import Testing

@testable import AccessLog

@Suite("Reading")
struct LogReadingTests {
    @Test("Every key of the longest record is found, and its value is what an independent reader finds")
    func everyKey() throws {
        var record = LargestRecord.make()
        record.durations.connect = 1_234_567
        for field in Record.TextField.allCases where field != .client {
            record.set(field, "\(field) \"\\ \n é \u{e0041}")
        }
        let line = try #require(SampleLog.lines([record]).first)
        let expected = try members(line)
        try line.withUnsafeBytes { bytes in
            let found = try #require(LogLine(bytes))
            for key in LogKey.allCases where ![.event, .torn, .crashed].contains(key) {
                let value = try #require(expected[key.name], "\(key.name)")
                switch key.kind {
                case .text: #expect(found.text(key) == value as? String)
                case .number: #expect(found.number(key) == (value as? NSNumber)?.uint64Value)
                default: #expect(found.raw(key) != nil)
                }
            }
            #expect(found.duration("connect") == 1_234_567)
        }
    }

    @Test(
        "What is no whole object is no line of the log",
        arguments: [
            "", "{", "}", "{}x", "[]", "null", #"{"v":1"#, #"{"v":1,"#, #"{"v"}"#, #"{"v":}"#, #"{"v":"a}"#,
            #"{"v":[1}"#,
            " {}", #"{"v":"a\"}"#, "{\"v\":\"a\u{1}\"}", #"{v:1}"#,
        ])
    func noLine(text: String) {
        Array(text.utf8).withUnsafeBytes { #expect(LogLine($0) == nil) }
    }

    @Test("Any bytes are read without a trap")
    func anyBytes() {
        var random = FixedRandom(seed: 6)
        let line = SampleLog.lines()[0]
        for _ in 0..<3000 {
            var changed = line.prefix(Int.random(in: 0...line.count, using: &random))
            for _ in 0..<Int.random(in: 0...3, using: &random) where !changed.isEmpty {
                changed[Int.random(in: 0..<changed.count, using: &random)] = #"{}[]",:\0"#.utf8.randomElement(
                    using: &random)!
            }
            Array(changed).withUnsafeBytes { bytes in
                guard let line = LogLine(bytes) else { return }
                for key in LogKey.allCases { _ = (line.text(key), line.number(key), line.time(key)) }
                _ = (line.duration("total"), Seal(reading: bytes))
                var text: [UInt8] = []
                for format in LogFormat.allCases { format.append(line, to: &text) }
            }
        }
    }

    @Test("Values of another kind than a key has are not looked at")
    func kinds() {
        let text = #"{"host":{"a":1},"port":"443","up":-1,"status":200,"ua":["x"],"user":"ann"}"#
        Array(text.utf8).withUnsafeBytes { bytes in
            let line = LogLine(bytes)
            #expect(line?.text(.host) == nil)
            #expect(line?.number(.port) == nil)
            #expect(line?.number(.up) == nil)
            #expect(line?.text(.userAgent) == nil)
            #expect(line?.number(.status) == 200)
            #expect(line?.text(.user) == "ann")
        }
    }

    @Test(
        "A file is read line by line, however long they are, plain or compressed",
        arguments: [false, true])
    func lines(isCompressed: Bool) throws {
        let file = try TemporaryFile()
        let lengths = [0, 1, 300_000, 5, 0, 1_000_000, 7]
        var bytes: [UInt8] = []
        for length in lengths { bytes += [UInt8](repeating: 0x61, count: length) + [0x0a] }
        try file.write(bytes + Array("end".utf8))
        if isCompressed { LogRotation.compress(file.path) }
        let path = isCompressed ? file.path + ".gz" : file.path
        defer { _ = unlink(path) }
        var reader = try LogReader(path: path)
        var found: [Int] = []
        var isLastEnded = true
        while let line = try reader.next() {
            found.append(line.bytes.count)
            isLastEnded = line.isEnded
        }
        #expect(found == lengths + [3])
        #expect(!isLastEnded)
        #expect(reader.bytesRead == bytes.count + 3)
    }

    @Test("A file that is not there, and one that only looks compressed, are errors that name it")
    func errors() throws {
        let file = try TemporaryFile()
        #expect(throws: LogReadError.cannotOpen(path: file.path, errorNumber: ENOENT)) {
            _ = try LogReader(path: file.path)
        }
        try file.write([0x1f, 0x8b, 1, 2, 3])
        #expect(throws: LogReadError.notCompressed(path: file.path)) {
            var reader = try LogReader(path: file.path)
            while try reader.next() != nil {}
        }
        #expect(throws: LogReadError.cannotRead(path: file.folder, errorNumber: EISDIR)) {
            var reader = try LogReader(path: file.folder)
            _ = try reader.next()
        }
    }

    @Test("Times are read back as they were written", arguments: [0, 951_782_400_000_001, 1_763_682_841_123_456])
    func times(micros: Int64) throws {
        var record = Record()
        record.start = micros
        try #require(SampleLog.lines([record]).first).withUnsafeBytes { bytes in
            #expect(LogLine(bytes)?.time(.start) == micros)
        }
    }

    @Test("A file that is followed gives each line once it is ended, and says when it was moved away")
    func following() throws {
        let file = try TemporaryFile()
        try file.write(Array("one\ntw".utf8))
        var reader = try LogReader(path: file.path, follows: true)
        func next() throws -> String? { try reader.next().map { String(decoding: $0.bytes, as: UTF8.self) } }
        #expect(try next() == "one")
        #expect(try next() == nil)
        file.append("o\nthree\n")
        #expect(try next() == "two")
        #expect(try next() == "three")
        #expect(try next() == nil)
        var isMoved = reader.isMovedAway
        #expect(!isMoved)
        let old = file.folder + "/old"
        #expect(rename(file.path, old) == 0)
        defer { _ = unlink(old) }
        isMoved = reader.isMovedAway
        #expect(isMoved)
        try file.write([])
        isMoved = reader.isMovedAway
        #expect(isMoved)
    }

    @Test(
        "A time that a person wrote may end anywhere from the day on",
        arguments: [
            ("2025-11-20", 1_763_596_800_000_000), ("2025-11-20T23:54", 1_763_682_840_000_000),
            ("2025-11-20 23:54:01", 1_763_682_841_000_000), ("2025-11-20T23:54:01Z", 1_763_682_841_000_000),
            ("2025-11-20T23:54:01.5", 1_763_682_841_500_000), ("2025-11-20T23:54:01.123456Z", 1_763_682_841_123_456),
            ("2025-11", nil), ("2025-11-20T", nil), ("2025-13-20", nil), ("2025-11-20T24:00", nil), ("yesterday!", nil),
            ("2025/11/20", nil), ("2025-11-20T23.54", nil), ("", nil), ("2025-11-20T23:54:01.1234567", nil),
        ] as [(String, Int64?)])
    func writtenTimes(text: String, micros: Int64?) {
        #expect(Timestamp.micros(from: text) == micros)
    }
}
