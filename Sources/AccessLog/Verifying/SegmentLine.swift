/// A line between two seals.
struct SegmentLine {
    /// Nil if it can't be read.
    let sequence: UInt64?
    let sum: UInt32
    /// Where it begins in the segment.
    let start: Int
    /// Of the files read so far.
    let file: Int
    /// Within the file, from 1.
    let number: Int
    let isTorn: Bool

    init(_ line: UnsafeRawBufferPointer, start: Int, file: Int, number: Int) {
        var members = LineMembers(line)
        var sequence: UInt64?
        for _ in 0..<3 {
            guard let member = members.next() else { break }
            if member.key.elementsEqual("seq".utf8) { sequence = member.decimal }
        }
        self.sequence = sequence
        sum = LineSum.of(line)
        self.start = start
        self.file = file
        self.number = number
        isTorn = line.count > 13 && line[(line.count - 13)...].elementsEqual(",\"torn\":true}".utf8)
    }
}
