/// Checks a log, file after file, against its seals, and finds out what is not as it was written.
///
/// Holds the lines between two seals, some 4 MiB.
public struct LogVerifier {
    private let key: [UInt8]?
    private let knownHead: SealHead?
    private var hasSeenHead = false
    public private(set) var result = Verification()

    /// What stands between the newest seal and here.
    fileprivate var segment: [UInt8] = []
    fileprivate var lines: [SegmentLine] = []
    private var paths: [String] = []

    /// The seal before, as far as there was one.
    private var previous: Previous?

    struct Previous {
        let sequence: UInt64
        /// As the seal has it.
        let stated: Digest
        /// As it comes out.
        let computed: Digest
        let place: LogPlace
        /// Whether something about it was found already, so that a link that does not fit is no news.
        let isDoubtful: Bool
        /// The `previous` that this seal states.
        let before: Digest
    }

    /// - Parameters:
    ///   - key: with which the seals were made; nil for plain ones.
    ///   - head: the newest seal, as it was kept elsewhere; nil if it is not known.
    public init(key: [UInt8]? = nil, head: SealHead? = nil) {
        self.key = key
        knownHead = head
    }

    /// Checks files that belong together, in whichever order they are given.
    ///
    /// - Parameter progress: called now and then with the bytes that were read since.
    public static func verify(
        _ paths: [String], key: [UInt8]? = nil, head: SealHead? = nil, progress: (Int) -> Void = { _ in }
    ) throws(LogReadError) -> Verification {
        var verifier = LogVerifier(key: key, head: head)
        for path in try LogOrder.sorted(paths) { try verifier.read(path, progress: progress) }
        verifier.finish()
        return verifier.result
    }

    /// Takes the next file of the log.
    public mutating func read(_ path: String, progress: (Int) -> Void = { _ in }) throws(LogReadError) {
        var reader = try LogReader(path: path)
        paths.append(path)
        var number = 0
        var told = 0
        while let line = try reader.next() {
            number += 1
            take(line, number)
            if reader.bytesRead - told >= 8 << 20 {
                progress(reader.bytesRead - told)
                told = reader.bytesRead
            }
        }
        progress(reader.bytesRead - told)
    }

    /// To be called behind the last file.
    public mutating func finish() {
        result.unsealedLines = lines.count
        for (index, line) in lines.enumerated() where !line.isTorn {
            let end = index + 1 < lines.count ? lines[index + 1].start : segment.count
            guard end > line.start, segment[end - 1] == UInt8(ascii: "\n") else { continue }
            let isKnown = segment.withUnsafeBytes { bytes in
                LogLine(UnsafeRawBufferPointer(rebasing: bytes[line.start..<end - 1]))?.isKnown ?? false
            }
            if !isKnown { result.add(.strange, at: LogPlace(path: paths[line.file], line: line.number)) }
        }
        if let knownHead, !hasSeenHead { result.add(.headMissing(knownHead), at: nil) }
    }

    // MARK: - Private

    private mutating func take(_ line: LogReader.Line, _ number: Int) {
        result.lines += 1
        result.bytes += line.bytes.count + (line.isEnded ? 1 : 0)
        if line.isEnded, let seal = Seal(reading: line.bytes) {
            if result.firstSequence == nil { result.firstSequence = lines.first?.sequence ?? seal.sequence }
            check(seal, line.bytes, LogPlace(path: paths[paths.count - 1], line: number))
            return
        }
        let info = SegmentLine(line.bytes, start: segment.count, file: paths.count - 1, number: number)
        if !line.isEnded || info.isTorn { result.tornLines += 1 }
        if result.firstSequence == nil { result.firstSequence = info.sequence }
        lines.append(info)
        segment.append(contentsOf: line.bytes)
        if line.isEnded { segment.append(UInt8(ascii: "\n")) }
    }

    private mutating func check(_ seal: Seal, _ line: UnsafeRawBufferPointer, _ place: LogPlace) {
        result.seals += 1
        let head = UnsafeRawBufferPointer(rebasing: line[..<Seal.headCount(of: line)])
        let computed = digest(from: 0, head)
        var isDoubtful = false
        if seal.isKeyed != (key != nil) {
            if !result.findings.contains(where: { $0.kind == .wrongKey }) { result.add(.wrongKey, at: place) }
        } else if computed != seal.digest {
            isDoubtful = explain(seal, head, place)
        }
        checkLink(seal, place)
        if let knownHead, knownHead == SealHead(sequence: seal.sequence, digest: seal.digest) { hasSeenHead = true }
        result.head = SealHead(sequence: seal.sequence, digest: seal.digest)
        previous = Previous(
            sequence: seal.sequence, stated: seal.digest, computed: computed, place: place, isDoubtful: isDoubtful,
            before: seal.previous)
        segment.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
    }

