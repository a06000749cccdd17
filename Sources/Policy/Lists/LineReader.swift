import Glibc

/// Reads a large file line by line through one buffer, so that loading a list leaves nothing behind but its table.
struct LineReader: ~Copyable {
    private let file: RegularFile
    private let buffer: UnsafeMutableRawBufferPointer
    /// Longer lines are cut here; no host needs that much.
    static let maxLineBytes = 256 << 10
    /// So many lines take a tenth of a millisecond, roughly.
    private static let linesInOneGo: UInt32 = 256

    init(path: String) throws(FileError) {
        file = try RegularFile(path: path)
        buffer = .allocate(byteCount: Self.maxLineBytes, alignment: 8)
    }

    deinit {
        buffer.deallocate()
    }

    /// How many line ends there are, in one quick pass.
    func countLines() throws(FileError) -> Int {
        var lines = 1
        var offset = 0
        while true {
            let count = try file.read(into: buffer, at: offset)
            if count == 0 { return lines }
            giveWay()
            var rest = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            while let end = Self.lineEnd(in: rest) {
                lines += 1
                rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
            }
            offset += count
        }
    }

    /// Calls `body` with each line, from the first, without its LF, CR LF or byte order mark, and its number from 1.
    ///
    /// - Parameters:
    ///   - limit: stop after so many lines.
    ///   - fingerprint: takes in the bytes of the file.
    func forEachLine(
        limit: Int = .max, fingerprint: inout Fingerprint, _ body: (Span<UInt8>, UInt32) -> Void
    ) throws(FileError) {
        var offset = 0
        var held = 0
        var line: UInt32 = 0
        var isSkipping = false
        while true {
            let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[held...]), at: offset)
            fingerprint.absorb(UnsafeRawBufferPointer(rebasing: buffer[held..<held + count]))
            giveWay()
            offset += count
            var rest = UnsafeRawBufferPointer(rebasing: buffer[..<(held + count)])
            while let end = Self.lineEnd(in: rest) ?? (count == 0 && !rest.isEmpty ? rest.count : nil) {
                if !isSkipping {
                    line += 1
                    Self.emit(UnsafeRawBufferPointer(rebasing: rest[..<end]), line, body)
                    if line % Self.linesInOneGo == 0 { giveWay() }
                }
                isSkipping = false
                rest = UnsafeRawBufferPointer(rebasing: rest[min(end + 1, rest.count)...])
                if line >= limit { return }
            }
            if count == 0 { return }
            if rest.count == buffer.count {
                if !isSkipping {
                    line += 1
                    Self.emit(rest, line, body)
                }
                isSkipping = true
                held = 0
            } else {
                held = rest.count
                if held > 0 { memmove(buffer.baseAddress!, rest.baseAddress!, held) }
            }
        }
    }

    // MARK: - Private

    private static func lineEnd(in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, let end = memchr(base, 0x0a, bytes.count) else { return nil }
        return base.distance(to: UnsafeRawPointer(end))
    }

    private static func emit(_ bytes: UnsafeRawBufferPointer, _ line: UInt32, _ body: (Span<UInt8>, UInt32) -> Void) {
        let isMarked = line == 1 && bytes.starts(with: [0xef, 0xbb, 0xbf])
        let start = isMarked ? 3 : 0
        let end = bytes.last == UInt8(ascii: "\r") ? bytes.count - 1 : bytes.count
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<max(start, end)]).bindMemory(to: UInt8.self)
        body(text.span, line)
    }
}
