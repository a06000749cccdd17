/// Where a log that is there already left off.
struct LogTail: Sendable {
    /// The number of the next line.
    private(set) var nextSequence: UInt64 = 1
    /// The newest seal's digest.
    private(set) var previous = Digest.none
    /// The number of the first line after the newest seal.
    private(set) var firstUnsealed: UInt64 = 1
    /// What stands after the newest seal, `closing` included: a part for each file.
    private(set) var unsealed: [[UInt8]] = []
    /// What is to be appended to a last line that was torn; empty where there is none.
    private(set) var closing: [UInt8] = []
    /// Whether the program that wrote it came to its end; false if it was cut off.
    private(set) var isEnded = true
    /// Whether there was a log to continue.
    private(set) var isContinued = false

    /// A log that begins.
    init() {}

    /// - Parameters:
    ///   - bytes: the log's end, from the beginning of a line on that stands before the newest seal, or the whole log.
    ///   - isOpenFile: whether lines will be appended to this very file, so that a torn one can be closed off.
    ///   - older: where the file before it left off.
    init(_ bytes: [UInt8], isOpenFile: Bool, after older: LogTail? = nil) {
        isContinued = true
        bytes.withUnsafeBytes { all in
            let start = findSeal(all)
            if previous == .none {
                if let older {
                    (previous, firstUnsealed) = (older.previous, older.firstUnsealed)
                    (nextSequence, unsealed) = (older.nextSequence, older.unsealed)
                } else if let sequence = Self.sequence(Self.line(all, from: 0)) {
                    (firstUnsealed, nextSequence) = (sequence, sequence)
                }
            }
            countLines(UnsafeRawBufferPointer(rebasing: all[start...]))
        }
        guard isOpenFile, let rest = unsealed.last, let last = rest.last, last != UInt8(ascii: "\n") else { return }
        closeOff(rest[((rest.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)...])
    }

    // MARK: - Private

    private mutating func closeOff(_ line: ArraySlice<UInt8>) {
        closing = TornLine.closing(line, sequence: nextSequence)
        if let seal = line.withUnsafeBytes({ Seal(reading: $0) }) {
            // Of a seal that lacks nothing but its line feed.
            previous = seal.digest
            firstUnsealed = seal.sequence + 1
            nextSequence = seal.sequence + 1
            unsealed = []
        } else {
            nextSequence += 1
            unsealed[unsealed.count - 1] += closing
        }
    }

    /// Takes over from the newest seal, and looks whether the last line but seals says that the program ended.
    ///
    /// - Returns: where the seal's line ends.
    private mutating func findSeal(_ all: UnsafeRawBufferPointer) -> Int {
        isEnded = false
        var end = all.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        var hasSeenLine = end < all.count
        var sealEnd = 0
        while end > 0, sealEnd == 0 || !hasSeenLine {
            let start = all[..<(end - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let line = UnsafeRawBufferPointer(rebasing: all[start..<end - 1])
            if let seal = Seal(reading: line) {
                if sealEnd == 0 {
                    previous = seal.digest
                    firstUnsealed = seal.sequence + 1
                    nextSequence = seal.sequence + 1
                    sealEnd = end
                }
            } else if !hasSeenLine {
                hasSeenLine = true
                isEnded = Self.isStop(line)
            }
            end = start
        }
        return sealEnd
    }

    private mutating func countLines(_ rest: UnsafeRawBufferPointer) {
        unsealed.append(Array(rest))
        var start = 0
        while start < rest.count {
            let line = Self.line(rest, from: start)
            start += line.count + 1
            // A line that was torn is counted when it is closed off.
            if start <= rest.count, let sequence = Self.sequence(line) {
                nextSequence = max(nextSequence, sequence + 1)
            }
        }
    }

    private static func line(_ all: UnsafeRawBufferPointer, from start: Int) -> UnsafeRawBufferPointer {
        let end = all[start...].firstIndex(of: UInt8(ascii: "\n")) ?? all.count
        return UnsafeRawBufferPointer(rebasing: all[start..<end])
    }

    private static func sequence(_ line: UnsafeRawBufferPointer) -> UInt64? {
        var members = LineMembers(line)
        while let member = members.next() {
            if member.key.elementsEqual("seq".utf8) { return member.decimal.flatMap { $0 < .max ? $0 : nil } }
        }
        return nil
    }

    private static func isStop(_ line: UnsafeRawBufferPointer) -> Bool {
        var members = LineMembers(line)
        while let member = members.next() {
            if member.key.elementsEqual("event".utf8) { return member.value.elementsEqual("stop".utf8) }
        }
        return false
    }
}
