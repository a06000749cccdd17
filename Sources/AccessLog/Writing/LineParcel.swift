/// The lines of one batch, between the loop that made them and the writer.
struct LineParcel: Sendable {
    /// Each line is its length (four bytes, native order), its `LineKind` (one byte), and the text after `seq`.
    let bytes: [UInt8]
    /// How much of `bytes` holds lines.
    let used: Int
    /// How many lines they are.
    let count: Int

    init(bytes: [UInt8], used: Int, count: Int) {
        self.bytes = bytes
        self.used = used
        self.count = count
    }

    init(_ event: LogEvent) {
        let batch = RecordBatch()
        batch.append(event)
        self = batch.take(leaving: [])
    }

    /// - Parameter text: what follows `seq` in one line, with its line feed.
    init(_ kind: LineKind, _ text: [UInt8]) {
        let header = withUnsafeBytes(of: UInt32(text.count)) { Array($0) } + [kind.rawValue]
        self.init(bytes: header + text, used: header.count + text.count, count: 1)
    }

    /// How far a parcel has been gone through.
    struct Place {
        var index = 0
        var line = 0
    }

    /// Writes lines in full, numbered from `first`, and tells `sealer` their sums: up to the end, or to where there
    /// should be a seal first.
    ///
    /// - Returns: the number of the next line.
    func number(
        from place: inout Place, first: UInt64, sealer: inout Sealer, to line: inout LineCursor
    ) -> UInt64 {
        bytes.withUnsafeBytes { all in
            var sequence = first
            var bytesLeft = sealer.bytesLeft
            while place.index < used, sealer.linesLeft > 0, bytesLeft > 0 {
                let length = Int(all.loadUnaligned(fromByteOffset: place.index, as: UInt32.self))
                let start = place.index + RecordBatch.headerBytes
                guard let kind = LineKind(rawValue: all[start - 1]) else {
                    preconditionFailure("a batch holds kinds only")
                }
                let begin = line.next
                line.put(kind.opening)
                line.put(decimal: sequence)
                all[start..<start + length].withMemoryRebound(to: UInt8.self) { line.put($0) }
                let written = line.next - begin
                sealer.note(LineSum.of(UnsafeRawBufferPointer(start: begin, count: written - 1)))
                bytesLeft -= written
                sequence += 1
                place.index = start + length
                place.line += 1
            }
            return sequence
        }
    }
}
