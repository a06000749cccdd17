import Glibc

/// The system's random numbers, 32 at a time: a name that is looked up needs several, and each on its own is a call to the
/// kernel.
///
/// Spec: getentropy(3).
struct PooledRandom: RandomNumberGenerator {
    private var pool = InlineArray<32, UInt64>(repeating: 0)
    private var left = 0

    mutating func next() -> UInt64 {
        if left == 0 { fill() }
        left -= 1
        return pool[left]
    }

    private mutating func fill() {
        var span = pool.mutableSpan
        span.withUnsafeMutableBytes { bytes in
            // At most 256 bytes, which come whole or not at all.
            guard getentropy(bytes.baseAddress, bytes.count) == 0 else {
                preconditionFailure("the system has no random numbers")
            }
        }
        left = pool.count
    }
}
