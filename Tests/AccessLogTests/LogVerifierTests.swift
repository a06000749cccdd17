import Glibc
import Testing

@testable import AccessLog

@Suite("Verifying")
struct LogVerifierTests {
    typealias Lines = [[UInt8]]

    /// Three sealed stretches of four lines each: numbers 1–4, 6–9 and 11–14, and the seals 5, 10 and 15.
    static func sealedLines(key: [UInt8]? = nil) throws -> Lines {
        let file = try TemporaryFile()
        var options = LogWriter.Options()
        options.sealKey = key
        for run in 0..<3 {
            let writer = try LogWriter(path: file.path, options: options)
            writer.submit(LogWriterTests.batch(4, from: 4 * run))
            try #require(writer.close(within: .seconds(10)))
        }
        return split(file.contents)
    }

    static func split(_ bytes: [UInt8]) -> Lines {
        bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    static func verify(
        _ lines: Lines, key: [UInt8]? = nil, head: SealHead? = nil
    ) throws -> Verification {
        let file = try TemporaryFile()
        try file.write(Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")])
        return try LogVerifier.verify([file.path], key: key, head: head)
    }

    /// What was found, as kinds and line numbers.
    static func found(_ verification: Verification) -> [String] {
        verification.findings.map { "\($0.place?.line ?? 0) \($0.kind)" }
    }

    @Test("A log that nobody touched is intact, with and without a key", arguments: [nil, Array("secret".utf8)])
    func intact(key: [UInt8]?) throws {
        let lines = try Self.sealedLines(key: key)
        let result = try Self.verify(lines, key: key)
        #expect(result.findings == [])
        #expect(result.lines == 15)
        #expect(result.seals == 3)
        #expect(result.firstSequence == 1)
        #expect(result.unsealedLines == 0)
        #expect(result.head?.sequence == 15)
        #expect(try Self.verify(lines, key: key, head: result.head).findings == [])
    }

    @Test("Any one byte that is changed is found, and where")
    func oneByte() throws {
        let lines = try Self.sealedLines()
        for index in lines.indices {
            let isSeal = index % 5 == 4
            for place in stride(from: 0, to: lines[index].count, by: isSeal ? 7 : 11) {
                var changed = lines
                changed[index][place] ^= 1
                if changed[index][place] == UInt8(ascii: "\n") { continue }
                let result = try Self.verify(changed)
                #expect(!result.isIntact)
                guard !isSeal else { continue }
                #expect(
                    result.findings.map(\.kind) == [.changed(sequence: UInt64(index + 1))],
                    "byte \(place) of line \(index + 1)")
                #expect(result.findings.first?.place?.line == index + 1)
            }
        }
    }

    @Test("What was done to the lines is told by line and number")
    func surgery() throws {
        let lines = try Self.sealedLines()
        func edited(_ edit: (inout Lines) -> Void) throws -> [String] {
            var changed = lines
            edit(&changed)
            return Self.found(try Self.verify(changed))
        }
        #expect(try edited { $0.remove(at: 6) } == ["7 removed(ClosedRange(7...7))"])
        #expect(try edited { $0.removeSubrange(6...8) } == ["7 removed(ClosedRange(7...9))"])
        #expect(try edited { $0.swapAt(6, 7) } == ["7 moved(sequence: 8)"])
        #expect(try edited { $0.insert($0[6], at: 8) } == ["9 added"])
        #expect(try edited { $0.insert(Array("{}".utf8), at: 8) } == ["9 added"])
        #expect(try edited { $0.insert(Array("not ours".utf8), at: 5) } == ["6 added"])
        #expect(try edited { $0.insert($0.remove(at: 5), at: 8) } == ["9 moved(sequence: 6)"])
        #expect(try edited { $0[6] = Array("gone".utf8) } == ["7 changed(sequence: 7)"])
        #expect(try edited { $0[6] = $0[7] } == ["7 removed(ClosedRange(7...7))", "8 added"])
        #expect(try edited { $0.remove(at: 9) } == ["14 sealMissing(ClosedRange(6...9))"])
        #expect(try edited { $0.removeSubrange(5...9) } == ["10 missing(ClosedRange(6...10))"])
        #expect(try edited { $0.removeSubrange(0...4) } == [])
        #expect(
            try edited { $0 = Array($0[..<5] + $0[10...] + $0[5..<10]) }
                == ["10 missing(ClosedRange(6...10))", "15 numbersRestart(sequence: 6)"])
    }

