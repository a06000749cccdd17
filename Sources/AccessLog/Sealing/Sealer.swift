/// Follows the lines as they are put together, and makes the seals among them.
struct Sealer: Sendable {
    private let key: [UInt8]?
    private var hash: SealHash
    private var first: UInt64
    private var bytes = 0
    private var sums: [UInt32] = []
    /// The newest seal's digest.
    private var previous: Digest

    /// More lines or bytes are not left without a seal, so that one that checks it needs little memory.
    private static let maxLines = 4096
    private static let maxBytes = 4 << 20

    /// - Parameter first: the number of the next line.
    init(key: [UInt8]?, previous: Digest, first: UInt64) {
        self.key = key
        self.previous = previous
        self.first = first
        hash = SealHash(key: key)
    }

    /// Lines since the newest seal.
    var unsealedLines: Int { sums.count }

    /// Whether there should be a seal before another line.
    var isFull: Bool { linesLeft <= 0 || bytesLeft <= 0 }

    /// How many more lines there may be before the next seal.
    var linesLeft: Int { Self.maxLines - sums.count }

    /// After how many more bytes there should be a seal.
    var bytesLeft: Int { Self.maxBytes - bytes }

    /// Takes bytes of the file in their order, whole lines with their line feeds over time.
    mutating func cover(_ text: UnsafeRawBufferPointer) {
        hash.update(text)
        bytes += text.count
    }

    /// Takes the sum of each of these lines.
    mutating func note(_ sum: UInt32) {
        sums.append(sum)
    }

    /// Appends the seal of all lines since the one before it.
    ///
    /// - Parameter sequence: the seal's own number.
    mutating func seal(at time: Int64, sequence: UInt64, to text: inout [UInt8]) -> Seal {
        var seal = Seal(
            sequence: sequence, time: time, first: first, lines: sums.count, bytes: bytes, sums: sums,
            previous: previous, digest: .none, isKeyed: key != nil)
        text.append(addingCapacity: Seal.maxLineBytes(lines: sums.count)) { output in
            output.withUnsafeMutableBufferPointer { room, initialized in
                let free = UnsafeMutableBufferPointer(rebasing: room[initialized...])
                var line = LineCursor(free)
                let start = line.next
                seal.writeHead(to: &line)
                hash.update(UnsafeRawBufferPointer(start: start, count: line.next - start))
                seal.digest = hash.finalize()
                seal.writeEnd(to: &line)
                initialized += line.next - start
            }
        }
        previous = seal.digest
        first = seal.sequence + 1
        hash = SealHash(key: key)
        bytes = 0
        sums.removeAll(keepingCapacity: true)
        return seal
    }
}
