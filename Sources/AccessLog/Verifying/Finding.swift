/// Where a line stands.
public struct LogPlace: Hashable, Sendable {
    public let path: String
    /// From 1.
    public let line: Int
}

/// Something that is not as it was written.
public struct Finding: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The line has this number, but other contents.
        case changed(sequence: UInt64)
        /// The line was not there when its surroundings were sealed.
        case added
        /// The line stood elsewhere.
        case moved(sequence: UInt64)
        /// Lines with these numbers are not there.
        case removed(ClosedRange<UInt64>)
        /// Lines with these numbers are not there, nor are the seals among them: perhaps a whole file.
        case missing(ClosedRange<UInt64>)
        /// The seal does not fit to what it covers, though each line does.
        case sealChanged(sequence: UInt64)
        /// The seal that covered these lines is not there, so nothing vouches for them.
        case sealMissing(ClosedRange<UInt64>)
        /// Numbers begin again: another log was begun, or a part of this one was copied behind it.
        case numbersRestart(sequence: UInt64)
        /// The newest seal that is known is not there: the end was cut off, or all was written anew.
        case headMissing(SealHead)
        /// Behind the newest seal: nothing that was ever written there.
        case strange
        /// The seals are made with a key, or with another one, or without one.
        case wrongKey
    }

    public let kind: Kind
    /// Where it is; for what is not there, the line behind the place.
    public let place: LogPlace?
}

extension Finding: CustomStringConvertible {
    /// What an auditor reads.
    public var description: String {
        let text =
            switch kind {
            case .changed(let sequence): "line \(sequence) was changed"
            case .added: "this line was added"
            case .moved(let sequence): "line \(sequence) was moved here"
            case .removed(let range): "\(Self.lines(range)) removed before this"
            case .missing(let range): "\(Self.lines(range)) missing with all seals among them: is there another file?"
            case .sealChanged(let sequence): "the seal \(sequence) was changed"
            case .sealMissing(let range): "the seal of lines \(range.lowerBound)-\(range.upperBound) is missing"
            case .numbersRestart(let sequence): "numbers begin again at \(sequence)"
            case .headMissing(let head):
                "the seal \(head.sequence) \(head.digest) is missing: the end was cut off, or all was written anew"
            case .strange: "this is no line of an access log"
            case .wrongKey: "the seals were made with another key, or one of both without a key"
            }
        return place.map { "\($0.path):\($0.line): \(text)" } ?? text
    }

    private static func lines(_ range: ClosedRange<UInt64>) -> String {
        range.count == 1 ? "line \(range.lowerBound) was" : "lines \(range.lowerBound)-\(range.upperBound) were"
    }
}

/// What a verification came to.
public struct Verification: Sendable {
    /// Empty if all is as it was written, as far as `unsealedLines`, `unprovenLines` and `firstSequence` leave it open.
    public internal(set) var findings: [Finding] = []
    /// Findings beyond the first 10,000.
    public internal(set) var omittedFindings = 0
    public internal(set) var lines = 0
    public internal(set) var seals = 0
    public internal(set) var bytes = 0
    /// The number of the first line; what was before it was not looked at.
    public internal(set) var firstSequence: UInt64?
    /// The newest seal.
    public internal(set) var head: SealHead?
    /// Lines behind the newest seal: nothing vouches for them yet.
    public internal(set) var unsealedLines = 0
    /// Lines whose seal also covers lines of an earlier file, which was not given.
    public internal(set) var unprovenLines = 0
    /// Lines that broke off, and were closed off or are the last.
    public internal(set) var tornLines = 0

    public var isIntact: Bool { findings.isEmpty }

    static let maxFindings = 10_000

    mutating func add(_ kind: Finding.Kind, at place: LogPlace?) {
        if findings.count < Self.maxFindings {
            findings.append(Finding(kind: kind, place: place))
        } else {
            omittedFindings += 1
        }
    }
}