    @Test("A seal whose own text was changed is told apart from lines that were")
    func sealChanged() throws {
        let lines = try Self.sealedLines()
        for (old, new) in [
            ("\"lines\":4", "\"lines\":5"), ("\"first\":6", "\"first\":7"), ("Z\",\"first", "0\",\"first"),
        ] {
            var changed = lines
            let text = String(decoding: lines[9], as: UTF8.self)
            let range = try #require(text.firstRange(of: old))
            changed[9] = Array(text.replacingCharacters(in: range, with: new).utf8)
            #expect(!(try Self.verify(changed).isIntact))
        }
        var changed = lines
        let sums = try #require(String(decoding: lines[9], as: UTF8.self).firstRange(of: "\"sums\":\""))
        let offset = String(decoding: lines[9], as: UTF8.self).utf8.distance(from: "".startIndex, to: sums.upperBound)
        changed[9][offset] = changed[9][offset] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        #expect(Self.found(try Self.verify(changed)) == ["10 sealChanged(sequence: 10)"])
        changed = lines
        changed[9][changed[9].count - 3] = changed[9][changed[9].count - 3] == 0x30 ? 0x31 : 0x30
        #expect(Self.found(try Self.verify(changed)) == ["10 sealChanged(sequence: 10)"])
    }

    @Test("An end that was cut off shows to who knows the newest seal, and only to them")
    func cutTail() throws {
        let lines = try Self.sealedLines()
        let head = try #require(try Self.verify(lines).head)
        let cut = Array(lines.dropLast(5))
        #expect(try Self.verify(cut).isIntact)
        #expect(try Self.verify(cut, head: head).findings.map(\.kind) == [.headMissing(head)])
        let withoutSeal = try Self.verify(Array(lines.dropLast()))
        #expect(withoutSeal.isIntact)
        #expect(withoutSeal.unsealedLines == 4)
    }

    @Test("Seals of a key can't be checked, nor made, without it")
    func keys() throws {
        let key = Array("secret".utf8)
        let lines = try Self.sealedLines(key: key)
        #expect(try Self.verify(lines).findings.map(\.kind) == [.wrongKey])
        #expect(!(try Self.verify(lines, key: Array("another".utf8)).isIntact))
        #expect(try Self.verify(try Self.sealedLines(), key: key).findings.map(\.kind) == [.wrongKey])
    }

    @Test("Files are put in order, and one that is missing is found", arguments: [false, true])
    func files(isCompressed: Bool) throws {
        let lines = try Self.sealedLines()
        let folder = try TemporaryFile()
        var paths: [String] = []
        for part in 0..<3 {
            let path = folder.folder + "/part\(part)"
            TemporaryFile.write(
                Array(lines[part * 5..<part * 5 + 5].joined(separator: [0x0a])) + [0x0a], to: path)
            if isCompressed { LogRotation.compress(path) }
            paths.append(isCompressed ? path + ".gz" : path)
        }
        defer { for path in paths { _ = unlink(path) } }
        let whole = try LogVerifier.verify([paths[2], paths[0], paths[1]])
        #expect(whole.findings == [])
        #expect(whole.lines == 15)
        let partial = try LogVerifier.verify([paths[2], paths[0]])
        #expect(partial.findings == [Finding(kind: .missing(6...10), place: LogPlace(path: paths[2], line: 5))])
        #expect(
            partial.findings[0].description
                == "\(paths[2]):5: lines 6-10 were missing with all seals among them: is there another file?")
    }

    @Test("Whatever is done to a log, verifying comes to an end with a finding or none")
    func mutations() throws {
        let lines = try Self.sealedLines()
        var random = FixedRandom(seed: 3)
        for _ in 0..<150 {
            var changed = lines
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0 where changed.count > 1: changed.remove(at: index)
                case 1: changed.swapAt(index, Int.random(in: 0..<changed.count, using: &random))
                case 2: changed.insert(changed[index], at: Int.random(in: 0..<changed.count, using: &random))
                case 3: changed[index] = Array(changed[index].prefix(Int.random(in: 0..<300, using: &random)))
                default:
                    guard !changed[index].isEmpty else { continue }
                    let place = Int.random(in: 0..<changed[index].count, using: &random)
                    changed[index][place] = UInt8.random(in: 0x20...0xff, using: &random)
                }
            }
            let isTailOnly = changed.elementsEqual(lines.prefix(changed.count))
            let result = try Self.verify(changed)
            if changed != lines && !isTailOnly && !changed.elementsEqual(lines.suffix(changed.count)) {
                #expect(!result.isIntact || result.unsealedLines > 0)
            }
        }
    }
}