    fileprivate func digest(from start: Int, _ head: UnsafeRawBufferPointer) -> Digest {
        var hash = SealHash(key: key)
        segment.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        hash.update(head)
        return hash.finalize()
    }

    /// Whether the seal follows the one before it.
    private mutating func checkLink(_ seal: Seal, _ place: LogPlace) {
        guard let previous else {
            let orphans = orphans(of: seal)
            if let first = orphans.first?.sequence, let last = orphans.last?.sequence, first <= last {
                result.add(.sealMissing(first...last), at: place)
            }
            return
        }
        if seal.first <= previous.sequence {
            // A seal that was put in between names the same one before it as the next real one does.
            let wasAdded = seal.previous == previous.before
            result.add(
                wasAdded ? .added : .numbersRestart(sequence: seal.first), at: wasAdded ? previous.place : place)
        } else if seal.previous != previous.stated && seal.previous != previous.computed {
            if seal.first > previous.sequence + 1 {
                tellMissing(previous.sequence + 1...seal.first - 1, place)
            } else if !previous.isDoubtful {
                result.add(.sealChanged(sequence: previous.sequence), at: previous.place)
            }
        }
    }

    /// The lines at the front that an earlier seal covered.
    private func orphans(of seal: Seal) -> ArraySlice<SegmentLine> {
        // Where the seal before is there, or there never was one, no lines are without theirs.
        guard previous.map({ $0.sequence + 1 < seal.first }) ?? (seal.previous != .none) else { return [] }
        return lines.prefix { line in line.sequence.map { $0 < seal.first } ?? false }
    }

    /// Lines between two seals with a seal between them that is gone: those that are still there have lost their seal.
    private mutating func tellMissing(_ range: ClosedRange<UInt64>, _ place: LogPlace) {
        let orphans = lines.filter { line in line.sequence.map { range.contains($0) } ?? false }.compactMap(\.sequence)
        guard let first = orphans.min(), let last = orphans.max() else {
            result.add(.missing(range), at: place)
            return
        }
        result.add(.sealMissing(first...last), at: place)
    }

    /// Finds out why a seal does not fit to what stands before it.
    ///
    /// - Returns: whether the seal itself is in doubt.
    private mutating func explain(_ seal: Seal, _ head: UnsafeRawBufferPointer, _ place: LogPlace) -> Bool {
        // Lines that an earlier seal covered, which is gone, are not this one's business.
        let own = orphans(of: seal).count
        for begin in own...(own + 1) where own > 0 && begin < lines.count {
            // What may stand between is their seal, no longer to be recognized.
            if digest(from: lines[begin].start, head) == seal.digest { return false }
        }
        if isOnlySealChanged(seal, from: own) {
            result.add(.sealChanged(sequence: seal.sequence), at: place)
            return true
        }
        var comparison = SegmentComparison(seal, lines[own...])
        if previous == nil, let first = lines.first?.sequence, first > seal.first {
            // The first of all files begins in the middle of a sealed stretch.
            comparison.ignore(before: first)
        }
        let differences = comparison.differences()
        for difference in differences {
            let at = difference.line.map { LogPlace(path: paths[lines[$0].file], line: lines[$0].number) } ?? place
            result.add(difference.kind, at: at)
        }
        if comparison.isPartial { result.unprovenLines += lines.count }
        guard differences.isEmpty, !comparison.isPartial else { return false }
        result.add(.sealChanged(sequence: seal.sequence), at: place)
        return true
    }
}

extension LogVerifier {
    /// Whether the digest is right for the lines that are there, so that only what else the seal says is not.
    private func isOnlySealChanged(_ seal: Seal, from own: Int) -> Bool {
        guard let first = lines[own...].first else { return false }
        var rebuilt = seal
        rebuilt.first = first.sequence ?? seal.first
        rebuilt.lines = lines.count - own
        rebuilt.bytes = segment.count - first.start
        rebuilt.sums = lines[own...].map(\.sum)
        let bytes = [UInt8](capacity: Seal.maxLineBytes(lines: rebuilt.sums.count)) { output in
            output.withUnsafeMutableBufferPointer { room, count in
                var line = LineCursor(room)
                let begin = line.next
                rebuilt.writeHead(to: &line)
                count = line.next - begin
            }
        }
        return bytes.withUnsafeBytes { digest(from: first.start, $0) } == seal.digest
    }
}

extension LogLine {
    /// Whether it is something that the log holds besides seals.
    var isKnown: Bool {
        has(.type, "request") || has(.type, "open") || has(.type, "update") || has(.type, "event")
    }
}
