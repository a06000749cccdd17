import CDigest
import Glibc

/// SHA-256 of bytes that come in pieces.
///
/// Uses the processor's own instructions where it has them, and rounds in plain Swift where not.
///
/// Spec: FIPS 180-4 §5 and §6.2.
public struct SHA256: Sendable {
    private var state: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// Bytes that don't fill a block yet: the first `count % 64`.
    private var block = InlineArray<64, UInt8>(repeating: 0)
    /// Bytes taken so far.
    private var count: UInt64 = 0
    private let usesInstructions: Bool

    static let hasInstructions = sallyport_has_sha256()

    public init() {
        self.init(usingInstructions: Self.hasInstructions)
    }

    /// - Parameter usingInstructions: must be false where the processor has none.
    init(usingInstructions: Bool) {
        usesInstructions = usingInstructions
    }

    public mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { update($0) }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        let filled = Int(count % 64)
        count += UInt64(bytes.count)
        var taken = 0
        if filled > 0 {
            taken = min(64 - filled, bytes.count)
            fillBlock(from: filled, base, taken)
            guard filled + taken == 64 else { return }
            compressBlock()
        }
        let blocks = (bytes.count - taken) / 64
        if blocks > 0 { compress(base + taken, blocks) }
        taken += blocks * 64
        fillBlock(from: 0, base + taken, bytes.count - taken)
    }

    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of what was taken so far. To go on after it, go on with a copy.
    public consuming func finalize() -> Digest {
        let bits = count * 8
        let filled = Int(count % 64)
        block[filled] = 0x80
        for index in filled + 1..<64 { block[index] = 0 }
        if filled >= 56 {
            compressBlock()
            block = InlineArray(repeating: 0)
        }
        for index in 0..<8 { block[56 + index] = UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * index)) }
        compressBlock()
        return Digest(words: state)
    }

    // MARK: - Private

    private mutating func fillBlock(from start: Int, _ bytes: UnsafeRawPointer, _ count: Int) {
        guard count > 0 else { return }
        var span = block.mutableSpan
        span.withUnsafeMutableBytes { room in
            UnsafeMutableRawBufferPointer(rebasing: room[start..<start + count])
                .copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
        }
    }

    private mutating func compressBlock() {
        let full = block
        full.span.withUnsafeBytes { compress($0.baseAddress!, 1) }
    }

    /// - Parameter blocks: points to `count` times 64 bytes.
    private mutating func compress(_ blocks: UnsafeRawPointer, _ count: Int) {
        let usesInstructions = usesInstructions
        var span = state.mutableSpan
        span.withUnsafeMutableBufferPointer { state in
            SHA256Rounds.constants.withUnsafeBufferPointer { constants in
                if usesInstructions {
                    sallyport_sha256_blocks(
                        state.baseAddress!, constants.baseAddress!, blocks.assumingMemoryBound(to: UInt8.self), count)
                } else {
                    SHA256Rounds.compress(state, constants, blocks, count)
                }
            }
        }
    }
}
